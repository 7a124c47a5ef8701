import type { ReactNode } from "react";
import { useText } from "#/i18n";
import { Button } from "./button";
import { ProblemBanner } from "./problem";

/** A list that comes page by page. */
export type Paged = {
  loading: boolean;
  error: Error | null;
  more?: (() => void) | undefined;
  loadingMore: boolean;
  items: unknown[];
};

/**
 * The rows of a ledger. All rows share the columns of the list (`columns`: a `grid-template-columns` class), so they
 * align; on a narrow screen each row is a block of its own.
 */
export function Rows({ columns, label, children }: { columns: string; label: string; children: ReactNode }) {
  return (
    <ul
      aria-label={label}
      className={`grid gap-x-5 overflow-hidden rounded-xl border border-line bg-surface max-md:grid-cols-1 ${columns}`}
    >
      {children}
    </ul>
  );
}

export function Row({
  children,
  marked,
  className = "",
}: {
  children: ReactNode;
  marked?: boolean;
  className?: string;
}) {
  return (
    <li
      className={`col-span-full grid min-h-(--row) grid-cols-subgrid items-center border-b border-line px-4 py-2 last:border-b-0 max-md:flex max-md:flex-wrap max-md:gap-x-3 max-md:gap-y-2 ${marked ? "bg-accent-soft" : ""} ${className}`}
    >
      {children}
    </li>
  );
}

/** The names of the columns; a narrow screen has no columns and shows none. */
export function RowHead({ names }: { names: string[] }) {
  return (
    <li
      aria-hidden="true"
      className="col-span-full grid grid-cols-subgrid border-b border-line px-4 py-2 text-sm text-muted max-md:hidden"
    >
      {names.map((name, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
        <span key={index}>{name}</span>
      ))}
    </li>
  );
}

/** A title with a line below it, the first cell of most rows. */
export function Cell({ title, sub, className = "" }: { title: ReactNode; sub?: ReactNode; className?: string }) {
  return (
    <div className={`min-w-0 ${className}`}>
      <div className="font-semibold [overflow-wrap:anywhere]">{title}</div>
      {sub ? <div className="text-sm text-muted [overflow-wrap:anywhere]">{sub}</div> : null}
    </div>
  );
}

/** What stands around every paged list: loading, failure, emptiness, and the next page. */
export function Listed({ list, empty, children }: { list: Paged; empty: ReactNode; children: ReactNode }) {
  const { common } = useText();
  if (list.error) return <ProblemBanner error={list.error} />;
  if (list.loading) return <Waiting />;
  if (list.items.length === 0) return empty;
  return (
    <>
      {children}
      {list.more ? (
        <div className="mt-3 text-center">
          <Button onClick={list.more} busy={list.loadingMore}>
            {common.more}
          </Button>
        </div>
      ) : null}
    </>
  );
}

/** Three grey lines in the shape of what comes. */
export function Waiting() {
  const { common } = useText();
  return (
    <div role="status" className="rounded-xl border border-line bg-surface p-4">
      <span className="sr-only">{common.loading}</span>
      {["w-2/5", "w-3/5", "w-1/3"].map((width) => (
        <div key={width} className={`my-3 h-3 animate-pulse rounded bg-sunken ${width}`} />
      ))}
    </div>
  );
}
