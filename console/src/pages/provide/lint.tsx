import { useState } from "react";
import { useText, word } from "#/i18n";
import { number } from "#/i18n/format";
import { Button } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Properties } from "#/ui/page";
import { Pill, type Tone } from "#/ui/pill";
import type { Checked, Note } from "./check";

const TONES: Record<string, Tone> = { error: "bad", warning: "wait" };
/** How many notes are shown before one asks for all. */
const FEW = 8;

/** What the check says about a document: advice, with the line that it is about. */
export function Lint({ notes }: { notes: Note[] }) {
  const { lint } = useText().provide;
  const [severity, setSeverity] = useState("");
  const [all, setAll] = useState(false);
  if (notes.length === 0) return <p className="text-ok">{lint.none}</p>;
  const severities = [...new Set(notes.map((note) => note.severity))];
  const chosen = notes.filter((note) => severity === "" || note.severity === severity);
  const shown = all ? chosen : chosen.slice(0, FEW);
  const count = (wanted: string) => number(notes.filter((note) => wanted === "" || note.severity === wanted).length);
  return (
    <>
      <p className="mb-3">
        <span className="font-semibold">{lint.count(notes.length)}</span>{" "}
        <span className="text-muted">{lint.advice}</span>
      </p>
      {severities.length > 1 ? (
        <Chips
          label={lint.severity}
          value={severity}
          onValue={setSeverity}
          options={["", ...severities].map((value) => ({
            value,
            label: value === "" ? lint.all : word(lint.severities, value),
            count: count(value),
          }))}
        />
      ) : null}
      <ol className="rounded-xl border border-line bg-surface">
        {shown.map((note, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the notes of one document do not change their order
          <li key={at} className="border-b border-line px-4 py-2.5 last:border-b-0">
            <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
              <Pill tone={TONES[note.severity] ?? "go"}>{word(lint.severities, note.severity)}</Pill>
              <span className="font-semibold">{note.line ? lint.line(number(note.line)) : lint.noLine}</span>
              <code className="min-w-0 font-mono text-muted [overflow-wrap:anywhere]">{note.pointer || "/"}</code>
            </p>
            <p className="mt-1 [overflow-wrap:anywhere]">{note.detail}</p>
          </li>
        ))}
      </ol>
      {shown.length < chosen.length ? (
        <Button kind="quiet" className="mt-2" onClick={() => setAll(true)}>
          {lint.more(number(chosen.length))}
        </Button>
      ) : null}
    </>
  );
}

/** What is in a document. */
export function Facts({ of }: { of: Checked }) {
  const { lint } = useText().provide;
  return (
    <Properties
      items={[
        [lint.titleFact, of.title],
        [lint.versionFact, lint.versionName(of.version, of.name)],
        [lint.operations, number(of.operations)],
        [lint.format, lint.formatFact(of.format, of.dialect)],
      ]}
    />
  );
}
