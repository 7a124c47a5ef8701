import type { Entry } from "#/client/schema";
import { useText } from "#/i18n";

type Members = Record<string, unknown>;
type Difference = { member: string; before: string; after: string };

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown, empty: string): string {
  if (value === null || value === undefined || value === "") return empty;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The members that differ between before and after. Who only made something has no before: nothing to compare. */
export function differences(detail: unknown, empty: string): Difference[] {
  if (!isMembers(detail)) return [];
  const { before, after } = detail;
  if (!isMembers(before) || !isMembers(after)) return [];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((member) => JSON.stringify(before[member]) !== JSON.stringify(after[member]))
    .map((member) => ({ member, before: text(before[member], empty), after: text(after[member], empty) }));
}

/** What an edit changed, member by member, behind a disclosure. */
export function Changed({ entry }: { entry: Entry }) {
  const { common } = useText();
  const changed = differences(entry.detail, common.feed.empty);
  if (changed.length === 0) return null;
  return (
    <details className="mt-1 text-sm">
      <summary className="w-fit cursor-pointer text-muted hover:text-ink">{common.feed.changed}</summary>
      <dl className="mt-1 grid gap-1.5 border-l-3 border-line pl-3">
        {changed.map(({ member, before, after }) => (
          <div key={member}>
            <dt>
              <code className="font-mono">{member}</code>
            </dt>
            <dd>
              <span className="sr-only">{common.feed.from}</span>
              <del className="text-muted">{before}</del>
              <span aria-hidden="true">{" → "}</span>
              <span className="sr-only">{common.feed.to}</span>
              <ins className="no-underline">{after}</ins>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
