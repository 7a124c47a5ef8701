import { useState } from "react";
import type { Contact } from "#/client/schema";
import { useText } from "#/i18n";
import { useParties } from "#/i18n/parties";
import { Button } from "#/ui/button";
import { DialogButtons } from "#/ui/dialog";
import { Form, Select, TextArea, TextInput } from "#/ui/field";

export type Entered = { name: string; description: string; contact: Contact; managed_by?: string };
export type Start = { name: string; description: string; contact: Contact };

const NOTHING: Start = { name: "", description: "", contact: { name: "", email: "", url: "" } };
const FIELDS = ["name", "description", "contact/name", "contact/email", "contact/url", "managed_by"];

type Props = {
  /** What it is now; nothing for one that is being founded. */
  start?: Start;
  verb: string;
  hint?: string;
  busy: boolean;
  error: unknown;
  /** Organizations of one's own that a new one can be managed by. */
  managers?: { id: string; name: string }[];
  manager?: string;
  onSave: (entered: Entered) => Promise<void>;
  onCancel: () => void;
};

/** An organization's own words about itself, for founding and for editing. */
export function OrganizationForm(props: Props) {
  const { start = NOTHING, verb, hint, busy, error, managers = [], onSave, onCancel } = props;
  const { organization, common } = useText();
  const { form } = useParties();
  const [name, setName] = useState(start.name);
  const [description, setDescription] = useState(start.description);
  const [contact, setContact] = useState(start.contact);
  const [manager, setManager] = useState(props.manager ?? "");
  const entered = { name, description, contact, ...(manager ? { managed_by: manager } : {}) };
  return (
    <Form error={error} fields={FIELDS} onSubmit={() => void onSave(entered).catch(() => undefined)} label={verb}>
      {hint ? <p className="mb-4 text-muted">{hint}</p> : null}
      <TextInput
        label={common.name}
        hint={organization.nameHint}
        name="name"
        maxLength={120}
        autoComplete="organization"
        error={error}
        value={name}
        onValue={setName}
      />
      <TextArea
        label={common.description}
        name="description"
        maxLength={4000}
        optional
        error={error}
        value={description}
        onValue={setDescription}
      />
      <fieldset>
        <legend className="mb-2 font-semibold">{form.contact}</legend>
        <TextInput
          label={form.contactName}
          hint={form.contactNameHint}
          name="contact/name"
          maxLength={120}
          optional
          error={error}
          value={contact.name}
          onValue={(value) => setContact({ ...contact, name: value })}
        />
        <TextInput
          label={form.contactEmail}
          name="contact/email"
          type="email"
          optional
          error={error}
          value={contact.email}
          onValue={(value) => setContact({ ...contact, email: value })}
        />
        <TextInput
          label={form.contactUrl}
          hint={form.contactUrlHint}
          name="contact/url"
          type="url"
          optional
          error={error}
          value={contact.url}
          onValue={(value) => setContact({ ...contact, url: value })}
        />
      </fieldset>
      {managers.length > 0 ? (
        <Select
          label={form.managedBy}
          hint={form.managedByHint}
          name="managed_by"
          optional
          error={error}
          value={manager}
          onValue={setManager}
          options={[{ value: "", label: form.nobody }, ...managers.map((one) => ({ value: one.id, label: one.name }))]}
        />
      ) : null}
      <DialogButtons>
        <Button onClick={onCancel}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={busy}>
          {verb}
        </Button>
      </DialogButtons>
    </Form>
  );
}
