import { Link } from "@tanstack/react-router";
import type { ApiOverview, ReferenceServer } from "#/client/schema";
import { useReader } from "#/i18n/reader";
import { StatusPill } from "#/ui/pill";
import { Wire, wireOf } from "#/ui/wire";

/** Which of the caller's apps this API is open to in an environment, and how to open it to one. */
export function Access({ api, server }: { api: ApiOverview; server: ReferenceServer }) {
  const reader = useReader();
  const mine = api.mine.filter((one) => one.environment.name === server.environment);
  const active = mine.some((one) => one.state === "active");
  const request = api.actions.find((one) => one.action === "request");
  return (
    <section aria-label={reader.access} className="mt-4 rounded-xl border border-line bg-surface px-4 py-3">
      {mine.length === 0 ? (
        <p className="text-sm text-muted">
          {api.subscription_required ? reader.accessNone(server.name ?? "") : reader.accessOpen}
        </p>
      ) : (
        <ul>
          {mine.map((one) => (
            <li key={one.subscription} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-0.5">
              <Wire state={wireOf(one.state)} className="w-14" />
              <Link
                to="/subscriptions/$subscription"
                params={{ subscription: one.subscription }}
                className="font-semibold hover:underline"
              >
                {one.app.name}
              </Link>
              <span className="text-sm text-muted">{reader.accessUnder(one.plan.name)}</span>
              <StatusPill status={one.status} waitsForActivation={one.state === "approved"} />
              {one.state === "active" ? (
                <Link
                  to="/apps/$app/credentials"
                  params={{ app: one.app.id }}
                  className="text-sm text-accent hover:underline"
                >
                  {reader.credentials}
                </Link>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {!active && request?.allowed ? (
        <Link
          to="/apis/$api/request"
          params={{ api: api.id }}
          search={{ environment: server.environment ?? undefined }}
          className="mt-1 inline-block text-sm font-semibold text-accent hover:underline"
        >
          {reader.request}
        </Link>
      ) : null}
    </section>
  );
}
