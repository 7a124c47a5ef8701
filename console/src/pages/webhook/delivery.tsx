import { useMaybe, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { useWebhooks } from "#/i18n/webhooks";
import { Button } from "#/ui/button";
import { Code, Copyable } from "#/ui/copy";
import { Waiting } from "#/ui/list";
import { Properties } from "#/ui/page";
import { Panel } from "#/ui/panel";
import { ProblemBanner } from "#/ui/problem";
import { Refused } from "#/ui/refused";
import { When } from "#/ui/time";
import { useToast } from "#/ui/toast";
import { useEvent } from "./deliveries";
import { DeliveryPill } from "./state";

/** One delivery: how it went, what was answered, what is sent. */
export function DeliveryPanel({ webhook, id, onClose }: { webhook: string; id: string; onClose: () => void }) {
  const webhooks = useWebhooks();
  const { common } = useText();
  const event = useEvent();
  const toast = useToast();
  const path = { id: webhook, delivery: id };
  const read = useMaybe("/api/v1/webhooks/{id}/deliveries/{delivery}", { params: { path } });
  const replay = useWrite("post", "/api/v1/webhooks/{id}/deliveries/{delivery}/replay");
  const one = read.data;
  if (read.error) return <ProblemBanner error={read.error} />;
  if (!one) return <Waiting />;
  const again = async () => {
    await replay.run({ params: { path } });
    toast(webhooks.replayedOne);
  };
  const offer = one.actions.find((it) => it.action === "replay");
  return (
    <Panel
      title={event(one.verb)}
      item={one.id}
      back={webhooks.deliveries}
      onClose={onClose}
      state={<DeliveryPill of={one} />}
    >
      <ProblemBanner error={replay.error} />
      {one.held ? <p className="mb-3 rounded-md bg-hold-soft px-3 py-2 text-hold">{webhooks.held}</p> : null}
      <Properties
        items={[
          [webhooks.deliveryId, <Copyable key="id" value={one.id} what={webhooks.deliveryId} />],
          ...(one.change ? [[webhooks.change, String(one.change)] as [string, string]] : []),
          [
            webhooks.lastTry,
            one.last ? (
              <span key="last">
                <When at={one.last.at} />
                {` · ${one.last.status ?? webhooks.noAnswer} · ${webhooks.took(one.last.duration_ms)} · ${webhooks.tries(one.tries)}`}
              </span>
            ) : (
              webhooks.notTried
            ),
          ],
          ...(one.due_at && one.tries > 0
            ? [[webhooks.next, <When key="next" at={one.due_at} />] as [string, React.ReactNode]]
            : []),
          ...(one.last?.error ? [[webhooks.error, one.last.error] as [string, string]] : []),
        ]}
      />
      {one.last?.excerpt ? <Code label={webhooks.answer} what={webhooks.answer} text={one.last.excerpt} /> : null}
      <Code label={webhooks.payload} what={webhooks.payload} text={pretty(one.payload)} />
      <div className="mt-4">
        {offer?.allowed ? (
          <Button busy={replay.busy} onClick={() => void again().catch(() => undefined)}>
            {webhooks.replayOne}
          </Button>
        ) : (
          <Refused reason={word(common.reasons, offer?.reason ?? "state")}>{webhooks.replayOne}</Refused>
        )}
      </div>
    </Panel>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
