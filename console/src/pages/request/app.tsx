import { type KeyboardEvent, Suspense, useRef, useState } from "react";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Select, TextInput } from "#/ui/field";
import { Waiting } from "#/ui/list";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";

const NEW = "new";

/** An app, made in passing: the request goes on with it. It is a part of the request's form and no form of its own. */
export function AppForm({ first, onCreated }: { first: boolean; onCreated: (id: string) => void }) {
  const { request } = useText();
  const [open, setOpen] = useState(first);
  if (!open) return <Button onClick={() => setOpen(true)}>{request.newApp}</Button>;
  return (
    <div className="rounded-md border border-dashed border-line p-4">
      {first ? (
        <>
          <p className="font-semibold">{request.noApps}</p>
          <p className="mb-3 text-muted">{request.noAppsHint}</p>
        </>
      ) : null}
      <Suspense fallback={<Waiting />}>
        <Fields
          onCreated={(id) => {
            setOpen(false);
            onCreated(id);
          }}
        />
      </Suspense>
    </div>
  );
}

function Fields({ onCreated }: { onCreated: (id: string) => void }) {
  const { request } = useText();
  const toast = useToast();
  const organizations = useGet("/api/v1/organizations", { params: { query: { limit: 200 } } }).items.filter(
    (one) => one.may_consume,
  );
  const [name, setName] = useState("");
  const [organization, setOrganization] = useState(organizations[0]?.id ?? NEW);
  const [founded, setFounded] = useState("");
  const found = useWrite("post", "/api/v1/organizations");
  const create = useWrite("post", "/api/v1/apps");
  const error = found.error ?? create.error;
  const fields = useRef<HTMLDivElement>(null);
  const make = async () => {
    // Nothing is made as long as a name is missing: the place for it takes the focus.
    const empty = [...(fields.current?.querySelectorAll("input") ?? [])].find((input) => input.value.trim() === "");
    if (empty) {
      empty.focus();
      return;
    }
    let owner = organization;
    if (owner === NEW) {
      owner = (await found.run({ body: { name: founded, description: "" } })).id;
      // It exists now, whatever becomes of the app: a second try must not make another one.
      setOrganization(owner);
    }
    const app = await create.run({ body: { organization: owner, name, description: "" } });
    toast(request.appCreated(app.name));
    onCreated(app.id);
  };
  // Enter makes the app; the form around it is that of the request.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    void make().catch(() => undefined);
  };
  return (
    <div ref={fields}>
      {error && !error.problem.errors?.length ? <ProblemBanner error={error} /> : null}
      <TextInput
        label={request.appName}
        hint={request.appNameHint}
        name="name"
        value={name}
        onValue={setName}
        error={create.error}
        required={false}
        onKeyDown={onKeyDown}
      />
      {organizations.length > 0 ? (
        <Select
          label={request.appOrganization}
          name="organization"
          value={organization}
          onValue={setOrganization}
          error={create.error}
          options={[
            ...organizations.map((one) => ({ value: one.id, label: one.name })),
            { value: NEW, label: request.newOrganization },
          ]}
        />
      ) : null}
      {organization === NEW ? (
        <TextInput
          label={request.organizationName}
          name="name"
          value={founded}
          onValue={setFounded}
          error={found.error}
          required={false}
          onKeyDown={onKeyDown}
        />
      ) : null}
      <Button busy={found.busy || create.busy} onClick={() => void make().catch(() => undefined)}>
        {request.createApp}
      </Button>
    </div>
  );
}
