import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import type { ClientOverview as Client, Credential } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Checkbox, Form, TextArea, TextInput } from "#/ui/field";
import { useToast } from "#/ui/toast";
import { fromBytes, fromText, type Read } from "./pem";

type AddProps = { client: Client; onClose: () => void };

/** Adds a certificate from a file or a pasted text; what is sent is base64 of its DER. */
export function AddCertificate({ client, onClose }: AddProps) {
  const clients = useClients();
  return (
    <Dialog open onClose={onClose} title={clients.certificate.title}>
      <Adding client={client} onClose={onClose} />
    </Dialog>
  );
}

function Adding({ client, onClose }: AddProps) {
  const clients = useClients();
  const { common } = useText();
  const words = clients.certificate;
  const toast = useToast();
  const add = useWrite("post", "/api/v1/clients/{id}/credentials");
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string>();
  const [description, setDescription] = useState("");
  const [flags, setFlags] = useState({ expired: false, trusted: false });
  const say = (read: Read) => (read.fault ? words.faults[read.fault] : undefined);
  const take = async (file: File | undefined) => {
    if (!file) return;
    const read = fromBytes(new Uint8Array(await file.arrayBuffer()));
    setText(read.certificate ?? "");
    setFault(say(read));
  };
  const submit = async () => {
    const read = fromText(text);
    setFault(say(read));
    if (read.fault) return;
    const made = await add.run({
      params: { path: { id: client.id } },
      body: {
        kind: "certificate",
        certificate: read.certificate,
        description,
        allow_expired: flags.expired,
        skip_chain_checks: flags.trusted,
      },
    });
    toast(words.done(made.hint));
    onClose();
  };
  return (
    <Form
      error={add.error}
      fields={["certificate", "description"]}
      onSubmit={() => void submit().catch(() => undefined)}
      label={words.title}
    >
      <p className="mb-4 max-w-[62ch]">{words.hint}</p>
      <div className="mb-3">
        <Button onClick={() => input.current?.click()}>
          <FileUp size={16} aria-hidden="true" />
          {words.file}
        </Button>
        <input
          ref={input}
          type="file"
          aria-label={words.file}
          tabIndex={-1}
          accept=".pem,.crt,.cer,.der"
          className="sr-only"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      <TextArea
        label={words.text}
        hint={words.textHint}
        name="certificate"
        rows={5}
        value={text}
        onValue={(value) => {
          setText(value);
          setFault(undefined);
        }}
        spellCheck={false}
        fault={fault}
        error={add.error}
        className="font-mono text-sm"
      />
      <TextInput
        label={clients.make.description}
        name="description"
        value={description}
        onValue={setDescription}
        maxLength={200}
        autoComplete="off"
        optional
        error={add.error}
      />
      <Flags value={flags} onValue={setFlags} />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={add.busy}>
          {words.submit}
        </Button>
      </DialogButtons>
    </Form>
  );
}

type FlagsValue = { expired: boolean; trusted: boolean };

function Flags({ value, onValue }: { value: FlagsValue; onValue: (value: FlagsValue) => void }) {
  const words = useClients().certificate;
  return (
    <>
      <Checkbox
        label={words.allowExpired}
        hint={words.allowExpiredHint}
        checked={value.expired}
        onChecked={(expired) => onValue({ ...value, expired })}
      />
      <Checkbox
        label={words.skipChain}
        hint={words.skipChainHint}
        checked={value.trusted}
        onChecked={(trusted) => onValue({ ...value, trusted })}
      />
    </>
  );
}

/** The note of a certificate, and how it is checked. Its end is its own. */
export function EditCertificate({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const clients = useClients();
  const { common } = useText();
  const toast = useToast();
  const save = useWrite("patch", "/api/v1/credentials/{id}");
  const of = credential.certificate;
  const [description, setDescription] = useState(credential.description);
  const [flags, setFlags] = useState({ expired: of?.allow_expired ?? false, trusted: of?.skip_chain_checks ?? false });
  const submit = async () => {
    await save.run({
      params: { path: { id: credential.id } },
      body: { description, allow_expired: flags.expired, skip_chain_checks: flags.trusted },
    });
    toast(common.saved);
    onClose();
  };
  return (
    <Form error={save.error} fields={["description"]} onSubmit={() => void submit().catch(() => undefined)}>
      <TextInput
        label={clients.make.description}
        name="description"
        value={description}
        onValue={setDescription}
        maxLength={200}
        autoComplete="off"
        optional
        error={save.error}
      />
      <Flags value={flags} onValue={setFlags} />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={save.busy}>
          {common.save}
        </Button>
      </DialogButtons>
    </Form>
  );
}
