import type { ClientOverview as Client, Credential, Quickstart } from "#/client/schema";
import { useMaybe } from "#/client/use";
import { word } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { type Secret, useShowSecret } from "#/ui/secret";
import { fileName, keyCommand, tokenCommand } from "./commands";

/** Addresses that commands for this app's clients need, as the server says them. */
export function useAddresses(app: string | undefined): Quickstart | undefined {
  return useMaybe(app ? "/api/v1/apps/{id}/quickstart" : undefined, { params: { path: { id: app ?? "" } } }).data;
}

type Of = Pick<Client, "client_id" | "name">;
type Made = Pick<Credential, "kind" | "secret">;

/** Shows what was just made, with the files and the command that go with it. */
export function useShowMade(app: string | undefined): (client: Of, made: Made) => void {
  const clients = useClients();
  const show = useShowSecret();
  const addresses = useAddresses(app);
  const url = addresses?.token_url ?? `${window.location.origin}/oauth2/token`;
  return ({ client_id, name }, { kind, secret: value }) => {
    if (!value) return;
    const shown = (members: Record<string, string>, use: Secret["use"]): Secret => ({
      label: word(clients.kinds, kind),
      value,
      file: { name: fileName(name), members: { client_id, ...members } },
      use,
    });
    if (kind === "client_secret") {
      const command = (secret: string) => tokenCommand(client_id, secret, url);
      const use = { label: clients.start.title, placeholder: "SECRET", command };
      show(shown({ client_secret: value, token_url: url }, use));
      return;
    }
    const command = (key: string) => (addresses?.sample ? keyCommand(addresses.sample, key) : undefined) ?? "";
    const use = { label: clients.start.call, placeholder: "API_KEY", command };
    show(shown({ api_key: value }, command("") ? use : undefined));
  };
}
