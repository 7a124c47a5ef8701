import type { ClientOverview as Shown } from "#/client/schema";
import { useMaybe } from "#/client/use";
import { useText } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { moment } from "#/i18n/format";
import { Code } from "#/ui/copy";
import { Waiting } from "#/ui/list";
import { Pill } from "#/ui/pill";
import { keyCommand, tokenCommand } from "./commands";
import { useAddresses } from "./secret";

/** Enabled or disabled, with the glyph that says it without colour. */
export function ClientState({ client }: { client: Pick<Shown, "enabled"> }) {
  const clients = useClients();
  return <Pill tone={client.enabled ? "ok" : "off"}>{client.enabled ? clients.enabled : clients.disabled}</Pill>;
}

/** Since when it is off, by whom, why, and what that means. The record of the app knows it. */
export function Disabled({ client }: { client: Shown }) {
  const clients = useClients();
  const { common } = useText();
  const record = useMaybe(client.enabled ? undefined : "/api/v1/apps/{id}/board", {
    params: { path: { id: client.app.id }, query: { kind: "client", verb: "client.disabled" } },
  });
  if (client.enabled) return null;
  const last = record.data?.items.find((entry) => entry.subject.id === client.id);
  const who = last?.actor.name ?? common.system;
  return (
    <div role="note" className="mb-5 rounded-md border-l-4 border-hold bg-hold-soft px-4 py-3">
      <p className="font-semibold">{clients.banner.title}</p>
      <p className="max-w-[62ch]">
        {last ? `${clients.banner.since(moment(last.at), who)} ` : ""}
        {clients.banner.refused}
      </p>
      {last?.note ? <p className="max-w-[62ch]">{clients.banner.reason(last.note)}</p> : null}
    </div>
  );
}

/** The commands that get a token and make a call, with this client's id; the secret is the reader's. */
export function Commands({ client }: { client: Pick<Shown, "client_id" | "app"> }) {
  const clients = useClients();
  const addresses = useAddresses(client.app.id);
  if (!addresses) return <Waiting />;
  const call = addresses.sample ? keyCommand(addresses.sample, "API_KEY") : undefined;
  return (
    <>
      <Code
        label={clients.start.token}
        what={clients.start.token}
        text={tokenCommand(client.client_id, "SECRET", addresses.token_url)}
      />
      {call ? <Code label={clients.start.call} what={clients.start.call} text={call} /> : null}
    </>
  );
}
