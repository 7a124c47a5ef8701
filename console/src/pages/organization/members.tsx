import { useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import type { MemberView, OrganizationRole } from "#/client/schema";
import { session } from "#/client/session";
import { useGet, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { usePageActions } from "#/layout/pageactions";
import { Button } from "#/ui/button";
import { Confirm, Dialog, DialogButtons } from "#/ui/dialog";
import { Choices, Form, TextInput } from "#/ui/field";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Menu } from "#/ui/menu";
import { Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { BusinessAdmins } from "./business";
import { RoleTag } from "./list";
import { useOrganization } from "./organization";
import { usePersonByName } from "./person";

const ROLES: OrganizationRole[] = ["OWNER", "READ_ONLY", "NONE"];

/** Who belongs to an organization, and who decides for it. */
export function Members() {
  const { organization } = useText();
  const { id, may_manage: mayManage } = useOrganization();
  const { items } = useGet("/api/v1/organizations/{id}/members", { params: { path: { id } } });
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<MemberView>();
  const [removing, setRemoving] = useState<MemberView>();
  usePageActions(mayManage ? [{ key: "add", label: organization.addMember, run: () => setAdding(true) }] : []);
  return (
    <>
      <Section
        title={organization.people}
        sub={organization.membersHint}
        id="members"
        actions={
          mayManage ? (
            <Button kind="primary" onClick={() => setAdding(true)}>
              {organization.addMember}
            </Button>
          ) : (
            <Refused reason={organization.onlyOwners}>{organization.addMember}</Refused>
          )
        }
      >
        <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={organization.people}>
          <RowHead names={organization.memberColumns} />
          {items.map((member) => (
            <Line
              key={member.user.id}
              member={member}
              onChange={() => setChanging(member)}
              onRemove={() => setRemoving(member)}
            />
          ))}
        </Rows>
      </Section>
      <BusinessAdmins />
      <Dialog open={adding} onClose={() => setAdding(false)} title={organization.addMember}>
        <Add onDone={() => setAdding(false)} />
      </Dialog>
      <Dialog
        open={changing !== undefined}
        onClose={() => setChanging(undefined)}
        title={organization.roleOf(changing?.user.display_name ?? "")}
      >
        {changing ? <ChangeRole member={changing} onDone={() => setChanging(undefined)} /> : null}
      </Dialog>
      <Removal member={removing} onDone={() => setRemoving(undefined)} />
    </>
  );
}

type LineProps = { member: MemberView; onChange: () => void; onRemove: () => void };

function Line({ member: { user, role, actions }, onChange, onRemove }: LineProps) {
  const { organization, common } = useText();
  const isMe = user.id === session().user.id;
  // Whoever manages nothing here sees no menu; what is refused to those who do stays in it with its reason.
  const managed = actions.some((offer) => offer.allowed || offer.reason !== "role");
  const words: Record<string, string> = {
    change_role: organization.changeRole,
    remove: isMe ? organization.leave : organization.removeMember,
  };
  return (
    <Row>
      <Cell
        title={isMe ? `${user.display_name} (${common.you})` : user.display_name}
        sub={user.username}
        className="max-md:grow"
      />
      <span>
        <RoleTag>{word(organization.roles, role)}</RoleTag>
      </span>
      {managed ? (
        <Menu
          label={common.moreActions(user.display_name)}
          trigger={<Ellipsis size={18} aria-hidden="true" />}
          entries={actions.map(({ action, allowed, reason }) => ({
            key: action,
            label: word(words, action),
            onSelect: action === "remove" ? onRemove : onChange,
            danger: action === "remove",
            reason: allowed ? undefined : word(organization.memberReasons, reason ?? "role"),
          }))}
        />
      ) : (
        <span />
      )}
    </Row>
  );
}

function useRoleChoices() {
  const { organization } = useText();
  return ROLES.map((role) => ({
    value: role,
    title: word(organization.roles, role),
    sub: word(organization.roleHints, role),
  }));
}

function Add({ onDone }: { onDone: () => void }) {
  const { organization, common } = useText();
  const { id } = useOrganization();
  const toast = useToast();
  const person = usePersonByName();
  const put = useWrite("put", "/api/v1/organizations/{id}/members/{user}");
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<OrganizationRole>("READ_ONLY");
  const choices = useRoleChoices();
  const error = person.error ?? put.error;
  const submit = async () => {
    const user = await person.find(username);
    await put.run({ params: { path: { id, user: user.id } }, body: { role } });
    toast(organization.added(user.display_name));
    onDone();
  };
  return (
    <Form error={error} fields={["username", "role"]} onSubmit={() => void submit().catch(() => undefined)}>
      <TextInput
        label={organization.username}
        hint={organization.usernameHint}
        name="username"
        autoComplete="off"
        autoCapitalize="none"
        error={error}
        value={username}
        onValue={setUsername}
      />
      <Choices
        legend={organization.role}
        name="role"
        value={role}
        onValue={(value) => setRole(value as OrganizationRole)}
        choices={choices}
      />
      <DialogButtons>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={put.busy}>
          {common.add}
        </Button>
      </DialogButtons>
    </Form>
  );
}

function ChangeRole({ member, onDone }: { member: MemberView; onDone: () => void }) {
  const { organization, common } = useText();
  const { id } = useOrganization();
  const toast = useToast();
  const put = useWrite("put", "/api/v1/organizations/{id}/members/{user}");
  const [role, setRole] = useState(member.role);
  const choices = useRoleChoices();
  const save = async () => {
    await put.run({ params: { path: { id, user: member.user.id } }, body: { role } });
    toast(organization.roleSet(member.user.display_name, word(organization.roles, role)));
    onDone();
  };
  return (
    <Form error={put.error} fields={[]} onSubmit={() => void save().catch(() => undefined)}>
      <Choices
        legend={organization.role}
        name="role"
        value={role}
        onValue={(value) => setRole(value as OrganizationRole)}
        choices={choices}
      />
      <DialogButtons>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={put.busy}>
          {common.save}
        </Button>
      </DialogButtons>
    </Form>
  );
}

function Removal({ member, onDone }: { member: MemberView | undefined; onDone: () => void }) {
  const { organization } = useText();
  const { id, name: organizationName } = useOrganization();
  const toast = useToast();
  const navigate = useNavigate();
  const remove = useWrite("delete", "/api/v1/organizations/{id}/members/{user}");
  const isMe = member?.user.id === session().user.id;
  const name = member?.user.display_name ?? "";
  const confirm = async () => {
    if (!member) return;
    await remove.run({ params: { path: { id, user: member.user.id } } });
    toast(isMe ? organization.left(organizationName) : organization.removed(name));
    onDone();
    if (isMe) await navigate({ to: "/organizations" });
  };
  return (
    <Confirm
      open={member !== undefined}
      onClose={onDone}
      title={isMe ? organization.leaveTitle(organizationName) : organization.removeTitle(name)}
      verb={isMe ? organization.leave : organization.removeMember}
      danger
      busy={remove.busy}
      error={remove.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {isMe ? organization.leaveHint : organization.removeHint(name)}
    </Confirm>
  );
}
