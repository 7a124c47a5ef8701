import { Link } from "@tanstack/react-router";
import { useMaybe } from "#/client/use";
import { useText } from "#/i18n";
import { Cell, Row, Rows } from "#/ui/list";
import { Section } from "#/ui/page";
import { StatusPill, UnreadDot } from "#/ui/pill";
import { When } from "#/ui/time";
import { Wire, wireOf } from "#/ui/wire";

/** What the apps of this person have asked for and is not active yet. */
export function Requests() {
  const { requests } = useText().home;
  const mine = useMaybe("/api/v1/subscriptions", {
    params: { query: { status: "Access Requested", mine: true, limit: 50 } },
  }).data?.items;
  if (!mine) return null;
  return (
    <Section
      title={requests.title}
      actions={
        <Link to="/connections" className="text-sm text-accent underline">
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
                      {`${one.app.name} → ${one.api.name}`}
                    </Link>
                    {one.unread ? <UnreadDot /> : null}
                  </span>
                }
                sub={`${one.environment.name} · ${one.plan.name}`}
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
