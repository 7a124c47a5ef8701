import { useNavigate } from "@tanstack/react-router";
import { ArrowLeft, X } from "lucide-react";
import { Fragment, type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { useText } from "#/i18n";
import { Button, IconButton } from "./button";
import { Listed, type Paged, Waiting } from "./list";
import { Empty, PageHead } from "./page";
import { ProblemBanner } from "./problem";
import { Refused } from "./refused";

const WIDE = "(min-width: 64rem)";

/** Whether there is room for a list and an item beside each other. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(WIDE);
      query.addEventListener("change", changed);
      return () => query.removeEventListener("change", changed);
    },
    () => window.matchMedia(WIDE).matches,
  );
}

/** A list and, beside it, the item that the address names (`panel`). On a narrow screen the item is a page of its own. */
export function Beside({ list, panel, narrow }: { list: ReactNode; panel: ReactNode | undefined; narrow?: boolean }) {
  const columns = narrow
    ? "lg:grid-cols-[minmax(18rem,20.5rem)_minmax(0,1fr)]"
    : "lg:grid-cols-[minmax(0,1fr)_minmax(22rem,28rem)]";
  if (!panel) return list;
  return (
    <div className={`grid items-start gap-5 ${columns}`}>
      <div className="min-w-0 max-lg:hidden">{list}</div>
      <div className="min-w-0 lg:sticky lg:top-17">{panel}</div>
    </div>
  );
}

type PanelProps = {
  title: ReactNode;
  onClose: () => unknown;
  /** Where "back" leads, for a narrow screen: "Inbox". */
  back: string;
  /** Whether the heading takes the focus when the panel opens; `item` is what it shows. */
  focus?: boolean;
  item: string;
  /** Before the title: a wire. */
  lead?: ReactNode;
  state?: ReactNode;
  /** Beside the list there is always an item: no cross closes it. */
  stays?: boolean;
  children: ReactNode;
};

/** The item beside the list. It has a heading that takes the focus, and a way back. */
export function Panel({ title, onClose, back, focus = true, item, lead, state, stays, children }: PanelProps) {
  const { common } = useText();
  const head = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another item is another panel
  useEffect(() => {
    if (focus) head.current?.focus({ preventScroll: true });
  }, [focus, item]);
  return (
    <section aria-label={typeof title === "string" ? title : undefined}>
      <Button small kind="quiet" onClick={onClose} className="mb-2 -ml-2 lg:hidden">
        <ArrowLeft size={16} aria-hidden="true" />
        {back}
      </Button>
      <div className="rounded-xl border border-line bg-surface p-5 max-sm:p-4">
        <div className="mb-3 flex items-start gap-3">
          <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1.5">
            {lead}
            <h2 ref={head} tabIndex={-1} className="min-w-0 text-lg font-bold outline-none [overflow-wrap:anywhere]">
              {title}
            </h2>
            {state}
          </div>
          {stays ? null : (
            <IconButton label={common.close} onClick={onClose} className="-mt-1 -mr-1 max-lg:hidden">
              <X size={18} aria-hidden="true" />
            </IconButton>
          )}
        </div>
        {children}
      </div>
    </section>
  );
}

type FoundProps<T> = Omit<PanelProps, "children"> & {
  /** What the server answered about the item. */
  found: { data?: T | undefined; error: Error | null };
  /** What is shown for `new`. */
  fresh: ReactNode;
  children: (data: T) => ReactNode;
};

/** The panel of an item that is read, or of one that is made: `new`. */
export function FoundPanel<T>({ found, fresh, children, ...panel }: FoundProps<T>) {
  return (
    <Panel {...panel}>
      {panel.item === "new" ? (
        fresh
      ) : found.error ? (
        <ProblemBanner error={found.error} />
      ) : found.data ? (
        children(found.data)
      ) : (
        <Waiting />
      )}
    </Panel>
  );
}

/** Closing gives the focus back to the row that was opened: it carries `data-item`. */
export function useReturn(item: string | undefined) {
  const before = useRef(item);
  useEffect(() => {
    const was = before.current;
    before.current = item;
    if (item !== undefined || was === undefined) return;
    document.querySelector<HTMLElement>(`[data-item="${CSS.escape(was)}"]`)?.focus();
  }, [item]);
}

/** Opens and closes the item of the page's address; the list stays where it is. */
export function useItem<S extends { item?: string }>(search: S) {
  const navigate = useNavigate();
  const go = (item: string | undefined) =>
    navigate({ to: ".", search: { ...search, item } as never, resetScroll: false });
  return { open: (item: string) => void go(item), close: () => go(undefined) };
}

/** The item that is open in the panel, and how it is closed or followed by the one that was made. */
export type Opened = { item: string; onClose: () => unknown; onMade: (id: string) => void };

type CollectionProps = {
  /** Its words: the head, the way to a new one, and what is said while there is none. */
  text: { title: string; sub: string; create: string; empty: string; emptyHint: string };
  /** What the address says is open. */
  search: { item?: string };
  list: Paged;
  /** Why the reader makes none. */
  denied?: string | undefined;
  rows: ReactNode;
  panel: (opened: Opened) => ReactNode;
};

/** A page of things of one kind: the list, and one of them, or a new one, open beside it. */
export function Collection({ text, search, list, denied, rows, panel }: CollectionProps) {
  const { item } = search;
  const { open, close } = useItem(search);
  useReturn(item);
  const create = denied ? (
    <Refused reason={denied}>{text.create}</Refused>
  ) : (
    <Button kind="primary" data-item="new" onClick={() => open("new")}>
      {text.create}
    </Button>
  );
  const empty = (
    <Empty title={text.empty} action={denied ? undefined : create}>
      {text.emptyHint}
    </Empty>
  );
  return (
    <>
      <PageHead title={text.title} sub={text.sub} actions={create} />
      <Beside
        list={
          <Listed list={list} empty={empty}>
            {rows}
          </Listed>
        }
        panel={item ? <Fragment key={item}>{panel({ item, onClose: close, onMade: open })}</Fragment> : undefined}
      />
    </>
  );
}
