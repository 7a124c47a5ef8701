import { useState } from "react";
import { useDocument } from "#/client/document";
import type { UploadedVersion, Version } from "#/client/schema";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, TextInput } from "#/ui/field";
import { useToast } from "#/ui/toast";
import { isUnreadable, useCheck } from "./check";
import { type Chosen, Picker } from "./document";

type Props = { version: Version; onClose: () => void };

/** Another document for a version: its next revision. */
export function ReplaceDocument({ open, version, onClose }: Props & { open: boolean }) {
  const { revisions } = useText().versions;
  return (
    <Dialog open={open} onClose={onClose} title={revisions.replaceTitle(version.name)} wide>
      {open ? <Replace version={version} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Replace({ version, onClose }: Props) {
  const { versions, provide, common } = useText();
  const { revisions } = versions;
  const toast = useToast();
  const { run, busy, error } = useDocument<UploadedVersion>("/api/v1/versions/{id}/document", "PUT");
  const [chosen, setChosen] = useState<Chosen>({ text: "" });
  const [note, setNote] = useState("");
  const [fault, setFault] = useState<string>();
  const check = useCheck(chosen.text);
  const save = async () => {
    if (chosen.text.trim() === "") return setFault(provide.made.missing);
    if (isUnreadable(check.error)) return setFault(provide.made.mend);
    try {
      const query = note ? { note } : {};
      const made = await run(chosen.text, { params: { path: { id: version.id }, query } });
      toast(made.revision === version.revision ? revisions.unchanged : revisions.replaced(made.revision));
      onClose();
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form error={error} fields={["note"]} onSubmit={() => void save()}>
      <p className="mb-4">{revisions.replaceText}</p>
      <Picker
        value={chosen}
        onValue={(value) => {
          setChosen(value);
          setFault(undefined);
        }}
        check={check}
        fault={fault}
      />
      <TextInput label={revisions.note} name="note" optional value={note} onValue={setNote} error={error} />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={busy}>
          {revisions.submit}
        </Button>
      </DialogButtons>
    </Form>
  );
}
