import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { OrganizationOverview } from "#/client/schema";
import { useList, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { day } from "#/i18n/format";
import { usePageActions } from "#/layout/pageactions";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, TextArea, TextInput } from "#/ui/field";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";

const NEW = "new";

/** The organizations that one belongs to; all of them for site administrators. */
export function Organizations() {
  const { organization } = useText();
  const { item } = useSearch({ from: "/organizations" });
  const navigate = useNavigate({ from: "/organizations" });
  const list = useList("/api/v1/organizations");
  const found = () => void navigate({ search: { item: NEW }, resetScroll: false });
  usePageActions([{ key: "found", label: organization.found, run: found }]);
  const button = (
    <Button kind="primary" onClick={found}>
      {organization.found}
    </Button>
  );
  return (
    <>
      <PageHead title={organization.title} sub={organization.sub} actions={list.items.length > 0 ? button : null} />
      <Listed
        list={list}
        empty={
          <Empty title={organization.empty} action={button}>
            {organization.emptyHint}
          </Empty>
        }
      >
        <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={organization.title}>
          <RowHead names={organization.columns} />
          {list.items.map((one) => (
            <Line key={one.id} one={one} />
          ))}
        </Rows>
      </Listed>
      <WithApi method="POST" path="/api/v1/organizations" body={{ name: "…", description: "" }} />
      <Dialog
        open={item === NEW}
        onClose={() => void navigate({ search: {}, replace: true, resetScroll: false })}
        title={organization.found}
      >
        <Found onCancel={() => void navigate({ search: {}, replace: true, resetScroll: false })} />
      </Dialog>
    </>
  );
}

function Line({ one }: { one: OrganizationOverview }) {
  const { organization } = useText();
  return (
    <Row>
      <Cell
        title={
          <Link to="/organizations/$organization" params={{ organization: one.id }} className="hover:underline">
            {one.name}
          </Link>
        }
        sub={one.description}
        className="max-md:w-full"
      />
      <Role of={one} />
      <span className="text-sm text-muted">
        <span className="md:hidden">{`${organization.created} `}</span>
        {day(one.created_at)}
      </span>
    </Row>
  );
}

/** A role is no state: it has neither glyph nor colour. */
export function RoleTag({ children }: { children: string }) {
  return (
    <span className="inline-block rounded-full border border-line px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap">
      {children}
    </span>
  );
}

/** What one is in an organization. */
export function Role({ of: { role, business_admin } }: { of: OrganizationOverview }) {
  const { organization } = useText();
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      {role ? <RoleTag>{word(organization.roles, role)}</RoleTag> : null}
      {business_admin ? <RoleTag>{organization.businessAdmin}</RoleTag> : null}
      {role || business_admin ? null : <span className="text-sm text-muted">{organization.notMember}</span>}
    </span>
  );
}

function Found({ onCancel }: { onCancel: () => void }) {
  const { organization, common } = useText();
  const toast = useToast();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const create = useWrite("post", "/api/v1/organizations");
  const submit = async () => {
    const made = await create.run({ body: { name, description } });
    toast(organization.founded(made.name));
    await navigate({ to: "/organizations/$organization", params: { organization: made.id } });
  };
  return (
    <Form
      error={create.error}
      fields={["name", "description"]}
      onSubmit={() => void submit().catch(() => undefined)}
      label={organization.found}
    >
      <p className="mb-4 text-muted">{organization.foundHint}</p>
      <TextInput
        label={common.name}
        name="name"
        maxLength={120}
        autoComplete="organization"
        error={create.error}
        value={name}
        onValue={setName}
      />
      <TextArea
        label={common.description}
        name="description"
        maxLength={4000}
        optional
        error={create.error}
        value={description}
        onValue={setDescription}
      />
      <DialogButtons>
        <Button onClick={onCancel}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={create.busy}>
          {organization.found}
        </Button>
      </DialogButtons>
    </Form>
  );
}
