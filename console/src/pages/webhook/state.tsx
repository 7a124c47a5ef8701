import type { Delivery, Webhook } from "#/client/schema";
import { word } from "#/i18n";
import { useWebhooks } from "#/i18n/webhooks";
import { Pill, type Tone } from "#/ui/pill";

/** Whether a webhook is on, and whether it fails. */
export function WebhookPill({ of }: { of: Webhook }) {
  const webhooks = useWebhooks();
  const tone: Tone = of.fault ? "bad" : of.state === "disabled" ? "off" : of.failing_since ? "wait" : "ok";
  return <Pill tone={tone}>{word(webhooks.states, of.state)}</Pill>;
}

const TONES: Record<string, Tone> = { waiting: "wait", delivered: "ok", dead: "bad" };

/** How far a delivery is. */
export function DeliveryPill({ of }: { of: Delivery }) {
  const webhooks = useWebhooks();
  return <Pill tone={of.held ? "hold" : (TONES[of.state] ?? "off")}>{word(webhooks.deliveryStates, of.state)}</Pill>;
}
