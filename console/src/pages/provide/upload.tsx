import { useState } from "react";
import { useDocument } from "#/client/document";
import type { ApiOverview, UploadedVersion } from "#/client/schema";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Form, TextInput } from "#/ui/field";
import { Section } from "#/ui/page";
import { useToast } from "#/ui/toast";
import { isUnreadable, useCheck } from "./check";
import { type Chosen, Picker } from "./document";

type UploadProps = { api: ApiOverview; onMade: (id: string) => void; onClose: () => void };

/** Another document of the API as a new version. */
export function UploadVersion({ api, onMade, onClose }: UploadProps) {
  const { provide, common } = useText();
  const { definition, made } = provide;
  const toast = useToast();
  const { run, busy, error } = useDocument<UploadedVersion>("/api/v1/apis/{id}/versions");
  const [chosen, setChosen] = useState<Chosen>({ text: "" });
  const [name, setName] = useState("");
  const [fault, setFault] = useState<string>();
  const check = useCheck(chosen.text);
  const upload = async () => {
    if (chosen.text.trim() === "") return setFault(made.missing);
    if (isUnreadable(check.error)) return setFault(made.mend);
    try {
      const query = name ? { name } : {};
      const version = await run(chosen.text, { params: { path: { id: api.id }, query } });
      toast(definition.uploaded(version.name));
      onMade(version.id);
    } catch {
      // The form shows it.
    }
  };
  return (
    <Section title={definition.uploadTitle} id="upload">
      <Form error={error} fields={["name"]} onSubmit={() => void upload()} label={definition.uploadTitle}>
        <Picker
          value={chosen}
          onValue={(value) => {
            setChosen(value);
            setFault(undefined);
          }}
          check={check}
          fault={fault}
        />
        <TextInput
          label={definition.versionName}
          hint={definition.versionNameHint}
          name="name"
          optional
          maxLength={60}
          spellCheck={false}
          autoCapitalize="none"
          value={name}
          onValue={setName}
          error={error}
          className="max-w-60 font-mono"
        />
        <div className="flex gap-2">
          <Button type="submit" kind="primary" busy={busy}>
            {definition.upload}
          </Button>
          <Button onClick={onClose}>{common.cancel}</Button>
        </div>
      </Form>
    </Section>
  );
}
