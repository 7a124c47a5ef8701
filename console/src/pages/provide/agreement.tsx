import { useState } from "react";
import type { Agreement } from "#/client/schema";
import { useMaybe, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, Select, TextArea, TextInput } from "#/ui/field";
import { useToast } from "#/ui/toast";

type WritingProps = {
  api: string | undefined;
  /** What is to be changed; without it a new version is written. */
  draft: Agreement | undefined;
  before: Agreement | undefined;
  onClose: () => void;
};

/** Writes a text that consumers accept, or changes one that is not published yet. */
export function WriteAgreement({ open, ...props }: WritingProps & { open: boolean }) {
  const { settings } = useText().provide;
  return (
    <Dialog open={open} onClose={props.onClose} title={settings.publishAgreement} wide>
      {open ? <Writing {...props} /> : null}
    </Dialog>
  );
}

function Writing({ api, draft, before, onClose }: WritingProps) {
  const { provide, contracts, common } = useText();
  const { settings } = provide;
  const toast = useToast();
  const ofApi = useWrite("post", "/api/v1/apis/{id}/agreements");
  const own = useWrite("post", "/api/v1/agreements");
  const change = useWrite("patch", "/api/v1/agreements/{id}");
  const known = useMaybe(draft ? "/api/v1/agreements/{id}" : undefined, { params: { path: { id: draft?.id ?? "" } } });
  const [title, setTitle] = useState(draft?.title ?? before?.title ?? "");
  const [written, setText] = useState<string>();
  const [state, setState] = useState<"uploaded" | "published" | "active">("uploaded");
  const text = written ?? known.data?.text ?? "";
  const error = ofApi.error ?? own.error ?? change.error;
  const save = async () => {
    try {
      if (draft) await change.run({ params: { path: { id: draft.id } }, body: { title, text } });
      else if (api) await ofApi.run({ params: { path: { id: api } }, body: { title, text, state } });
      else await own.run({ body: { title, text, state } });
      toast(contracts.agreementSaved);
      onClose();
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form
      error={error}
      fields={["title", "text", "state"]}
      onSubmit={() => void save()}
      label={settings.publishAgreement}
    >
      <p className="mb-4 text-muted">{settings.publishAgreementHint}</p>
      <TextInput
        label={settings.agreementTitle}
        name="title"
        maxLength={120}
        value={title}
        onValue={setTitle}
        error={error}
      />
      <TextArea
        label={settings.agreementText}
        hint={settings.agreementTextHint}
        name="text"
        rows={12}
        value={text}
        onValue={setText}
        error={error}
      />
      {draft ? null : (
        <Select
          label={contracts.agreementHow}
          name="state"
          value={state}
          onValue={(value) => setState(value as typeof state)}
          error={error}
          options={(["uploaded", "published", "active"] as const).map((value) => ({
            value,
            label: contracts.agreementHows[value],
          }))}
        />
      )}
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={ofApi.busy || own.busy || change.busy}>
          {common.save}
        </Button>
      </DialogButtons>
    </Form>
  );
}
