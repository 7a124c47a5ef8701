import { ChevronDown, ChevronRight } from "lucide-react";
import {
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Reference, ReferenceOperation, ReferenceWebhook } from "#/client/schema";
import { useReader } from "#/i18n/reader";
import { SearchBox } from "#/ui/search";
import { groups, search, webhookKey } from "./operation";

/** With more operations than this, groups are closed until one opens them. */
const MOST_OPEN = 60;
/** More finds are not listed: another word finds better. */
const MOST_FOUND = 200;

type Props = {
  reference: Reference;
  /** The name of the operation that is shown, or nothing. */
  current: string;
  query: string;
  /** The address of an operation; of the overview for an empty name. */
  href: (name: string) => string;
  onOpen: (name: string) => void;
  onQuery: (query: string) => void;
};

/** Every operation by its group, searched, with one entry marked as the current one. */
export function Contents({ reference, current, query, href, onOpen, onQuery }: Props) {
  const reader = useReader();
  const list = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const found = useMemo(() => search(reference.operations, query), [reference, query]);
  const all = useMemo(
    () => groups(reference, found.slice(0, query ? MOST_FOUND : found.length)),
    [reference, found, query],
  );
  const whole = query !== "" || reference.operations.length <= MOST_OPEN;
  const entry = { current, href, onOpen };
  useSight(scroller, current);
  return (
    <nav
      ref={list}
      aria-label={reader.contents}
      onKeyDown={(event) => step(event, list.current)}
      className="flex max-h-[70dvh] flex-col lg:max-h-[calc(100dvh-3.5rem)]"
    >
      {reference.operations.length > 1 ? <SearchBox label={reader.find} value={query} onValue={onQuery} /> : null}
      <p role="status" className={query ? "mb-2 text-sm text-muted" : "sr-only"}>
        {query ? (found.length > 0 ? reader.found(found.length) : reader.nothingFound) : ""}
      </p>
      <div ref={scroller} className="-mx-2 min-h-0 overflow-y-auto px-2 pb-1">
        {query ? null : (
          <ul className="mb-3">
            <Entry {...entry} name="" method="" label={reader.overview} />
          </ul>
        )}
        {all.map((group) => (
          <Group
            key={group.tag}
            title={group.tag || (all.length > 1 ? reader.ungrouped : reader.contents)}
            operations={group.operations}
            whole={whole}
            {...entry}
          />
        ))}
        {found.length > MOST_FOUND && query ? (
          <p className="text-sm text-muted">{reader.moreFound(found.length - MOST_FOUND)}</p>
        ) : null}
        {!query && reference.webhooks.length > 0 ? <Webhooks webhooks={reference.webhooks} {...entry} /> : null}
      </div>
    </nav>
  );
}

/** Brings the current entry into sight, in the list's own scroller and nowhere else. */
function useSight(list: RefObject<HTMLElement | null>, current: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another entry is the current one
  useEffect(() => {
    const scroller = list.current;
    const entry = list.current?.querySelector('[aria-current="page"]');
    if (!scroller || !entry) return;
    const [frame, box] = [scroller.getBoundingClientRect(), entry.getBoundingClientRect()];
    const seen = Math.min(frame.bottom, window.innerHeight);
    if (box.top >= frame.top && box.bottom <= seen) return;
    scroller.scrollTop += box.top - frame.top - (seen - frame.top) / 3;
  }, [list, current]);
}

/** The arrow keys go from entry to entry. */
function step(event: KeyboardEvent, list: HTMLElement | null) {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (by === 0 || !list) return;
  const stops = [...list.querySelectorAll<HTMLElement>("input, a, button")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const next = stops[at + by];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

type EntryProps = Pick<Props, "current" | "href" | "onOpen">;

function Group({
  title,
  operations,
  whole,
  ...entry
}: EntryProps & { title: string; operations: ReferenceOperation[]; whole: boolean }) {
  const id = useId();
  const holds = operations.some((operation) => operation.name === entry.current);
  const [opened, setOpened] = useState<boolean>();
  const open = whole || (opened ?? holds);
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <div className={whole ? "mb-3" : "mb-0.5"}>
      <div id={id} className="text-sm font-semibold [overflow-wrap:anywhere]">
        {whole ? (
          title
        ) : (
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpened(!open)}
            className="flex min-h-8 w-full items-center gap-1.5 rounded-md text-left hover:bg-sunken"
          >
            <Icon size={14} aria-hidden="true" className="shrink-0" />
            <span className="min-w-0 flex-1">{title}</span>
            <span className="px-1.5 font-normal text-muted">{operations.length}</span>
          </button>
        )}
      </div>
      {open ? (
        <ul aria-labelledby={id} className="mt-0.5">
          {operations.map((operation) => (
            <Entry
              key={operation.name}
              {...entry}
              name={operation.name}
              method={operation.method}
              label={operation.summary || operation.path}
              deprecated={operation.deprecated}
            />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Webhooks({ webhooks, ...entry }: EntryProps & { webhooks: ReferenceWebhook[] }) {
  const reader = useReader();
  const id = useId();
  return (
    <div className="mb-3">
      <p id={id} className="text-sm font-semibold">
        {reader.webhooks}
      </p>
      <p className="text-xs text-muted">{reader.webhooksHint}</p>
      <ul aria-labelledby={id} className="mt-0.5">
        {webhooks.map((webhook) => (
          <Entry
            key={webhookKey(webhook)}
            {...entry}
            name={webhookKey(webhook)}
            method={webhook.method}
            label={webhook.summary || webhook.name}
          />
        ))}
      </ul>
    </div>
  );
}

/** A plain link: there may be hundreds, and each of the router's own listens to every navigation. */
function Entry({
  name,
  method,
  label,
  deprecated,
  current,
  href,
  onOpen,
}: EntryProps & { name: string; method: string; label: string; deprecated?: boolean }) {
  const reader = useReader();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen(name);
  };
  const isCurrent = name === current;
  return (
    <li>
      <a
        href={href(name)}
        onClick={follow}
        aria-current={isCurrent ? "page" : undefined}
        className={`flex min-h-7 items-baseline gap-2 rounded-md px-2 py-0.5 text-sm [overflow-wrap:anywhere] ${isCurrent ? "bg-accent-soft font-semibold text-accent" : "hover:bg-sunken"}`}
      >
        {method ? <span className="shrink-0 font-mono text-xs">{method}</span> : null}
        <span className={`min-w-0 ${deprecated ? "line-through" : ""}`}>{label}</span>
        {deprecated ? <span className="sr-only">{reader.deprecated}</span> : null}
      </a>
    </li>
  );
}
