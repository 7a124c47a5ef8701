import { Link } from "@tanstack/react-router";
import { useMaybe } from "#/client/use";
import { useText } from "#/i18n";
import { useRequests } from "#/i18n/requests";
import { Cell, Row, Rows } from "#/ui/list";
import { Section } from "#/ui/page";
import { StatusPill, UnreadDot } from "#/ui/pill";
import { When } from "#/ui/time";
import { Wire, wireOf } from "#/ui/wire";
import { Revising } from "../subscription/revising";

/** How many of the active ones are looked through for other terms: as many as a page may have. */
const MOST = 200;

/** What the apps of this person have asked for and does not hold yet: access, and other terms of what is active. */
export function Requests() {
  const requests = useRequests();
  const { subscription } = useText();
  const waiting = useMaybe("/api/v1/subscriptions", {
    params: { query: { status: "Access Requested", mine: true, limit: 50 } },
  }).data?.items;
  const active = useMaybe("/api/v1/subscriptions", {
    params: { query: { status: "Active", mine: true, limit: MOST } },
  }).data?.items;
  if (!waiting) return null;
  const mine = [...waiting, ...(active ?? []).filter((one) => one.revision?.open)];
  return (
    <Section
      title={requests.title}
      actions={
        <Link to="/requests" className="text-sm text-accent underline">
          {requests.all}
        </Link>
      }
    >
      {mine.length === 0 ? (
        <p className="text-muted">
          {`${requests.none} ${requests.noneHint} `}
          <Link to="/catalog" className="text-accent underline">
            {requests.catalog}
          </Link>
        </p>
      ) : (
        <Rows columns="grid-cols-[auto_minmax(0,1fr)_auto_auto]" label={requests.title}>
          {mine.map((one) => (
            <Row key={one.id}>
              <Wire state={wireOf(one.state)} />
              <Cell
                className="max-md:grow"
                title={
                  <span className="inline-flex items-center gap-2">
                    <Link
                      to="/subscriptions/$subscription"
                      params={{ subscription: one.id }}
                      className="hover:underline"
                    >
                      {subscription.heading(one.app.name, one.api.name)}
                    </Link>
                    {one.unread ? <UnreadDot /> : null}
                  </span>
                }
                sub={
                  <>
                    <span className="mr-3">{`${one.environment_name} · ${one.plan.name}`}</span>
                    <Revising of={one} />
                  </>
                }
              />
              <StatusPill status={one.status} waitsForActivation={one.waits_for_activation} />
              <span className="text-sm text-muted">
                <When at={one.created_at} />
              </span>
            </Row>
          ))}
        </Rows>
      )}
    </Section>
  );
}
