import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { AppOverview } from "#/client/schema";
import { useMaybe, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { number } from "#/i18n/format";
import { Button } from "#/ui/button";
import { Confirm } from "#/ui/dialog";
import { Form, TextArea, TextInput } from "#/ui/field";
import { Card, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { useApp } from "./app";

/** Name and purpose of the app, and its end. */
export function AppSettings() {
  const { apps, common } = useText();
  const app = useApp();
  const [deleting, setDeleting] = useState(false);
  const remove = app.actions.find((offer) => offer.action === "delete");
  const verb = word(common.actions, "delete");
  return (
    <>
      <Section id="settings" title={apps.settings.title} sub={app.may_edit ? undefined : apps.settings.denied}>
        {app.may_edit ? (
          <Card className="max-w-3xl">
            <Edit key={app.id} app={app} />
          </Card>
        ) : null}
      </Section>
      <WithApi method="PATCH" path={`/api/v1/apps/${app.id}`} body={{ name: app.name, description: app.description }} />
      <Section id="danger" title={apps.settings.danger}>
        <Card className="flex max-w-3xl flex-wrap items-center justify-between gap-3">
          <div>
            <p className="font-semibold">{apps.settings.delete}</p>
            <p className="max-w-[52ch] text-sm text-muted">{apps.settings.deleteHint}</p>
          </div>
          {remove?.allowed ? (
            <Button kind="danger" onClick={() => setDeleting(true)}>
              {verb}
            </Button>
          ) : (
            <Refused reason={apps.settings.deleteDenied} kind="danger">
              {verb}
            </Refused>
          )}
        </Card>
      </Section>
      {deleting ? <Delete app={app} onClose={() => setDeleting(false)} /> : null}
    </>
  );
}

function Edit({ app }: { app: AppOverview }) {
  const { apps, common } = useText();
  const toast = useToast();
  const save = useWrite("patch", "/api/v1/apps/{id}");
  const [name, setName] = useState(app.name);
  const [description, setDescription] = useState(app.description);
  const submit = async () => {
    await save.run({ params: { path: { id: app.id } }, body: { name, description } });
    toast(common.saved);
  };
  return (
    <Form error={save.error} fields={["name", "description"]} onSubmit={() => void submit().catch(() => undefined)}>
      <TextInput
        label={apps.form.name}
        hint={apps.form.nameHint}
        name="name"
        value={name}
        onValue={setName}
        maxLength={120}
        autoComplete="off"
        error={save.error}
      />
      <TextArea
        label={apps.form.description}
        hint={apps.form.descriptionHint}
        name="description"
        value={description}
        onValue={setDescription}
        maxLength={4000}
        optional
        error={save.error}
      />
      <Button type="submit" kind="primary" busy={save.busy}>
        {common.save}
      </Button>
    </Form>
  );
}

function Delete({ app, onClose }: { app: AppOverview; onClose: () => void }) {
  const { apps, common } = useText();
  const navigate = useNavigate();
  const toast = useToast();
  const remove = useWrite("delete", "/api/v1/apps/{id}");
  const clients = useMaybe("/api/v1/apps/{id}/clients", { params: { path: { id: app.id } } }).data?.items.length;
  const usage = useMaybe("/api/v1/usage", { params: { query: { app: app.id, step: "hour" } } }).data;
  const calls = usage?.items.reduce((sum, stretch) => sum + stretch.calls, 0);
  const access = app.counts.active + app.counts.access_requested + app.counts.suspended;
  const confirm = async () => {
    await remove.run({ params: { path: { id: app.id } } });
    onClose();
    await navigate({ to: "/apps" });
    toast(apps.settings.deleted(app.name));
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={apps.settings.deleteTitle(app.name)}
      verb={word(common.actions, "delete")}
      danger
      typed={app.name}
      busy={remove.busy}
      error={remove.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      <p>{apps.settings.deleteMeaning}</p>
      {clients === undefined || calls === undefined ? null : (
        <p className="mt-3 font-semibold">{apps.settings.counts(number(clients), number(access), number(calls))}</p>
      )}
    </Confirm>
  );
}
