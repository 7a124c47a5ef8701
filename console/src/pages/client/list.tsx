import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import type { ClientOverview } from "#/client/schema";
import { useList, useMaybe } from "#/client/use";
import { useText, word } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { day, number } from "#/i18n/format";
import { Actions } from "#/ui/actions";
import { Button } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { later } from "#/ui/dialog";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { SearchBox } from "#/ui/search";
import { When } from "#/ui/time";
import { useClientActs } from "./act";
import { ClientState } from "./state";

const CreateClient = later(() => import("./create").then((m) => m.CreateClient));

const STATES = ["all", "enabled", "disabled"];

/** Every client that I may see. */
export function Clients() {
  const clients = useClients();
  const { q, state = "all" } = useSearch({ from: "/api-clients" });
  const navigate = useNavigate({ from: "/api-clients" });
  const enabled = state === "all" ? undefined : state === "enabled";
  const list = useList("/api/v1/clients", { params: { query: { q, enabled } } });
  const apps = useMaybe("/api/v1/apps", { params: { query: { limit: 200 } } }).data?.items;
  const mine = apps?.filter((app) => app.may_edit) ?? [];
  const [creating, setCreating] = useState(false);
  const { act, dialogs } = useClientActs();
  const filter = useCallback(
    (next: { q?: string; state?: string }) =>
      void navigate({ search: (now) => ({ ...now, ...next }), replace: true, resetScroll: false }),
    [navigate],
  );
  const search = useCallback((words: string) => filter({ q: words || undefined }), [filter]);
  const create =
    apps && mine.length === 0 ? (
      <Refused reason={clients.createDenied} kind="primary">
        {clients.create}
      </Refused>
    ) : (
      <Button kind="primary" onClick={() => setCreating(true)}>
        {clients.create}
      </Button>
    );
  const filtered = q !== undefined || state !== "all";
  const empty = filtered ? (
    <Empty
      title={clients.emptyFiltered}
      action={<Button onClick={() => filter({ q: undefined, state: undefined })}>{clients.showAll}</Button>}
    >
      {clients.emptyFilteredHint}
    </Empty>
  ) : (
    <Empty title={clients.empty}>{clients.emptyHint}</Empty>
  );
  return (
    <>
      <PageHead title={clients.title} sub={clients.sub} actions={create} />
      <div className="flex flex-wrap gap-x-6">
        <SearchBox label={clients.filter} value={q ?? ""} onValue={search} />
        <Chips
          label={clients.filterState}
          value={state}
          onValue={(chosen) => filter({ state: chosen === "all" ? undefined : chosen })}
          options={STATES.map((value) => ({ value, label: word(clients.states, value) }))}
        />
      </div>
      <Listed list={list} empty={empty}>
        <Rows
          columns="grid-cols-[minmax(12rem,1.6fr)_auto_minmax(8rem,1fr)_minmax(10rem,1.4fr)_auto_auto]"
          label={clients.title}
        >
          <RowHead names={clients.columns} />
          {list.items.map((client) => (
            <ClientRow key={client.id} client={client} onAct={(action) => act(client, action)} />
          ))}
        </Rows>
      </Listed>
      {dialogs}
      <CreateClient open={creating} onClose={() => setCreating(false)} apps={mine} />
    </>
  );
}

function ClientRow({ client, onAct }: { client: ClientOverview; onAct: (action: string) => void }) {
  const clients = useClients();
  const { common } = useText();
  return (
    <Row>
      <Cell
        className="max-md:basis-full"
        title={
          <Link
            to="/api-clients/$client"
            params={{ client: client.id }}
            className="inline-flex min-h-6 items-center hover:underline"
          >
            {client.name}
          </Link>
        }
        sub={<code className="font-mono">{client.client_id}</code>}
      />
      <ClientState client={client} />
      <Link
        to="/apps/$app/credentials"
        params={{ app: client.app.id }}
        className="inline-flex min-h-6 items-center hover:underline"
      >
        {client.app.name}
      </Link>
      <Secrets client={client} />
      <span className="text-sm">
        <span className="text-muted md:sr-only">{clients.list.used} </span>
        {client.last_used_at ? <When at={client.last_used_at} /> : common.never}
      </span>
      <span className="justify-self-end max-md:ml-auto">
        <Actions of={client.name} actions={client.actions} without={["edit"]} first={["enable"]} onAct={onAct} />
      </span>
    </Row>
  );
}

/** The first two secrets and keys, and how many more. */
function Secrets({ client }: { client: ClientOverview }) {
  const clients = useClients();
  const { secrets } = client;
  if (secrets.length === 0) return <span className="text-sm text-muted">{clients.nothingYet}</span>;
  const end = (at: string | null | undefined, state: string) => {
    if (state === "inactive") return word(clients.credentialStates, state);
    if (!at) return clients.noEnd;
    return state === "expired" ? clients.ended(day(at)) : clients.ends(day(at));
  };
  return (
    <span className="grid text-sm max-md:basis-full">
      {secrets.slice(0, 2).map((one) => (
        <span key={one.id}>
          <span className="sr-only">{word(clients.kinds, one.kind)} </span>
          <code className="font-mono">{clients.list.hint(one.hint)}</code>{" "}
          <span className={one.state === "expiring" ? "text-wait" : "text-muted"}>
            {end(one.expires_at, one.state)}
          </span>
        </span>
      ))}
      {secrets.length > 2 ? <span className="text-muted">{clients.more(number(secrets.length - 2))}</span> : null}
    </span>
  );
}
