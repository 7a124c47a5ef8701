import { useState } from "react";
import type { Webhook } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useWebhooks } from "#/i18n/webhooks";
import { Button } from "#/ui/button";
import { DialogButtons } from "#/ui/dialog";
import { Form, Select, TextArea, TextInput } from "#/ui/field";
import { useToast } from "#/ui/toast";
import type { Owner } from "./owners";
import { useShowSigning } from "./secret";

type FormProps =
  | { owners: Owner[]; of?: never; onDone: () => void }
  | { owners?: never; of: Webhook; onDone: () => void };

/** One pattern a line. */
const lines = (text: string) =>
  text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter(Boolean);

/** Makes a webhook, or changes one. */
export function WebhookForm({ owners, of, onDone }: FormProps) {
  const webhooks = useWebhooks();
  const { common } = useText();
  const toast = useToast();
  const show = useShowSigning();
  const create = useWrite("post", "/api/v1/webhooks");
  const edit = useWrite("patch", "/api/v1/webhooks/{id}");
  const [owner, setOwner] = useState(owners?.[0]?.id ?? "");
  const [url, setUrl] = useState(of?.url ?? "https://");
  const [description, setDescription] = useState(of?.description ?? "");
  const [events, setEvents] = useState(of?.events.join("\n") ?? "subscription.*");
  const error = create.error ?? edit.error;
  const save = async () => {
    const body = { url, description, events: lines(events) };
    if (of) {
      await edit.run({ params: { path: { id: of.id } }, body });
      toast(webhooks.saved);
      onDone();
      return;
    }
    const made = await create.run({ body: { ...body, organization: owner || undefined } });
    toast(webhooks.added(made.name));
    onDone();
    show(made.name, made.secret);
  };
  return (
    <Form
      error={error}
      fields={["organization", "url", "description", "events"]}
      onSubmit={() => void save().catch(() => undefined)}
    >
      {owners ? (
        <Select
          label={webhooks.organization}
          hint={owner ? webhooks.organizationHint : webhooks.platformHint}
          name="organization"
          error={error}
          optional
          value={owner}
          onValue={setOwner}
          options={owners.map((one) => ({ value: one.id, label: one.name }))}
        />
      ) : null}
      <TextInput
        label={webhooks.url}
        hint={webhooks.urlHint}
        name="url"
        type="url"
        maxLength={2000}
        autoComplete="off"
        error={error}
        value={url}
        onValue={setUrl}
        className="font-mono"
      />
      <TextArea
        label={webhooks.description}
        hint={webhooks.descriptionHint}
        name="description"
        maxLength={1000}
        rows={2}
        optional
        error={error}
        value={description}
        onValue={setDescription}
      />
      <TextArea
        label={webhooks.events}
        hint={webhooks.eventsHint}
        name="events"
        rows={4}
        error={error}
        value={events}
        onValue={setEvents}
        autoCapitalize="none"
        spellCheck={false}
        className="font-mono"
      />
      <DialogButtons>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={create.busy || edit.busy}>
          {of ? common.save : webhooks.add}
        </Button>
      </DialogButtons>
    </Form>
  );
}
