import type { Task } from "#/client/schema";
import { useText, word } from "#/i18n";
import { useName } from "#/ui/thread";
import { When } from "#/ui/time";

/** How an item ended. */
export function Decided({ task }: { task: Task }) {
  const { inbox, subscription } = useText();
  const name = useName();
  const { decision } = task;
  if (!decision) return null;
  return (
    <div className="my-3 rounded-md bg-sunken px-4 py-3">
      <p>
        <span className="font-semibold">
          {inbox.decidedBy(name(decision.actor), word(subscription.did, `subscription.${decision.what}`))}
        </span>
        <span className="text-sm text-muted">
          {" · "}
          <When at={decision.at} />
        </span>
      </p>
      {decision.comment ? <p className="mt-1 [overflow-wrap:anywhere]">{decision.comment}</p> : null}
    </div>
  );
}
