import { Link } from "@tanstack/react-router";
import type { Version } from "#/client/schema";
import { useText, word } from "#/i18n";
import { day } from "#/i18n/format";
import { Pill, type Tone } from "./pill";

const TONE: Record<string, Tone> = { draft: "off", published: "ok", deprecated: "hold", retired: "bad" };

/** Where a version stands, and when it ends. */
export function VersionState({ version }: { version: Pick<Version, "state" | "ending"> }) {
  const { versions } = useText();
  const { state, ending } = version;
  const when =
    state === "retired" && ending?.retired_at
      ? versions.ended(day(ending.retired_at))
      : state === "deprecated"
        ? ending?.sunset_at
          ? versions.ends(day(ending.sunset_at))
          : versions.noDate
        : "";
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <Pill tone={TONE[state] ?? "off"}>{word(versions.states, state)}</Pill>
      {when ? <span className="text-sm text-muted">{when}</span> : null}
    </span>
  );
}

/** Says that a version is on its way out, until when it answers, and where to go. Nothing for all others. */
export function EndingNotice({ api, version }: { api: string; version: Version }) {
  const { versions } = useText();
  const { ending } = version;
  if (!ending) return null;
  const retired = version.state === "retired";
  return (
    <div
      role="note"
      className={`mb-5 rounded-md border-l-4 px-4 py-3 ${retired ? "border-bad bg-bad-soft" : "border-hold bg-hold-soft"}`}
    >
      <p className="font-semibold">
        {retired ? versions.retiredTitle(version.name) : versions.deprecatedTitle(version.name)}
      </p>
      <p>
        {retired ? versions.retiredText : versions.deprecatedText(ending.sunset_at ? day(ending.sunset_at) : undefined)}
      </p>
      <p className="mt-1 flex flex-wrap gap-x-4">
        {ending.successor ? (
          <Link
            to="/apis/$api/reference"
            params={{ api }}
            search={{ version: ending.successor.name }}
            className="font-semibold underline"
          >
            {versions.successor(ending.successor.name)}
          </Link>
        ) : null}
        {ending.link ? (
          <a href={ending.link} rel="noreferrer" className="underline">
            {versions.more}
          </a>
        ) : null}
      </p>
    </div>
  );
}
