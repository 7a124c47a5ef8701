import { useState } from "react";
import type { Credential } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form } from "#/ui/field";
import { useToast } from "#/ui/toast";
import { EditCertificate } from "./certificate";
import { type CredentialForm, dateOf, endOf } from "./entered";
import { CredentialFields } from "./fields";

type EditProps = { credential: Credential | undefined; name: (one: Credential) => string; onClose: () => void };

/** The note of a secret or key, and when it ends. */
export function Edit({ credential, name, onClose }: EditProps) {
  const clients = useClients();
  if (!credential) return null;
  return (
    <Dialog open onClose={onClose} title={clients.edit.title(name(credential))}>
      {credential.kind === "certificate" ? (
        <EditCertificate credential={credential} onClose={onClose} />
      ) : (
        <Fields credential={credential} onClose={onClose} />
      )}
    </Dialog>
  );
}

function Fields({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const { common } = useText();
  const toast = useToast();
  const save = useWrite("patch", "/api/v1/credentials/{id}");
  const [fields, setFields] = useState<CredentialForm>({
    description: credential.description,
    end: credential.expires_at ? "date" : "never",
    date: credential.expires_at ? dateOf(credential.expires_at) : "",
  });
  const submit = async () => {
    const same = fields.end === "date" && credential.expires_at && dateOf(credential.expires_at) === fields.date;
    await save.run({
      params: { path: { id: credential.id } },
      body: {
        description: fields.description,
        // An end that was not touched keeps its time of day.
        ...(same ? {} : { expires_at: endOf(fields) ?? null }),
      },
    });
    toast(common.saved);
    onClose();
  };
  return (
    <Form
      error={save.error}
      fields={["description", "expires_at"]}
      onSubmit={() => void submit().catch(() => undefined)}
    >
      <CredentialFields value={fields} onValue={setFields} error={save.error} />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={save.busy}>
          {common.save}
        </Button>
      </DialogButtons>
    </Form>
  );
}
