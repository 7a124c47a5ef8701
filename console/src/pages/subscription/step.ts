import { useCallback, useState } from "react";
import { problemOf } from "#/client/problem";
import type { Named, Subscription } from "#/client/schema";
import { useWrite } from "#/client/use";
import { may } from "./shape";

/** Refusals that say: it is no longer as you saw it. */
const OVERTAKEN = ["wrong-state", "lost-race", "stale"];

export function isOvertaken(error: unknown): boolean {
  return OVERTAKEN.includes(problemOf(error).code);
}

/** What a step needs to know of a subscription: lists and inbox items know as much. */
export type Target = {
  id: string;
  app: Named;
  api: Named;
  environment: Named;
  plan: Named;
  state: string;
  suspended_by?: string | null;
};

/** Whether this end has passed: what asked for it is approved only with another one. */
export function isOver(end: string | null | undefined): boolean {
  return end != null && new Date(end).getTime() <= Date.now();
}

export type Words = {
  comment?: string;
  /** For `modify`: the plan that it is to have. */
  plan?: string;
  /** For `modify` and `approve`: when it is to end; null is never, left out is as before. */
  endsAt?: string | null;
  /** After an approval, where the server then offers it. */
  activateToo?: boolean;
};

export type Outcome = {
  subscription: Subscription;
  /** What was done: two steps where the activation followed the approval. */
  steps: string[];
  /** Why the activation that should have followed was refused. */
  halfway?: unknown;
};

/** Takes one step of a subscription, or two: every way to decide goes through here. */
export function useStep() {
  const act = useWrite("post", "/api/v1/subscriptions/{id}/{action}");
  const change = useWrite("patch", "/api/v1/subscriptions/{id}");
  const [halting, setHalting] = useState(false);
  const run = useCallback(
    async (of: Target, action: string, words: Words): Promise<Outcome> => {
      const comment = words.comment?.trim() || undefined;
      const said = comment ? { comment } : {};
      const body = words.endsAt === undefined ? said : { ...said, ends_at: words.endsAt };
      if (action === "modify") {
        const plan = words.plan ? { plan: words.plan } : {};
        const answer = await change.run({ params: { path: { id: of.id } }, body: { ...plan, ...body } });
        return { subscription: answer, steps: [action] };
      }
      setHalting(true);
      try {
        const first = await act.run({ params: { path: { id: of.id, action } }, body });
        if (action !== "approve" || !words.activateToo || !may(first, "activate")) {
          return { subscription: first, steps: [action] };
        }
        try {
          const second = await act.run({ params: { path: { id: of.id, action: "activate" } }, body: {} });
          return { subscription: second, steps: [action, "activate"] };
        } catch (halfway) {
          return { subscription: first, steps: [action], halfway };
        }
      } finally {
        setHalting(false);
      }
    },
    [act.run, change.run],
  );
  const reset = useCallback(() => {
    act.reset();
    change.reset();
  }, [act.reset, change.reset]);
  return { run, busy: halting || change.busy, error: act.error ?? change.error, reset };
}
