import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Group, GroupDetail } from "#/client/schema";
import { useList, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useParties } from "#/i18n/parties";
import { Button } from "#/ui/button";
import { DialogButtons } from "#/ui/dialog";
import { Form, Select, TextArea, TextInput } from "#/ui/field";
import { useToast } from "#/ui/toast";

const FIELDS = ["name", "description", "contract_number", "parent"];
type Entered = { name: string; description: string; contract_number: string; parent: string };

/** What it says about a group, and where it hangs. */
function Fields(props: {
  start: Entered;
  /** Where it may hang. */
  places: Group[];
  verb: string;
  busy: boolean;
  error: unknown;
  onSave: (entered: Entered) => Promise<void>;
  onCancel: () => void;
}) {
  const { start, places, verb, busy, error, onSave, onCancel } = props;
  const { common } = useText();
  const { groups } = useParties();
  const [entered, setEntered] = useState(start);
  const set = (some: Partial<Entered>) => setEntered((now) => ({ ...now, ...some }));
  return (
    <Form error={error} fields={FIELDS} onSubmit={() => void onSave(entered).catch(() => undefined)} label={verb}>
      <TextInput
        label={groups.name}
        hint={groups.nameHint}
        name="name"
        maxLength={120}
        error={error}
        value={entered.name}
        onValue={(name) => set({ name })}
      />
      <TextArea
        label={groups.description}
        name="description"
        maxLength={4000}
        rows={2}
        optional
        error={error}
        value={entered.description}
        onValue={(description) => set({ description })}
      />
      <TextInput
        label={groups.contract}
        hint={groups.contractHint}
        name="contract_number"
        maxLength={80}
        optional
        error={error}
        value={entered.contract_number}
        onValue={(contract_number) => set({ contract_number })}
      />
      <Select
        label={groups.parent}
        name="parent"
        optional
        error={error}
        value={entered.parent}
        onValue={(parent) => set({ parent })}
        options={[{ value: "", label: groups.root }, ...places.map((one) => ({ value: one.id, label: one.name }))]}
      />
      <DialogButtons>
        <Button onClick={onCancel}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={busy}>
          {verb}
        </Button>
      </DialogButtons>
    </Form>
  );
}

type NewProps = { organization: string; all: Group[]; parent?: string; onDone: () => void };

/** Makes a group. */
export function NewGroup({ organization, all, parent = "", onDone }: NewProps) {
  const { groups } = useParties();
  const toast = useToast();
  const create = useWrite("post", "/api/v1/groups");
  const save = async ({ parent: chosen, ...entered }: Entered) => {
    const made = await create.run({ body: { organization, ...entered, ...(chosen ? { parent: chosen } : {}) } });
    toast(groups.made(made.name));
    onDone();
  };
  return (
    <Fields
      start={{ name: "", description: "", contract_number: "", parent }}
      places={all}
      verb={groups.add}
      busy={create.busy}
      error={create.error}
      onSave={save}
      onCancel={onDone}
    />
  );
}

/** Changes a group, or moves it. */
export function EditGroup({ group, onDone }: { group: GroupDetail; onDone: () => void }) {
  const { common } = useText();
  const { groups } = useParties();
  const toast = useToast();
  const all = useList("/api/v1/groups", { params: { query: { organization: group.organization, limit: 200 } } }).items;
  const edit = useWrite("patch", "/api/v1/groups/{id}");
  const save = async ({ parent, ...entered }: Entered) => {
    await edit.run({ params: { path: { id: group.id } }, body: { ...entered, parent: parent || null } });
    toast(groups.saved(entered.name));
    onDone();
  };
  return (
    <Fields
      start={{ ...group, parent: group.parent ?? "" }}
      places={all.filter((one) => one.id !== group.id)}
      verb={common.save}
      busy={edit.busy}
      error={edit.error}
      onSave={save}
      onCancel={onDone}
    />
  );
}

/** Puts a member of the organization into a group. */
export function AddPerson({ group, onDone }: { group: GroupDetail; onDone: () => void }) {
  const { common } = useText();
  const { groups } = useParties();
  const toast = useToast();
  const path = { id: group.organization };
  const members = useList("/api/v1/organizations/{id}/members", { params: { path, query: { limit: 200 } } }).items;
  const put = useWrite("put", "/api/v1/groups/{id}/members/{user}");
  const [user, setUser] = useState("");
  const chosen = user || members[0]?.user.id || "";
  const save = async () => {
    await put.run({ params: { path: { id: group.id, user: chosen } } });
    toast(groups.memberAdded(members.find((one) => one.user.id === chosen)?.user.display_name ?? ""));
    onDone();
  };
  return (
    <Form error={put.error} fields={["user"]} onSubmit={() => void save().catch(() => undefined)}>
      <Select
        label={groups.person}
        hint={groups.personHint}
        name="user"
        error={put.error}
        value={chosen}
        onValue={setUser}
        options={members.map((one) => ({ value: one.user.id, label: one.user.display_name }))}
      />
      <DialogButtons>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={put.busy} disabled={!chosen}>
          {common.add}
        </Button>
      </DialogButtons>
    </Form>
  );
}

/** Deletes a group and goes back to the tree. */
export function useRemoval(group: GroupDetail) {
  const { groups } = useParties();
  const toast = useToast();
  const navigate = useNavigate();
  const remove = useWrite("delete", "/api/v1/groups/{id}");
  const run = async () => {
    await remove.run({ params: { path: { id: group.id } } });
    toast(groups.removed(group.name));
    await navigate({ to: "/organizations/$organization/groups", params: { organization: group.organization } });
  };
  return { run, busy: remove.busy, error: remove.error };
}
