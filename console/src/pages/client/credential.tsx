import { lazy, type ReactNode, Suspense, useState } from "react";
import type { ClientOverview as Client, Credential } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { Confirm } from "#/ui/dialog";
import { ProblemBanner } from "#/ui/problem";
import { When } from "#/ui/time";
import { useToast } from "#/ui/toast";

const Edit = lazy(() => import("./edit").then((m) => ({ default: m.Edit })));
const Rotate = lazy(() => import("./rotate").then((m) => ({ default: m.Rotate })));

type Asked = { credential: Credential; action: string };

/** What can be done to a secret or key. Draw `dialogs` once beside the list. */
export function useCredentialActs(client: Client): {
  act: (credential: Credential, action: string) => void;
  dialogs: ReactNode;
} {
  const clients = useClients();
  const toast = useToast();
  const [asked, setAsked] = useState<Asked>();
  const activate = useWrite("post", "/api/v1/credentials/{id}/activate");
  const close = () => setAsked(undefined);
  const name = (one: Credential) => clients.list.name(word(clients.kinds, one.kind), one.hint);
  const act = (credential: Credential, action: string) => {
    if (action !== "activate") {
      setAsked({ credential, action });
      return;
    }
    void activate
      .run({ params: { path: { id: credential.id } } })
      .then(() => toast(clients.act.activate.done(name(credential))))
      .catch(() => undefined);
  };
  const is = (action: string) => (asked?.action === action ? asked.credential : undefined);
  const dialogs = (
    <>
      <ProblemBanner error={activate.error} />
      <Suspense fallback={null}>
        {is("rotate") ? <Rotate client={client} credential={is("rotate")} onClose={close} /> : null}
        {is("edit") ? <Edit credential={is("edit")} name={name} onClose={close} /> : null}
      </Suspense>
      <SwitchOff credential={is("deactivate")} name={name} onClose={close} />
      <Delete credential={is("delete")} name={name} onClose={close} />
    </>
  );
  return { act, dialogs };
}

type ActProps = { credential: Credential | undefined; name: (one: Credential) => string; onClose: () => void };

/** Where the last use stands, there the reader sees whether it is idle. */
function LastUsed({ credential }: { credential: Credential }) {
  const clients = useClients();
  return (
    <p className="mt-2 font-semibold">
      {credential.last_used_at ? (
        <>
          {clients.list.used} <When at={credential.last_used_at} />
        </>
      ) : (
        clients.list.never
      )}
    </p>
  );
}

function SwitchOff({ credential, name, onClose }: ActProps) {
  const clients = useClients();
  const { common } = useText();
  const toast = useToast();
  const off = useWrite("post", "/api/v1/credentials/{id}/deactivate");
  const on = useWrite("post", "/api/v1/credentials/{id}/activate");
  if (!credential) return null;
  const init = { params: { path: { id: credential.id } } };
  const words = clients.act.deactivate;
  const undo = () => void on.run(init).catch(() => undefined);
  const confirm = async () => {
    await off.run(init);
    toast(words.done(name(credential)), undo);
    onClose();
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={words.title(name(credential))}
      verb={word(common.actions, "deactivate")}
      danger
      busy={off.busy}
      error={off.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      <p>{words.meaning}</p>
      <LastUsed credential={credential} />
    </Confirm>
  );
}

function Delete({ credential, name, onClose }: ActProps) {
  const clients = useClients();
  const { common } = useText();
  const toast = useToast();
  const remove = useWrite("delete", "/api/v1/credentials/{id}");
  if (!credential) return null;
  const confirm = async () => {
    await remove.run({ params: { path: { id: credential.id } } });
    toast(clients.act.remove.done(name(credential)));
    onClose();
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={clients.act.remove.title(name(credential))}
      verb={word(common.actions, "delete")}
      danger
      typed={credential.hint}
      busy={remove.busy}
      error={remove.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      <p>{clients.act.remove.meaning}</p>
      <LastUsed credential={credential} />
    </Confirm>
  );
}
