import { Link, type LinkProps } from "@tanstack/react-router";
import { CircleAlert, Inbox, KeyRound, MessageSquare } from "lucide-react";
import type { ReactNode } from "react";
import type { ClientOverview, Subscription } from "#/client/schema";
import { useMaybe } from "#/client/use";
import { useText, word } from "#/i18n";
import { buttonClass } from "#/ui/button";
import { Row, Rows } from "#/ui/list";
import { Section } from "#/ui/page";
import { StatusPill } from "#/ui/pill";
import { ResourceLink } from "#/ui/resource";
import { When } from "#/ui/time";

/** States of a credential that somebody has to do something about. */
const ENDING = ["expiring", "expired"];

/** What waits for this person: decisions, unread answers, credentials that end. `quiet` leaves it out when there is nothing. */
export function Attention({ quiet }: { quiet: boolean }) {
  const { home } = useText();
  const { attention } = home;
  const tasks = useMaybe("/api/v1/me/pulse").data?.tasks_open ?? 0;
  const answers = useMaybe("/api/v1/subscriptions", { params: { query: { unread: true, mine: true, limit: 50 } } });
  const clients = useMaybe("/api/v1/clients", { params: { query: { enabled: true, limit: 200 } } });
  if (!answers.data || !clients.data) return null;
  const unread = answers.data.items;
  const ending = clients.data.items.flatMap((client) =>
    client.secrets
      .filter((secret) => secret.active && ENDING.includes(secret.state))
      .map((secret) => ({ client, secret })),
  );
  const nothing = tasks === 0 && unread.length === 0 && ending.length === 0;
  if (nothing && quiet) return null;
  return (
    <Section title={attention.title}>
      {nothing ? (
        <p className="text-muted">{attention.none}</p>
      ) : (
        <Rows columns="grid-cols-[1.5rem_minmax(0,1fr)_auto_auto]" label={attention.title}>
          {tasks > 0 ? (
            <Row>
              <Inbox size={18} aria-hidden="true" className="text-wait" />
              <span className="font-semibold max-md:grow">{attention.tasks(tasks)}</span>
              <span />
              <Go to="/inbox">{attention.tasksAction}</Go>
            </Row>
          ) : null}
          {unread.map((one) => (
            <Answer key={one.id} one={one} />
          ))}
          {ending.map(({ client, secret }) => (
            <Ending key={secret.id} client={client} secret={secret} />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function Go({ to, params, children }: { to: LinkProps["to"]; params?: Record<string, string>; children: ReactNode }) {
  return (
    <Link to={to} params={params as never} className={buttonClass("plain", true)}>
      {children}
    </Link>
  );
}

/** An answer that nobody of the team has read yet. */
function Answer({ one }: { one: Subscription }) {
  const { attention, quick } = useText().home;
  const rejected = one.rejected;
  const Icon = rejected ? CircleAlert : MessageSquare;
  return (
    <Row>
      <Icon size={18} aria-hidden="true" className={rejected ? "text-bad" : "text-wait"} />
      <span className="min-w-0 max-md:w-4/5">
        <span className="font-semibold">{`${attention.answer}: `}</span>
        <ResourceLink of={{ kind: "subscription", id: one.id, name: `${one.app.name} → ${one.api.name}` }} />
        {one.comment_response ? (
          <span className="block truncate text-sm text-muted">{one.comment_response}</span>
        ) : null}
      </span>
      <StatusPill status={one.status} waitsForActivation={one.waits_for_activation} />
      <Go to="/subscriptions/$subscription" params={{ subscription: one.id }}>
        {quick.access.thread}
      </Go>
    </Row>
  );
}

function Ending({ client, secret }: { client: ClientOverview; secret: ClientOverview["secrets"][number] }) {
  const { attention } = useText().home;
  return (
    <Row>
      <KeyRound size={18} aria-hidden="true" className={secret.state === "expired" ? "text-bad" : "text-wait"} />
      <span className="min-w-0 max-md:w-4/5">
        <span className="font-semibold">
          {attention.secret(word(attention.secretKinds, secret.kind), secret.hint, client.name)}
        </span>
        {secret.expires_at ? (
          <span className="block text-sm text-muted">
            {`${attention.ends} `}
            <When at={secret.expires_at} />
          </span>
        ) : null}
      </span>
      <span />
      <Go to="/api-clients/$client" params={{ client: client.id }}>
        {attention.rotate}
      </Go>
    </Row>
  );
}
