import { useState } from "react";
import type { ClientOverview as Client } from "#/client/schema";
import { useMaybe, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { number } from "#/i18n/format";
import { Confirm } from "#/ui/dialog";
import { TextArea } from "#/ui/field";
import { When } from "#/ui/time";
import { useToast } from "#/ui/toast";

/** What would stop, in numbers. */
function Stops({ client }: { client: Client }) {
  const clients = useClients();
  const query = { app: client.app.id, step: "hour" as const };
  const usage = useMaybe("/api/v1/usage", { params: { query } }).data;
  const credentials = useMaybe("/api/v1/clients/{id}/credentials", { params: { path: { id: client.id } } }).data;
  const parts = usage?.items.flatMap((stretch) => stretch.parts).filter((part) => part.client === client.id) ?? [];
  const calls = parts.reduce((sum, part) => sum + part.calls, 0);
  const good = credentials?.items.filter((one) => one.state === "active" || one.state === "expiring").length;
  return (
    <ul className="my-3 list-disc pl-5 font-semibold">
      {usage ? <li>{clients.act.usage(number(calls))}</li> : null}
      {client.last_used_at ? (
        <li>
          {clients.list.used} <When at={client.last_used_at} />
        </li>
      ) : null}
      {good ? <li>{clients.act.credentials(good)}</li> : null}
    </ul>
  );
}

export function Disable({ client, onClose }: { client: Client; onClose: () => void }) {
  const clients = useClients();
  const { common } = useText();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const disable = useWrite("post", "/api/v1/clients/{id}/disable");
  const enable = useWrite("post", "/api/v1/clients/{id}/enable");
  const path = { id: client.id };
  const undo = () => void enable.run({ params: { path }, body: {} }).catch(() => undefined);
  const confirm = async () => {
    await disable.run({ params: { path }, body: reason.trim() ? { comment: reason.trim() } : {} });
    toast(clients.act.disable.done(client.name), undo);
    onClose();
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={clients.act.disable.title(client.name)}
      verb={word(common.actions, "disable")}
      danger
      busy={disable.busy}
      error={disable.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      <p>{clients.act.disable.meaning}</p>
      <Stops client={client} />
      <TextArea
        label={clients.act.reason}
        hint={clients.act.reasonHint}
        name="comment"
        value={reason}
        onValue={setReason}
        rows={2}
        maxLength={2000}
        optional
        error={disable.error}
      />
    </Confirm>
  );
}

export function Delete({
  client,
  onClose,
  gone,
}: {
  client: Client;
  onClose: () => void;
  gone: (() => void) | undefined;
}) {
  const clients = useClients();
  const { common } = useText();
  const toast = useToast();
  const remove = useWrite("delete", "/api/v1/clients/{id}");
  const confirm = async () => {
    await remove.run({ params: { path: { id: client.id } } });
    toast(clients.act.delete.done(client.name));
    onClose();
    gone?.();
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={clients.act.delete.title(client.name)}
      verb={word(common.actions, "delete")}
      danger
      typed={client.name}
      busy={remove.busy}
      error={remove.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      <p>{clients.act.delete.meaning}</p>
      <Stops client={client} />
    </Confirm>
  );
}
