import type { Task } from "#/client/schema";
import type { Target } from "../subscription/step";

export type Kind = "decide" | "activate";

/** What an open item waits for. */
export function kindOf(task: Task): Kind {
  return task.subscription_state === "approved" ? "activate" : "decide";
}

/** The subscription that an item is about, as far as a decision needs it. */
export function targetOf(task: Task): Target {
  const { subscription: id, app, api, environment, plan, subscription_state: state } = task;
  return { id, app, api, environment, plan, state };
}

export function allowed(task: Task, action: string): boolean {
  return task.actions.some((offer) => offer.action === action && offer.allowed);
}

/** The items in the order of the list: what waits for a decision first, each kind oldest first. */
export function ordered(tasks: Task[], open: boolean): Task[] {
  if (!open) return tasks;
  return [...tasks.filter((task) => kindOf(task) === "decide"), ...tasks.filter((task) => kindOf(task) === "activate")];
}

/** The item after this one, or the one before it at the end; none if it is alone. */
export function neighbour(tasks: Task[], id: string | undefined): Task | undefined {
  const at = tasks.findIndex((task) => task.id === id);
  return tasks[at + 1] ?? (at > 0 ? tasks[at - 1] : undefined);
}
