import { Outlet, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { OrganizationOverview } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { day } from "#/i18n/format";
import { usePageActions } from "#/layout/pageactions";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, TextArea, TextInput } from "#/ui/field";
import { Crumb, PageHead, Tabs } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { Role } from "./list";

/** The organization of the address. */
export function useOrganization(): OrganizationOverview {
  const { organization: id } = useParams({ from: "/organizations/$organization" });
  return useGet("/api/v1/organizations/{id}", { params: { path: { id } } });
}

/** An organization, and the tabs of its parts. */
export function Organization() {
  const { organization } = useText();
  const one = useOrganization();
  const [editing, setEditing] = useState(false);
  usePageActions(
    one.may_edit ? [{ key: "edit", label: organization.editTitle(one.name), run: () => setEditing(true) }] : [],
  );
  const params = { organization: one.id };
  return (
    <>
      <PageHead
        title={one.name}
        crumb={<Crumb to="/organizations">{organization.title}</Crumb>}
        state={<Role of={one} />}
        sub={
          <>
            {one.description ? <p>{one.description}</p> : null}
            <p className="flex flex-wrap items-center gap-x-2 text-sm">
              <Copyable value={one.id} what={organization.id} />
              <span>·</span>
              <span>{`${organization.created} ${day(one.created_at)}`}</span>
            </p>
          </>
        }
        actions={
          one.may_edit ? (
            <Button onClick={() => setEditing(true)}>{organization.edit}</Button>
          ) : (
            <Refused reason={organization.onlyOwners}>{organization.edit}</Refused>
          )
        }
      />
      <Tabs
        label={organization.parts}
        tabs={[
          { to: "/organizations/$organization", params, label: organization.people, exact: true },
          { to: "/organizations/$organization/destinations", params, label: organization.destinations },
          { to: "/organizations/$organization/holdings", params, label: organization.holdings },
        ]}
      />
      <Outlet />
      <WithApi method="PATCH" path={`/api/v1/organizations/${one.id}`} body={{ description: one.description }} />
      <Dialog open={editing} onClose={() => setEditing(false)} title={organization.editTitle(one.name)}>
        <Edit one={one} onDone={() => setEditing(false)} />
      </Dialog>
    </>
  );
}

function Edit({ one, onDone }: { one: OrganizationOverview; onDone: () => void }) {
  const { organization, common } = useText();
  const toast = useToast();
  const [name, setName] = useState(one.name);
  const [description, setDescription] = useState(one.description);
  const edit = useWrite("patch", "/api/v1/organizations/{id}");
  const save = async () => {
    await edit.run({ params: { path: { id: one.id } }, body: { name, description } });
    toast(common.saved);
    onDone();
  };
  return (
    <Form error={edit.error} fields={["name", "description"]} onSubmit={() => void save().catch(() => undefined)}>
      <TextInput
        label={common.name}
        hint={organization.nameHint}
        name="name"
        maxLength={120}
        error={edit.error}
        value={name}
        onValue={setName}
      />
      <TextArea
        label={common.description}
        name="description"
        maxLength={4000}
        optional
        error={edit.error}
        value={description}
        onValue={setDescription}
      />
      <DialogButtons>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={edit.busy}>
          {common.save}
        </Button>
      </DialogButtons>
    </Form>
  );
}
