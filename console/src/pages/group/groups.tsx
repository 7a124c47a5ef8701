import { Link, useSearch } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import { useRemove } from "#/client/remove";
import type { ApiGroup } from "#/client/schema";
import { useList, useMaybe, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useDesign } from "#/i18n/design";
import { Button, IconButton } from "#/ui/button";
import { Form, Select, TextArea, TextInput } from "#/ui/field";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Section } from "#/ui/page";
import { Collection, FoundPanel, type Opened } from "#/ui/panel";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { useProviders } from "../plan/owner";
import { allows, Removal } from "../plan/removal";

/** Sets of APIs: those that there are, and one of them open beside the list. */
export function ApiGroups() {
  const { groups: text } = useDesign();
  const search = useSearch({ from: "/provide/groups" });
  const list = useList("/api/v1/api_groups", { params: { query: { limit: 50 } } });
  return (
    <Collection
      text={text}
      search={search}
      list={list}
      rows={
        <Rows columns="md:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(0,1fr)]" label={text.list}>
          <RowHead names={[text.columns.name, text.columns.apis, text.columns.owner]} />
          {list.items.map((group) => (
            <Line key={group.id} group={group} item={search.item} />
          ))}
        </Rows>
      }
      panel={(opened) => <GroupPanel {...opened} />}
    />
  );
}

function Line({ group, item }: { group: ApiGroup; item: string | undefined }) {
  const { groups: text } = useDesign();
  return (
    <Row marked={group.id === item}>
      <Cell
        className="max-md:w-full"
        title={
          <Link
            to="/provide/groups"
            search={{ item: group.id }}
            resetScroll={false}
            data-item={group.id}
            aria-current={group.id === item ? "true" : undefined}
            className="hover:underline"
          >
            {group.name}
          </Link>
        }
        sub={group.description}
      />
      <span className="[overflow-wrap:anywhere]">
        {group.apis.map((api) => api.name).join(", ") || <span className="text-muted">{text.nothing}</span>}
      </span>
      <span className="text-muted [overflow-wrap:anywhere]">{group.organization.name}</span>
    </Row>
  );
}

function GroupPanel({ item, onClose, onMade }: Opened) {
  const { groups: text } = useDesign();
  const found = useMaybe(item === "new" ? undefined : "/api/v1/api_groups/{id}", { params: { path: { id: item } } });
  return (
    <FoundPanel
      title={item === "new" ? text.create : (found.data?.name ?? text.one)}
      back={text.back}
      item={item}
      onClose={onClose}
      found={found}
      fresh={<Made onMade={onMade} onClose={onClose} />}
    >
      {(group) => <Existing group={group} onClose={onClose} />}
    </FoundPanel>
  );
}

type Values = { name: string; description: string };
type FieldsProps = { values: Values; onValues: (values: Values) => void; error: unknown };

function Fields({ values, onValues, error }: FieldsProps) {
  const { groups: text } = useDesign();
  return (
    <>
      <TextInput
        label={text.name}
        name="name"
        maxLength={120}
        value={values.name}
        onValue={(name) => onValues({ ...values, name })}
        error={error}
      />
      <TextArea
        label={text.description}
        name="description"
        optional
        rows={2}
        maxLength={4000}
        value={values.description}
        onValue={(description) => onValues({ ...values, description })}
        error={error}
      />
    </>
  );
}

function Existing({ group, onClose }: { group: ApiGroup; onClose: () => unknown }) {
  const { common } = useText();
  const { groups: text } = useDesign();
  const toast = useToast();
  const edit = useWrite("patch", "/api/v1/api_groups/{id}");
  const remove = useRemove("/api/v1/api_groups/{id}");
  const [values, setValues] = useState({ name: group.name, description: group.description });
  const save = async () => {
    try {
      await edit.run({ params: { path: { id: group.id } }, body: values });
      toast(text.saved(values.name));
    } catch {
      // The form shows it.
    }
  };
  const writes = allows(group.actions, "edit");
  return (
    <>
      <Section title={text.holds} id="holds">
        <Holds group={group} writes={writes} />
      </Section>
      {writes ? (
        <>
          <Form error={edit.error} fields={["name", "description"]} onSubmit={() => void save()} label={text.one}>
            <Fields values={values} onValues={setValues} error={edit.error} />
            <Button type="submit" kind="primary" busy={edit.busy}>
              {common.save}
            </Button>
          </Form>
          <WithApi method="PATCH" path={`/api/v1/api_groups/${group.id}`} body={values} />
        </>
      ) : (
        <p className="text-muted">{group.description}</p>
      )}
      <Removal
        name={group.name}
        verb={text.remove}
        title={text.removeTitle(group.name)}
        hint={text.removeHint}
        actions={group.actions}
        busy={remove.busy}
        error={remove.error}
        onRemove={async () => {
          await remove.run(group.id, onClose);
          toast(text.deleted(group.name));
        }}
      />
    </>
  );
}

/** What is in the group, and what of its organization could be. */
function Holds({ group, writes }: { group: ApiGroup; writes: boolean }) {
  const { groups: text } = useDesign();
  const toast = useToast();
  const add = useWrite("put", "/api/v1/api_groups/{id}/apis/{api}");
  const take = useWrite("delete", "/api/v1/api_groups/{id}/apis/{api}");
  const query = { organization: group.organization.id, limit: 200 };
  const all = useMaybe(writes ? "/api/v1/apis" : undefined, { params: { query } }).data?.items ?? [];
  const others = all.filter((api) => !group.apis.some((held) => held.id === api.id));
  const [chosen, setChosen] = useState("");
  const adding = others.find((api) => api.id === chosen) ?? others[0];
  const put = async () => {
    if (!adding) return;
    await add.run({ params: { path: { id: group.id, api: adding.id } } });
    setChosen("");
    toast(text.added(adding.name));
  };
  const out = async (api: { id: string; name: string }) => {
    await take.run({ params: { path: { id: group.id, api: api.id } } });
    toast(text.removed(api.name));
  };
  return (
    <>
      <ProblemBanner error={add.error ?? take.error} />
      {group.apis.length === 0 ? <p className="mb-3 text-muted">{text.nothing}</p> : null}
      <ul className="mb-3 grid gap-1">
        {group.apis.map((api) => (
          <li key={api.id} className="flex items-center justify-between gap-2">
            <Link to="/apis/$api" params={{ api: api.id }} className="hover:underline [overflow-wrap:anywhere]">
              {api.name}
            </Link>
            {writes ? (
              <IconButton label={text.takeOut(api.name)} onClick={() => void out(api).catch(() => undefined)}>
                <X size={16} aria-hidden="true" />
              </IconButton>
            ) : null}
          </li>
        ))}
      </ul>
      {writes && others.length > 0 ? (
        <Form error={undefined} fields={[]} onSubmit={() => void put().catch(() => undefined)} label={text.add}>
          <Select
            label={text.adding}
            name="api"
            value={adding?.id ?? ""}
            onValue={setChosen}
            options={others.map((api) => ({ value: api.id, label: api.name }))}
          />
          <Button type="submit" busy={add.busy}>
            {text.add}
          </Button>
        </Form>
      ) : writes ? (
        <p className="text-sm text-muted">{text.none}</p>
      ) : null}
    </>
  );
}

function Made({ onMade, onClose }: { onMade: (id: string) => void; onClose: () => unknown }) {
  const { common } = useText();
  const { groups: text } = useDesign();
  const toast = useToast();
  const providers = useProviders();
  const { run, busy, error } = useWrite("post", "/api/v1/api_groups");
  const [organization, setOrganization] = useState(providers[0]?.id ?? "");
  const [values, setValues] = useState({ name: "", description: "" });
  if (providers.length === 0) {
    return (
      <>
        <p className="font-semibold">{text.noOrganization}</p>
        <p className="text-muted">{text.noOrganizationHint}</p>
      </>
    );
  }
  const create = async () => {
    try {
      const made = await run({ body: { ...values, organization } });
      toast(text.created(made.name));
      onMade(made.id);
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form
      error={error}
      fields={["name", "description", "organization"]}
      onSubmit={() => void create()}
      label={text.create}
    >
      <Select
        label={text.organization}
        hint={text.organizationHint}
        name="organization"
        value={organization}
        onValue={setOrganization}
        error={error}
        options={providers.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Fields values={values} onValues={setValues} error={error} />
      <div className="flex gap-2">
        <Button type="submit" kind="primary" busy={busy}>
          {text.submit}
        </Button>
        <Button onClick={onClose}>{common.cancel}</Button>
      </div>
    </Form>
  );
}
