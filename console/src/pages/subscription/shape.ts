import type { HistoryEntry, Subscription } from "#/client/schema";
import type { Messages } from "#/i18n";
import type { Happening } from "#/ui/thread";
import { ending } from "./lastday";

const TONES: Record<string, Happening["tone"]> = {
  "subscription.requested": "wait",
  "subscription.resubmitted": "wait",
  "subscription.approved": "go",
  "subscription.activated": "ok",
  "subscription.resumed": "ok",
  "subscription.suspended": "hold",
  "subscription.rejected": "bad",
  "subscription.revision_requested": "wait",
  "subscription.revision_approved": "go",
  "subscription.revision_activated": "ok",
  "subscription.revision_rejected": "bad",
  "subscription.ending": "wait",
};

/** What is said of an entry after the name of whoever did it. */
export function didWords(entry: HistoryEntry, { subscription }: Messages): string {
  const { plan_before: before, plan: after } = entry;
  if (entry.verb === "subscription.modified" && before?.name && after?.name && before.id !== after.id) {
    return subscription.planChange(before.name, after.name);
  }
  if (entry.verb === "subscription.ending" && entry.days) return subscription.reminded(entry.days);
  const isNew = entry.verb === "subscription.modified" && entry.ends_at !== entry.ends_before;
  if (isNew && (entry.ends_at || entry.ends_before)) {
    const end = (at: string | null | undefined) => (at ? ending(at) : subscription.endsNever);
    return subscription.newEnd(end(entry.ends_before), end(entry.ends_at));
  }
  return subscription.did[entry.verb] ?? entry.verb;
}

/** The history as a thread shows it: steps and words; that somebody has read something is no news to the others. */
export function happenings(entries: HistoryEntry[], text: Messages): Happening[] {
  return entries
    .filter((entry) => entry.verb !== "subscription.read")
    .map((entry) => ({
      key: entry.seq,
      at: entry.at,
      actor: entry.actor,
      words: didWords(entry, text),
      side: entry.side && entry.side !== "system" ? text.subscription.sides[entry.side] : undefined,
      comment: entry.comment,
      tone: TONES[entry.verb],
    }));
}

/** The last step that changed the state or the terms: what somebody else was faster with. */
export function lastStep(entries: HistoryEntry[]): HistoryEntry | undefined {
  const quiet = ["subscription.commented", "subscription.read"];
  return entries.filter((entry) => !quiet.includes(entry.verb)).at(-1);
}

export function may(subscription: Subscription, action: string): boolean {
  return subscription.actions.some((offer) => offer.action === action && offer.allowed);
}

/** Whether the caller speaks for the API: then the server says that approving is theirs, now or in another state. */
export function speaksForApi(subscription: Subscription): boolean {
  return subscription.actions.some((offer) => offer.action === "approve" && offer.reason !== "not_your_side");
}
