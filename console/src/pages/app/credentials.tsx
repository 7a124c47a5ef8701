import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ClientOverview } from "#/client/schema";
import { useGet } from "#/client/use";
import { useText } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { Actions } from "#/ui/actions";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { later } from "#/ui/dialog";
import { Empty, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { WithApi } from "#/ui/withapi";
import { useClientActs } from "../client/act";
import { Credentials } from "../client/credentials";
import { ClientState, Commands, Disabled } from "../client/state";
import { useApp } from "./app";

const CreateClient = later(() => import("../client/create").then((m) => m.CreateClient));

/** The clients of the app, each with its secrets and API keys. */
export function AppCredentials() {
  const clients = useClients();
  const { apps } = useText();
  const app = useApp();
  const all = useGet("/api/v1/apps/{id}/clients", { params: { path: { id: app.id } } }).items;
  const [creating, setCreating] = useState(false);
  const { act, dialogs } = useClientActs();
  const create = app.may_edit ? (
    <Button kind={all.length === 0 ? "primary" : "plain"} onClick={() => setCreating(true)}>
      {clients.create}
    </Button>
  ) : (
    <Refused reason={clients.credentials.denied}>{clients.create}</Refused>
  );
  return (
    <Section id="clients" title={apps.part.credentials} sub={clients.credentials.sub} actions={create}>
      {dialogs}
      {all.length === 0 ? (
        <Empty title={clients.credentials.empty}>{clients.credentials.emptyHint}</Empty>
      ) : (
        all.map((client) => <ClientBlock key={client.id} client={client} onAct={(action) => act(client, action)} />)
      )}
      <CreateClient open={creating} onClose={() => setCreating(false)} apps={[app]} />
      <WithApi method="GET" path={`/api/v1/apps/${app.id}/clients`} />
    </Section>
  );
}

function ClientBlock({ client, onAct }: { client: ClientOverview; onAct: (action: string) => void }) {
  const clients = useClients();
  return (
    <article aria-labelledby={client.id} className="mt-5 mb-8">
      <div className="mb-2.5 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3 id={client.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold">
            <Link
              to="/api-clients/$client"
              params={{ client: client.id }}
              className="inline-flex min-h-6 items-center hover:underline"
            >
              {client.name}
            </Link>
            <ClientState client={client} />
          </h3>
          <p className="text-sm text-muted">
            <span>{clients.facts.clientId} </span>
            <Copyable value={client.client_id} what={clients.facts.clientId} />
          </p>
        </div>
        <Actions
          of={client.name}
          actions={client.actions}
          without={["edit"]}
          first={["enable", "add_secret", "add_key"]}
          buttons={3}
          onAct={onAct}
        />
      </div>
      <Disabled client={client} />
      <Credentials client={client} />
      <details className="mt-3 text-sm">
        <summary className="w-fit cursor-pointer py-0.5 text-muted hover:text-ink">{clients.start.title}</summary>
        <p className="mt-2 text-muted">{clients.start.hint}</p>
        <Commands client={client} />
      </details>
    </article>
  );
}
