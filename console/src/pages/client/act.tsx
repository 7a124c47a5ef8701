import { lazy, type ReactNode, Suspense, useState } from "react";
import type { ClientOverview as Client, CredentialKind } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useClients } from "#/i18n/clients";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";

const Disable = lazy(() => import("./stop").then((m) => ({ default: m.Disable })));
const Delete = lazy(() => import("./stop").then((m) => ({ default: m.Delete })));
const AddCertificate = lazy(() => import("./certificate").then((m) => ({ default: m.AddCertificate })));
const Make = lazy(() => import("./make").then((m) => ({ default: m.Make })));

const MAKES: Record<string, CredentialKind> = { add_secret: "client_secret", add_key: "api_key" };

/** What can be done to a client. Draw `dialogs` once beside it; `gone` runs when it was deleted. */
export function useClientActs(gone?: () => void): {
  act: (client: Client, action: string) => void;
  dialogs: ReactNode;
} {
  const clients = useClients();
  const toast = useToast();
  const [asked, setAsked] = useState<{ client: Client; action: string }>();
  const enable = useWrite("post", "/api/v1/clients/{id}/enable");
  const close = () => setAsked(undefined);
  const act = (client: Client, action: string) => {
    if (action !== "enable") {
      setAsked({ client, action });
      return;
    }
    void enable
      .run({ params: { path: { id: client.id } }, body: {} })
      .then(() => toast(clients.act.enable.done(client.name)))
      .catch(() => undefined);
  };
  const dialogs = (
    <>
      <ProblemBanner error={enable.error} />
      <Suspense fallback={null}>
        {asked && MAKES[asked.action] ? (
          <Make client={asked.client} kind={MAKES[asked.action]} onClose={close} />
        ) : null}
        {asked?.action === "add_certificate" ? <AddCertificate client={asked.client} onClose={close} /> : null}
        {asked?.action === "disable" ? <Disable client={asked.client} onClose={close} /> : null}
        {asked?.action === "delete" ? <Delete client={asked.client} onClose={close} gone={gone} /> : null}
      </Suspense>
    </>
  );
  return { act, dialogs };
}
