import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { ClientOverview as Shown } from "#/client/schema";
import { useGet, useMaybe } from "#/client/use";
import { useText, word } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { day, list, number } from "#/i18n/format";
import { Actions } from "#/ui/actions";
import { Copyable } from "#/ui/copy";
import { Card, Crumb, PageHead, Properties, Section } from "#/ui/page";
import { When } from "#/ui/time";
import { WithApi } from "#/ui/withapi";
import { useClientActs } from "./act";
import { Credentials } from "./credentials";
import { ClientSettings } from "./settings";
import { ClientState, Commands, Disabled } from "./state";

/** A client: who it is, its secrets and keys, how to get a token, its settings. */
export function Client() {
  const clients = useClients();
  const { client: id } = useParams({ from: "/api-clients/$client" });
  const navigate = useNavigate();
  const client = useGet("/api/v1/clients/{id}", { params: { path: { id } } });
  const { act, dialogs } = useClientActs(() => void navigate({ to: "/api-clients" }));
  const credentials = ["add_secret", "add_key", "add_certificate"];
  const onAct = (action: string) => act(client, action);
  return (
    <>
      <PageHead
        title={client.name}
        crumb={<Crumb to="/api-clients">{clients.title}</Crumb>}
        state={<ClientState client={client} />}
        sub={client.description || undefined}
        actions={
          <Actions
            of={client.name}
            actions={client.actions}
            without={["edit", ...credentials]}
            first={["enable"]}
            onAct={onAct}
          />
        }
      />
      <Disabled client={client} />
      {dialogs}
      <Section
        id="credentials"
        title={clients.list.title}
        actions={
          <Actions
            of={clients.list.label(client.name)}
            actions={client.actions.filter((offer) => credentials.includes(offer.action))}
            first={credentials}
            buttons={2}
            onAct={onAct}
          />
        }
      >
        <Credentials client={client} />
      </Section>
      <div className="grid items-start gap-x-8 lg:grid-cols-2">
        <Section id="facts" title={clients.facts.title}>
          <Card>
            <Facts client={client} />
          </Card>
        </Section>
        <Section id="start" title={clients.start.title} sub={clients.start.hint}>
          <Commands client={client} />
        </Section>
      </div>
      <ClientSettings key={client.id} client={client} onDelete={() => act(client, "delete")} />
      <WithApi method="GET" path={`/api/v1/clients/${client.id}`} />
    </>
  );
}

function Facts({ client }: { client: Shown }) {
  const clients = useClients();
  const { common } = useText();
  const { facts } = clients;
  const environments = useMaybe("/api/v1/environments").data?.items ?? [];
  const named = client.environments.map((id) => environments.find((one) => one.id === id)?.name ?? id);
  const seconds = (value: number | null | undefined) =>
    value ? clients.lifetime(number(value)) : clients.serverLifetime;
  return (
    <Properties
      items={[
        [facts.clientId, <Copyable key="client" value={client.client_id} what={facts.clientId} />],
        [facts.id, <Copyable key="id" value={client.id} what={facts.id} />],
        [
          facts.app,
          <Link key="app" to="/apps/$app" params={{ app: client.app.id }} className="text-accent underline">
            {client.app.name}
          </Link>,
        ],
        [
          facts.account,
          <span key="account">
            <Copyable value={client.service_account} what={facts.account} />
            <span className="block text-sm text-muted">{facts.accountHint}</span>
          </span>,
        ],
        [facts.created, facts.by(day(client.created_at), client.created_by.name)],
        [facts.lastUsed, client.last_used_at ? <When key="used" at={client.last_used_at} /> : common.never],
        [
          facts.tokens,
          facts.tokenWords(
            word(clients.tokenKinds, client.accesstoken_type),
            seconds(client.accesstoken_valid_seconds),
          ),
        ],
        [facts.scopes, client.allowed_scopes.length > 0 ? client.allowed_scopes.join(" ") : facts.noScopes],
        [facts.grants, client.valid_grant_types.map((grant) => word(clients.settings.grantWords, grant)).join(", ")],
        [facts.refresh, seconds(client.refreshtoken_validity_seconds)],
        [
          facts.idtoken,
          client.maximum_idtoken_expiration_minutes
            ? facts.minutes(number(client.maximum_idtoken_expiration_minutes))
            : clients.serverLifetime,
        ],
        [facts.uris, <Lines key="uris" lines={client.allowed_uris} />],
        [facts.logoutUris, <Lines key="logout" lines={client.allowed_logout_uris} />],
        [facts.environments, named.length > 0 ? list(named) : facts.allEnvironments],
      ]}
    />
  );
}

function Lines({ lines }: { lines: string[] }) {
  const { facts } = useClients();
  if (lines.length === 0) return <>{facts.none}</>;
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>
          <code className="font-mono text-sm [overflow-wrap:anywhere]">{line}</code>
        </li>
      ))}
    </ul>
  );
}
