import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useGet, useMaybe, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button, buttonClass } from "#/ui/button";
import { Form, Select, TextArea, TextInput } from "#/ui/field";
import { Card, Crumb, PageHead } from "#/ui/page";

const NEW = "new";

/** Makes an app, and an organization for it where there is none; goes on to the request if it begins with an API. */
export function NewApp() {
  const { apps, common } = useText();
  const { api: first } = useSearch({ from: "/apps/new" });
  const navigate = useNavigate();
  const organizations = useGet("/api/v1/organizations", { params: { query: { limit: 200 } } }).items;
  const mine = organizations.filter((one) => one.may_consume);
  const api = useMaybe(first ? "/api/v1/apis/{id}" : undefined, { params: { path: { id: first ?? "" } } }).data;
  const [organization, setOrganization] = useState(mine[0]?.id ?? NEW);
  const [founded, setFounded] = useState("");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const found = useWrite("post", "/api/v1/organizations");
  const create = useWrite("post", "/api/v1/apps");
  const { form } = apps;
  const submit = async () => {
    let owner = organization;
    if (owner === NEW) {
      owner = (await found.run({ body: { name: founded } })).id;
      // It exists now, whatever becomes of the app: a second try must not make another one.
      setOrganization(owner);
    }
    const app = await create.run({ body: { organization: owner, name, description } });
    if (first) await navigate({ to: "/apis/$api/request", params: { api: first }, search: { app: app.id } });
    else await navigate({ to: "/apps/$app", params: { app: app.id } });
  };
  const choices = [...organizations.filter((one) => one.may_consume || one.id === organization)].map((one) => ({
    value: one.id,
    label: one.name,
  }));
  return (
    <>
      <PageHead
        title={form.title}
        crumb={<Crumb to="/apps">{apps.title}</Crumb>}
        sub={api ? `${form.sub} ${form.first(api.name)}` : form.sub}
      />
      <Card className="max-w-3xl">
        <Form
          error={create.error ?? (organization === NEW ? undefined : found.error)}
          fields={["name", "description", "organization"]}
          onSubmit={() => void submit().catch(() => undefined)}
        >
          {choices.length > 0 ? (
            <Select
              label={form.organization}
              hint={form.organizationHint}
              name="organization"
              value={organization}
              onValue={setOrganization}
              options={[...choices, { value: NEW, label: form.newOrganization }]}
              error={create.error}
            />
          ) : null}
          {organization === NEW ? (
            <TextInput
              label={form.organizationName}
              hint={choices.length > 0 ? undefined : form.noOrganization}
              name="name"
              value={founded}
              onValue={setFounded}
              maxLength={120}
              autoComplete="organization"
              error={found.error}
            />
          ) : null}
          <TextInput
            label={form.name}
            hint={form.nameHint}
            name="name"
            value={name}
            onValue={setName}
            maxLength={120}
            autoComplete="off"
            error={create.error}
          />
          <TextArea
            label={form.description}
            hint={form.descriptionHint}
            name="description"
            value={description}
            onValue={setDescription}
            maxLength={4000}
            optional
            error={create.error}
          />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" kind="primary" busy={create.busy || found.busy}>
              {first ? form.submitFirst : form.submit}
            </Button>
            <Link to="/apps" className={buttonClass("plain")}>
              {common.cancel}
            </Link>
          </div>
        </Form>
      </Card>
    </>
  );
}
