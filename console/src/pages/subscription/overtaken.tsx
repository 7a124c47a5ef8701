import { useState } from "react";
import { useMaybe } from "#/client/use";
import { useText, word } from "#/i18n";
import { Waiting } from "#/ui/list";
import { StatusPill } from "#/ui/pill";
import { ProblemBanner } from "#/ui/problem";
import { useName } from "#/ui/thread";
import { When } from "#/ui/time";
import { Wire, wireOf } from "#/ui/wire";
import { didWords, lastStep } from "./shape";

type OvertakenProps = {
  subscription: string;
  /** What was tried, in which state, and what the server said. */
  action: string;
  before: string;
  error: unknown;
};

/**
 * Somebody was faster: who, with what, when, and how it stands now. Where nothing has changed meanwhile there is another
 * reason, which the server names.
 */
export function Overtaken({ subscription: id, action, before, error }: OvertakenProps) {
  const text = useText();
  const { subscription, common } = text;
  const name = useName();
  const path = { id };
  const [since] = useState(Date.now);
  const now = useMaybe("/api/v1/subscriptions/{id}", { params: { path } });
  const history = useMaybe("/api/v1/subscriptions/{id}/history", { params: { path } });
  // What was known before the refusal says nothing; what is read again later must not hide this.
  if (now.isFetching && now.dataUpdatedAt < since) return <Waiting />;
  if (now.data?.state === before) return <ProblemBanner error={error} />;
  const last = history.data ? lastStep(history.data.items) : undefined;
  return (
    <div role="alert" className="mb-4 rounded-md border-l-4 border-hold bg-hold-soft px-4 py-3">
      <p className="font-semibold">{subscription.act.overtaken}</p>
      {last ? (
        <p>
          {subscription.act.overtakenBy(name(last.actor), didWords(last, text))}
          {" · "}
          <When at={last.at} />
        </p>
      ) : null}
      {last?.comment ? (
        <blockquote className="mt-1 border-l-3 border-hold pl-3 [overflow-wrap:anywhere]">{last.comment}</blockquote>
      ) : null}
      <p className="mt-1">{subscription.act.overtakenHint(word(common.actions, action))}</p>
      {now.error ? <ProblemBanner error={now.error} /> : null}
      {now.data ? (
        <p className="mt-2 flex flex-wrap items-center gap-3">
          <span>{subscription.act.overtakenNow}</span>
          <Wire state={wireOf(now.data.state)} />
          <StatusPill status={now.data.status} waitsForActivation={now.data.waits_for_activation} />
        </p>
      ) : null}
    </div>
  );
}
