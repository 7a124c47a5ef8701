import {
  Bell,
  Box,
  Boxes,
  Building2,
  Eye,
  Fence,
  FileText,
  Gauge,
  Inbox,
  KeyRound,
  Layers,
  type LucideIcon,
  MapPin,
  Scale,
  ServerCog,
  ShieldCheck,
  Tag,
  User,
  UsersRound,
  Waypoints,
  Webhook,
} from "lucide-react";
import { useEffect } from "react";
import type { Entry, ResourceName } from "#/client/schema";
import { session } from "#/client/session";
import { useText, word } from "#/i18n";
import { clock, day } from "#/i18n/format";
import { Button } from "./button";
import { Chips } from "./chips";
import { Changed } from "./diff";
import { Listed } from "./list";
import { Empty } from "./page";
import { UnreadDot } from "./pill";
import { ResourceLink } from "./resource";
import { Wire, type WireState } from "./wire";

/** Where the feed stands: that resource is not repeated in every entry. */
export type Here = { kind: string; id: string };

type Paged<T> = {
  items: T[];
  loading: boolean;
  error: Error | null;
  more?: (() => void) | undefined;
  loadingMore: boolean;
};

const WIRES: Record<string, WireState> = {
  "subscription.requested": "requested",
  "subscription.resubmitted": "requested",
  "subscription.approved": "approved",
  "subscription.activated": "active",
  "subscription.resumed": "active",
  "subscription.modified": "active",
  "subscription.suspended": "suspended",
  "subscription.rejected": "rejected",
  "subscription.cancelled": "none",
  "subscription.expired": "none",
};

const ICONS: Record<string, LucideIcon> = {
  agreement: Scale,
  api: Box,
  api_group: Layers,
  app: Boxes,
  client: ShieldCheck,
  credential: KeyRound,
  destination: MapPin,
  environment: ServerCog,
  follow: Bell,
  group: UsersRound,
  limit_group: Gauge,
  organization: Building2,
  plan: Tag,
  profile: Fence,
  subscription: Waypoints,
  task: Inbox,
  user: User,
  version: FileText,
  webhook: Webhook,
};

/** Kinds that say more about an entry than its subject alone. */
const TELLING = ["api", "app", "version", "environment", "client", "user"];

/** What the subject's own name says already: a subscription's app and API, a client's service account. */
const JOINED: Record<string, string[]> = {
  subscription: ["api", "app", "user"],
  client: ["user"],
  credential: ["user"],
};

/** What an entry is about, its subject first, without what the reader knows already. */
function about(entry: Entry, here: Here | undefined): ResourceName[] {
  const { subject, touches, actor } = entry;
  const gone = entry.verb.endsWith(".deleted");
  const joined = gone ? ["user"] : (JOINED[subject.kind] ?? []);
  const told = touches.filter((other) => TELLING.includes(other.kind) && !joined.includes(other.kind));
  return [subject, ...told].filter(
    (one, index, all) =>
      one.name != null &&
      !(here?.kind === one.kind && here.id === one.id) &&
      !(one.kind === "user" && one.id === actor.id) &&
      all.findIndex((other) => other.id === one.id) === index,
  );
}

/** What a thing was called that is gone now. */
function formerName({ verb, subject, detail }: Entry): string | undefined {
  if (subject.name || !verb.endsWith(".deleted")) return undefined;
  const { name, before } = (detail ?? {}) as { name?: unknown; before?: { name?: unknown } };
  const known = name ?? before?.name;
  return typeof known === "string" ? known : undefined;
}

/** Who did it, in words: "by you", "by Ada". */
export function useBy(): (actor: Entry["actor"]) => string {
  const { common } = useText();
  return ({ kind, id, name }) => {
    if (kind === "system") return common.by(common.system);
    if (kind === "nobody") return common.feed.byNobody;
    if (id === session().user.id) return common.feed.byYou;
    if (kind === "client" && name) return common.by(common.feed.client(name));
    return common.by(name ?? word(common.kinds, kind));
  };
}

/** The head of a day: "Today", "Yesterday", or its date. */
function useDay(): (at: string) => string {
  const { common } = useText();
  const today = day(new Date().toISOString());
  const yesterday = day(new Date(Date.now() - 86_400_000).toISOString());
  return (at) => {
    const date = day(at);
    return date === today ? common.feed.today : date === yesterday ? common.feed.yesterday : date;
  };
}

function byDay(entries: Entry[]): [string, Entry[]][] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const date = day(entry.at);
    days.set(date, [...(days.get(date) ?? []), entry]);
  }
  return [...days.values()].map((some) => [some[0]?.at ?? "", some]);
}

type FeedProps = {
  entries: Entry[];
  here?: Here;
  label: string;
  /** The entry up to which one has read: what others did since then is marked as new. */
  readThrough?: number | undefined;
};

/** Entries of a board or dashboard, newest first, by day. */
export function Feed({ entries, here, label, readThrough }: FeedProps) {
  const dayOf = useDay();
  return (
    <section aria-label={label}>
      {byDay(entries).map(([at, some]) => (
        <div key={at} className="mb-5">
          <p className="mb-1.5 text-sm text-muted">{dayOf(at)}</p>
          <ol aria-label={dayOf(at)} className="rounded-xl border border-line bg-surface">
            {some.map((entry) => (
              <Item key={entry.seq} entry={entry} here={here} fresh={isFresh(entry, readThrough)} />
            ))}
          </ol>
        </div>
      ))}
    </section>
  );
}

/** Whether somebody else did it since one has read last. */
export function isFresh(entry: Entry, readThrough: number | undefined): boolean {
  return readThrough !== undefined && entry.seq > readThrough && entry.actor.id !== session().user.id;
}

function Item({ entry, here, fresh }: { entry: Entry; here: Here | undefined; fresh: boolean }) {
  const { common } = useText();
  const by = useBy();
  const objects = about(entry, here);
  const former = formerName(entry);
  const wire = WIRES[entry.verb];
  const Icon = ICONS[entry.verb.startsWith("follow.") ? "follow" : entry.subject.kind] ?? Eye;
  return (
    <li className="grid grid-cols-[5.5rem_minmax(0,1fr)_auto] items-start gap-x-4 border-b border-line px-4 py-3 last:border-b-0 max-sm:grid-cols-[minmax(0,1fr)_auto]">
      <span className="flex h-5.5 items-center max-sm:col-span-full max-sm:mb-1">
        {wire ? (
          <Wire state={wire} />
        ) : (
          <Icon size={18} aria-hidden="true" className="mx-auto text-muted max-sm:mx-0" />
        )}
      </span>
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p>
          {fresh ? (
            <>
              <UnreadDot />{" "}
            </>
          ) : null}
          <span className="font-semibold">{word(common.verbs, entry.verb)}</span>
          {former ? <span className="text-muted">{` · ${former}`}</span> : null}
          {objects.map((one) => (
            <span key={`${one.kind} ${one.id}`}>
              <span aria-hidden="true" className="text-muted">
                {" · "}
              </span>
              <ResourceLink of={one} />
            </span>
          ))}
        </p>
        <p className="text-sm text-muted">{by(entry.actor)}</p>
        {entry.note ? (
          <blockquote className="mt-1.5 max-w-[62ch] border-l-3 border-line pl-3 whitespace-pre-line">
            {entry.note}
          </blockquote>
        ) : null}
        <Changed entry={entry} />
      </div>
      <time dateTime={entry.at} className="text-sm whitespace-nowrap text-muted">
        {clock(entry.at)}
      </time>
    </li>
  );
}

/** Which kinds of entry to see; the choice belongs to the address. */
export function KindFilter({
  kinds,
  kind,
  onKind,
}: {
  kinds: string[];
  kind: string | undefined;
  onKind: (kind: string | undefined) => void;
}) {
  const { common } = useText();
  return (
    <Chips
      label={common.feed.filter}
      value={kind ?? ""}
      onValue={(value) => onKind(value || undefined)}
      options={[
        { value: "", label: common.feed.allKinds },
        ...kinds.map((one) => ({ value: one, label: word(common.kinds, one) })),
      ]}
    />
  );
}

/** A board: its entries with paging, its filter, and what stands there when there is nothing. */
export function Board({
  list,
  here,
  label,
  emptyHint,
  kinds,
  kind,
  onKind,
  readThrough,
}: {
  list: Paged<Entry>;
  here?: Here;
  label: string;
  emptyHint: string;
  kinds?: string[];
  kind?: string;
  onKind?: (kind: string | undefined) => void;
  readThrough?: number | undefined;
}) {
  const { common } = useText();
  // A page of entries may be empty and still have another one: what is on it is not for this reader.
  const { items, more, loadingMore } = list;
  useEffect(() => {
    if (items.length === 0 && more && !loadingMore) more();
  }, [items.length, more, loadingMore]);
  const empty =
    kind && onKind ? (
      <Empty
        title={common.feed.noneOfKind}
        action={<Button onClick={() => onKind(undefined)}>{common.feed.showAll}</Button>}
      >
        {common.feed.noneOfKindHint}
      </Empty>
    ) : (
      <Empty title={common.feed.emptyTitle}>{emptyHint}</Empty>
    );
  return (
    <>
      {kinds && onKind ? <KindFilter kinds={kinds} kind={kind} onKind={onKind} /> : null}
      <Listed list={{ ...list, loading: list.loading || (items.length === 0 && more !== undefined) }} empty={empty}>
        <Feed entries={items} here={here} label={label} readThrough={readThrough} />
      </Listed>
    </>
  );
}
