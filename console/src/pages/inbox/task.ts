import type { Task } from "#/client/schema";
import type { Target } from "../subscription/step";

export type Kind = "decide" | "activate" | "revision" | "todo" | "alert";

/** The kinds in the order of the inbox. */
export const KINDS: Kind[] = ["decide", "activate", "revision", "todo", "alert"];

type Needed = "subscription" | "app" | "api" | "environment" | "plan" | "requester" | "subscription_state" | "status";

/** A task that asks for a decision about a subscription: what it is about is there. */
export type Request = Task & { [K in Needed]-?: NonNullable<Task[K]> };

/** The same task, if it asks for a subscription or for other terms of one. */
export function requestOf(task: Task): Request | undefined {
  const { subscription, app, api, environment, plan, requester, subscription_state: state, status } = task;
  const asks = task.kind === "subscription_request" || task.kind === "revision_request";
  if (!asks || !subscription || !app || !api || !environment || !plan || !requester || !state || !status)
    return undefined;
  return { ...task, subscription, app, api, environment, plan, requester, subscription_state: state, status };
}

/** What an item waits for. */
export function kindOf(task: Task): Kind {
  // Other terms that are approved wait for the same as access that is.
  if (task.kind === "revision_request") return task.revision?.state === "approved" ? "activate" : "revision";
  if (task.kind === "todo" || task.kind === "alert") return task.kind;
  return task.subscription_state === "approved" ? "activate" : "decide";
}

/** The subscription that an item is about, as far as a decision needs it. */
export function targetOf(task: Request): Target {
  const { subscription: id, app, api, environment, plan, subscription_state: state } = task;
  return { id, app, api, environment, plan, state };
}

export function allowed(task: Task, action: string): boolean {
  return task.actions.some((offer) => offer.action === action && offer.allowed);
}

/** The items in the order of the list: by what they wait for, each kind oldest first. */
export function ordered(tasks: Task[], open: boolean): Task[] {
  if (!open) return tasks;
  return KINDS.flatMap((kind) => tasks.filter((task) => kindOf(task) === kind));
}

/** The item after this one, or the one before it at the end; none if it is alone. */
export function neighbour(tasks: Task[], id: string | undefined): Task | undefined {
  const at = tasks.findIndex((task) => task.id === id);
  return tasks[at + 1] ?? (at > 0 ? tasks[at - 1] : undefined);
}
