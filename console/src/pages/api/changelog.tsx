import { Link } from "@tanstack/react-router";
import type { ChangelogItem } from "#/client/schema";
import { useList } from "#/client/use";
import { useText, word } from "#/i18n";
import { day, number } from "#/i18n/format";
import { Listed } from "#/ui/list";
import { Empty } from "#/ui/page";
import { When } from "#/ui/time";
import { useApi } from "./use";

/** What callers of the API notice, the newest first. */
export function ApiChangelog() {
  const { changelog } = useText().versions;
  const api = useApi();
  const list = useList("/api/v1/apis/{id}/changelog", { params: { path: { id: api.id }, query: {} } });
  return (
    <Listed list={list} empty={<Empty title={changelog.empty}>{changelog.emptyHint}</Empty>}>
      <ol aria-label={changelog.title} className="max-w-[48rem] border-l border-line pl-5">
        {list.items.map((item) => (
          <Line key={item.seq} item={item} api={api.id} />
        ))}
      </ol>
    </Listed>
  );
}

function Line({ item, api }: { item: ChangelogItem; api: string }) {
  const { versions } = useText();
  const { changelog } = versions;
  const say = changelog.lines[item.verb];
  const place = item.environment?.name ?? "";
  const line = say?.(item.version.name, place, number(item.revision ?? 1)) ?? word({}, item.verb);
  const retired = item.verb === "version.retired";
  const facts = [
    item.sunset_at && !retired ? versions.ends(day(item.sunset_at)) : "",
    item.before_revision && item.before_revision !== item.revision ? changelog.was(item.before_revision) : "",
  ].filter(Boolean);
  return (
    <li className="pb-5">
      <p className="text-sm text-muted">
        <When at={item.at} />
        {item.actor.name ? ` · ${item.actor.name}` : ""}
      </p>
      <p className="font-semibold">
        <Link
          to="/apis/$api/reference"
          params={{ api }}
          search={{ version: item.version.name }}
          className="hover:underline"
        >
          {line}
        </Link>
      </p>
      {facts.length > 0 ? <p>{facts.join(" · ")}</p> : null}
      {item.successor ? <p>{versions.successorIs(item.successor)}</p> : null}
      {item.note ? <p className="mt-1 border-l-2 border-line pl-3 whitespace-pre-line">{item.note}</p> : null}
    </li>
  );
}
