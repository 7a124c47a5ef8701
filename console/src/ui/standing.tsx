import type { OwnSubscription } from "#/client/schema";
import { StatusPill } from "./pill";
import { Wire, wireOf } from "./wire";

/** What weighs most when several apps stand differently to one API. */
const WEIGHT = ["active", "approved", "requested", "suspended", "rejected"];

/** The subscription that says most about how my apps stand to an API. */
export function foremost(mine: OwnSubscription[]): OwnSubscription | undefined {
  const weight = (one: OwnSubscription) => {
    const at = WEIGHT.indexOf(one.state);
    return at < 0 ? WEIGHT.length : at;
  };
  return [...mine].sort((one, other) => weight(one) - weight(other))[0];
}

/** How I stand to an API: the wire, and the word for it. */
export function Standing({ mine, none }: { mine: OwnSubscription[]; none: string }) {
  const best = foremost(mine);
  return (
    <span className="inline-flex flex-col items-start gap-1 max-md:flex-row max-md:items-center max-md:gap-3">
      <span className="flex h-5.5 items-center">
        <Wire state={wireOf(best?.state)} />
      </span>
      {best ? (
        <StatusPill status={best.status} waitsForActivation={best.state === "approved"} />
      ) : (
        <span className="text-xs text-muted">{none}</span>
      )}
    </span>
  );
}
