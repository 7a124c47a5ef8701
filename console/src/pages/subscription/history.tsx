import { useMaybe, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Waiting } from "#/ui/list";
import { ProblemBanner } from "#/ui/problem";
import { Reply, Timeline } from "#/ui/thread";
import { useToast } from "#/ui/toast";
import { happenings } from "./shape";

/** Everything that was done and said about a subscription. */
export function History({ of: id }: { of: string }) {
  const text = useText();
  const history = useMaybe("/api/v1/subscriptions/{id}/history", { params: { path: { id } } });
  if (history.error) return <ProblemBanner error={history.error} />;
  if (!history.data) return <Waiting />;
  return <Timeline label={text.subscription.timeline} items={happenings(history.data.items, text)} />;
}

/** Words that both sides read. */
export function Comment({ on: id }: { on: string }) {
  const { subscription } = useText();
  const toast = useToast();
  const { run, busy, error } = useWrite("post", "/api/v1/subscriptions/{id}/comments");
  const send = async (comment: string) => {
    await run({ params: { path: { id } }, body: { comment } });
    toast(subscription.sent);
  };
  return (
    <Reply
      label={subscription.reply}
      hint={subscription.replyHint}
      verb={subscription.send}
      onSend={send}
      busy={busy}
      error={error}
    />
  );
}
