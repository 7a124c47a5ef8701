import { useState } from "react";
import type { ClientOverview as Client, Credential } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Choices, Form } from "#/ui/field";
import { When } from "#/ui/time";
import { useShowMade } from "./secret";

/** A new secret or key beside the old one, which ends when the software has had the time to change over. */
export function Rotate(props: { client: Client; credential: Credential | undefined; onClose: () => void }) {
  const clients = useClients();
  const { client, credential, onClose } = props;
  if (!credential) return null;
  const name = clients.list.name(word(clients.kinds, credential.kind), credential.hint);
  return (
    <Dialog open onClose={onClose} title={clients.rotate.title(name)}>
      <Plan client={client} credential={credential} onClose={onClose} />
    </Dialog>
  );
}

function Plan({ client, credential, onClose }: { client: Client; credential: Credential; onClose: () => void }) {
  const clients = useClients();
  const { common } = useText();
  const words = clients.rotate;
  const show = useShowMade(client.app.id);
  const rotate = useWrite("post", "/api/v1/credentials/{id}/rotate");
  const [ends, setEnds] = useState("24h");
  const submit = async () => {
    const made = await rotate.run({
      params: { path: { id: credential.id } },
      body: { old_ends: ends },
    });
    onClose();
    show(client, made);
  };
  return (
    <Form error={rotate.error} fields={[]} onSubmit={() => void submit().catch(() => undefined)}>
      <p className="mb-2">{words.hint}</p>
      <p className="mb-4 font-semibold">
        {credential.last_used_at ? (
          <>
            {clients.list.used} <When at={credential.last_used_at} />
          </>
        ) : (
          words.unused
        )}
      </p>
      <Choices
        legend={words.end}
        name="ends"
        value={ends}
        onValue={setEnds}
        choices={[
          { value: "now", title: words.now, sub: words.nowHint },
          { value: "1h", title: words.hour },
          { value: "24h", title: words.day },
          { value: "7d", title: words.week },
        ]}
      />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={rotate.busy}>
          {words.submit}
        </Button>
      </DialogButtons>
    </Form>
  );
}
