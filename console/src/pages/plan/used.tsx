import { Link } from "@tanstack/react-router";
import type { PlanOverview } from "#/client/schema";
import { useText } from "#/i18n";

/** What uses a plan, and so what a change of it touches. */
export function UsedBy({ plan, effect }: { plan: PlanOverview; effect?: boolean }) {
  const { plans } = useText();
  const apis = plan.apis;
  const subscriptions = plan.subscriptions ?? 0;
  return (
    <section className="my-4" aria-labelledby="used-by">
      <h3 id="used-by" className="font-semibold">
        {plans.usedBy}
      </h3>
      {apis.length === 0 && subscriptions === 0 ? (
        <p className="text-muted">{plans.usedByNothing}</p>
      ) : (
        <>
          <p className="text-muted">
            {`${plans.usedByApis(apis.length)} · ${plans.usedBySubscriptions(subscriptions)}`}
          </p>
          <ul className="mt-1 flex flex-wrap gap-x-3 gap-y-1">
            {apis.map((api) => (
              <li key={api.id}>
                <Link to="/provide/apis/$api/plans" params={{ api: api.id }} className="underline underline-offset-3">
                  {api.name}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      {effect && subscriptions > 0 ? <p className="mt-1 text-sm text-muted">{plans.effect(subscriptions)}</p> : null}
    </section>
  );
}
