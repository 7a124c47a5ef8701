import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useRemove } from "#/client/remove";
import type { ApiOverview, Visibility } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button } from "#/ui/button";
import { Confirm } from "#/ui/dialog";
import { Checkbox, Choices, Form, TextArea, TextInput } from "#/ui/field";
import { Card, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { Administrators } from "./administrators";
import { Agreements } from "./agreements";
import { Place } from "./place";
import { useProvided } from "./use";

const VISIBILITIES: Visibility[] = ["public", "registered", "private"];

/** What an API is called, who may know of it, who administers it, and what consumers accept. */
export function ProvidedSettings() {
  const { settings } = useText().provide;
  const api = useProvided();
  return (
    <div className="max-w-4xl">
      <Section title={settings.profile} id="profile">
        <Profile api={api} />
      </Section>
      <Place api={api} />
      <Administrators api={api} />
      <Agreements api={api} />
      <Section title={settings.danger} id="danger">
        <Danger api={api} />
      </Section>
    </div>
  );
}

function Profile({ api }: { api: ApiOverview }) {
  const { provide } = useText();
  const { settings, made } = provide;
  const toast = useToast();
  const { run, busy, error } = useWrite("patch", "/api/v1/apis/{id}");
  const [values, setValues] = useState({
    name: api.name,
    description: api.description,
    visibility: api.visibility,
    subscription_required: api.subscription_required,
  });
  const set = (change: Partial<typeof values>) => setValues({ ...values, ...change });
  const save = async () => {
    try {
      await run({ params: { path: { id: api.id } }, body: values });
      toast(settings.saved);
    } catch {
      // The form shows it.
    }
  };
  return (
    <Card>
      <Form error={error} fields={["name", "description"]} onSubmit={() => void save()} label={settings.profile}>
        <fieldset disabled={!api.may_edit}>
          <TextInput
            label={made.name}
            name="name"
            maxLength={120}
            value={values.name}
            onValue={(name) => set({ name })}
            error={error}
          />
          <TextArea
            label={made.description}
            name="description"
            optional
            rows={3}
            maxLength={4000}
            value={values.description}
            onValue={(description) => set({ description })}
            error={error}
          />
          <Choices
            legend={made.visibility}
            name="visibility"
            value={values.visibility}
            onValue={(visibility) => set({ visibility: visibility as Visibility })}
            choices={VISIBILITIES.map((value) => ({
              value,
              title: word(provide.visibilities, value),
              sub: word(provide.visibilityHints, value),
            }))}
          />
          <Checkbox
            label={settings.subscriptionRequired}
            hint={settings.subscriptionRequiredHint}
            checked={values.subscription_required}
            onChecked={(subscription_required) => set({ subscription_required })}
          />
          {api.may_edit ? (
            <Button type="submit" kind="primary" busy={busy}>
              {settings.save}
            </Button>
          ) : (
            <p className="text-muted">{settings.readOnly}</p>
          )}
        </fieldset>
      </Form>
      <WithApi method="PATCH" path={`/api/v1/apis/${api.id}`} body={values} />
    </Card>
  );
}

function Danger({ api }: { api: ApiOverview }) {
  const { provide, common } = useText();
  const { settings } = provide;
  const toast = useToast();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const { run, busy, error, reset } = useRemove("/api/v1/apis/{id}");
  const offer = api.actions.find((one) => one.action === "delete");
  const remove = async () => {
    try {
      await run(api.id, () => navigate({ to: "/provide/apis" }));
      toast(settings.removed(api.name));
    } catch {
      // The dialog shows it.
    }
  };
  if (!offer?.allowed) {
    const reason = offer?.reason === "role" ? settings.removeDenied : word(common.reasons, offer?.reason ?? "state");
    return (
      <Refused reason={reason} kind="danger">
        {settings.remove}
      </Refused>
    );
  }
  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        {settings.remove}
      </Button>
      <Confirm
        open={open}
        onClose={() => {
          reset();
          setOpen(false);
        }}
        title={settings.removeTitle(api.name)}
        verb={settings.remove}
        danger
        typed={api.name}
        busy={busy}
        error={error}
        onConfirm={() => void remove()}
      >
        <p>{settings.removeHint}</p>
        {api.counts ? (
          <p className="mt-2 font-semibold">{settings.removeNumbers(api.counts.active, api.counts.access_requested)}</p>
        ) : null}
      </Confirm>
    </>
  );
}
