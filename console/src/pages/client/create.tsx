import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { CredentialKind } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Choices, Form, Select, TextInput } from "#/ui/field";
import { useProblemText } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { useShowMade } from "./secret";

type Owner = { id: string; name: string };

/** Makes a client of one of these apps with its first credential, goes to it, and shows the secret there. */
export function CreateClient({ open, onClose, apps }: { open: boolean; onClose: () => void; apps: Owner[] }) {
  const clients = useClients();
  return (
    <Dialog open={open} onClose={onClose} title={clients.new.title}>
      {open ? <Fields apps={apps} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Fields({ apps, onClose }: { apps: Owner[]; onClose: () => void }) {
  const clients = useClients();
  const { common } = useText();
  const words = clients.new;
  const navigate = useNavigate();
  const toast = useToast();
  const say = useProblemText();
  const create = useWrite("post", "/api/v1/clients");
  const make = useWrite("post", "/api/v1/clients/{id}/credentials");
  const [app, setApp] = useState(apps[0]?.id ?? "");
  const show = useShowMade(app);
  const [name, setName] = useState("");
  const [first, setFirst] = useState("client_secret");
  const submit = async () => {
    const client = await create.run({ body: { app, name } });
    onClose();
    await navigate({ to: "/api-clients/$client", params: { client: client.id } });
    if (first === "none") {
      toast(words.done(client.name));
      return;
    }
    try {
      const kind = first as CredentialKind;
      show(client, await make.run({ params: { path: { id: client.id } }, body: { kind } }));
    } catch (thrown) {
      // The client is there; its page offers to add the credential again.
      toast(say(thrown));
    }
  };
  return (
    <Form error={create.error} fields={["app", "name"]} onSubmit={() => void submit().catch(() => undefined)}>
      <p className="mb-4">{words.sub}</p>
      {apps.length > 1 ? (
        <Select
          label={words.app}
          name="app"
          value={app}
          onValue={setApp}
          options={apps.map((one) => ({ value: one.id, label: one.name }))}
          error={create.error}
        />
      ) : null}
      <TextInput
        label={words.name}
        hint={words.nameHint}
        name="name"
        value={name}
        onValue={setName}
        maxLength={120}
        autoComplete="off"
        error={create.error}
      />
      <Choices
        legend={words.first}
        name="first"
        value={first}
        onValue={setFirst}
        choices={[
          { value: "client_secret", title: words.secret, sub: words.secretHint },
          { value: "api_key", title: words.key, sub: words.keyHint },
          { value: "none", title: words.none, sub: words.noneHint },
        ]}
      />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={create.busy || make.busy}>
          {words.submit}
        </Button>
      </DialogButtons>
    </Form>
  );
}
