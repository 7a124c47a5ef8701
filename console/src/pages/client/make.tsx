import { useState } from "react";
import type { ClientOverview as Client, CredentialKind } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form } from "#/ui/field";
import { type CredentialForm, endOf } from "./entered";
import { CredentialFields } from "./fields";
import { useShowMade } from "./secret";

/** Makes a secret or an API key, and shows it. */
export function Make(props: { client: Client; kind: CredentialKind | undefined; onClose: () => void }) {
  const clients = useClients();
  const { client, kind, onClose } = props;
  if (!kind) return null;
  return (
    <Dialog open onClose={onClose} title={word(clients.make.title, kind)}>
      <Fields client={client} kind={kind} onClose={onClose} />
    </Dialog>
  );
}

function Fields({ client, kind, onClose }: { client: Client; kind: CredentialKind; onClose: () => void }) {
  const clients = useClients();
  const { common } = useText();
  const words = clients.make;
  const show = useShowMade(client.app.id);
  const make = useWrite("post", "/api/v1/clients/{id}/credentials");
  const [fields, setFields] = useState<CredentialForm>({ description: "", end: "never", date: "" });
  const submit = async () => {
    const made = await make.run({
      params: { path: { id: client.id } },
      body: { kind, description: fields.description, expires_at: endOf(fields) },
    });
    onClose();
    show(client, made);
  };
  return (
    <Form
      error={make.error}
      fields={["description", "expires_at"]}
      onSubmit={() => void submit().catch(() => undefined)}
    >
      <p className="mb-4">{word(words.hint, kind)}</p>
      <CredentialFields value={fields} onValue={setFields} error={make.error} />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={make.busy}>
          {word(words.submit, kind)}
        </Button>
      </DialogButtons>
    </Form>
  );
}
