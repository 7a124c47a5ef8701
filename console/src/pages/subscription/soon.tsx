import type { Subscription } from "#/client/schema";
import { useText } from "#/i18n";
import { Pill } from "#/ui/pill";

/** From how many days before its end on a subscription is marked. */
const SOON_DAYS = 30;

/** "ends in 6 days", for what ends soon. */
export function EndsSoon({ of }: { of: Pick<Subscription, "ends_in_days"> }) {
  const { subscription } = useText();
  const days = of.ends_in_days;
  if (days === null || days === undefined || days > SOON_DAYS) return null;
  return <Pill tone="wait">{subscription.endsIn(days)}</Pill>;
}
