import { useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import type { GrantedRole, MemberView, OrganizationRole } from "#/client/schema";
import { session } from "#/client/session";
import { useGet, useList, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { day } from "#/i18n/format";
import { useParties } from "#/i18n/parties";
import { usePageActions } from "#/layout/pageactions";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Choices, Form } from "#/ui/field";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Menu } from "#/ui/menu";
import { Empty, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { SearchBox } from "#/ui/search";
import { useToast } from "#/ui/toast";
import { PersonLink } from "../person/link";
import { Add } from "./add";
import { Invitations } from "./invitations";
import { useOrganization } from "./organization";
import { RoleTag } from "./role";
import { Leaving, type Taken, Taking } from "./taking";

export const ROLES: OrganizationRole[] = ["OWNER", "READ_ONLY", "NONE"];
const GRANTED: GrantedRole[] = ["business_admin", "api_designer"];

/** Who belongs to an organization, as what, and who is asked to. */
export function Members() {
  const { organization } = useText();
  const { members } = useParties();
  const { id, may_manage: mayManage } = useOrganization();
  const [q, setQ] = useState("");
  const list = useList("/api/v1/organizations/{id}/members", {
    params: { path: { id }, query: q ? { q } : {} },
  });
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<MemberView>();
  const [removing, setRemoving] = useState<MemberView>();
  const [taking, setTaking] = useState<Taken>();
  usePageActions(mayManage ? [{ key: "add", label: members.add, run: () => setAdding(true) }] : []);
  const add = mayManage ? (
    <Button kind="primary" onClick={() => setAdding(true)}>
      {members.add}
    </Button>
  ) : (
    <Refused reason={organization.onlyOwners}>{members.add}</Refused>
  );
  return (
    <>
      <Section title={organization.people} sub={organization.membersHint} id="members" actions={add}>
        <SearchBox label={members.search} value={q} onValue={setQ} />
        <Listed list={list} empty={<Empty title={members.none}>{members.noneHint}</Empty>}>
          <Rows columns="grid-cols-[minmax(0,1fr)_minmax(0,auto)_auto]" label={organization.people}>
            <RowHead names={organization.memberColumns} />
            {list.items.map((member) => (
              <Line
                key={member.user.id}
                member={member}
                onChange={() => setChanging(member)}
                onRemove={() => setRemoving(member)}
                onTake={(role) => setTaking({ user: member.user, role })}
              />
            ))}
          </Rows>
        </Listed>
      </Section>
      <Outsiders members={list.items} onTake={setTaking} />
      {mayManage ? <Invitations organization={id} /> : null}
      <Dialog open={adding} onClose={() => setAdding(false)} title={members.add}>
        <Add onDone={() => setAdding(false)} />
      </Dialog>
      <Dialog
        open={changing !== undefined}
        onClose={() => setChanging(undefined)}
        title={organization.roleOf(changing?.user.display_name ?? "")}
      >
        {changing ? <ChangeRole member={changing} onDone={() => setChanging(undefined)} /> : null}
      </Dialog>
      <Leaving member={removing} onDone={() => setRemoving(undefined)} />
      <Taking taken={taking} onDone={() => setTaking(undefined)} />
    </>
  );
}

type LineProps = {
  member: MemberView;
  onChange: () => void;
  onRemove: () => void;
  onTake: (role: GrantedRole) => void;
};

function Line({ member, onChange, onRemove, onTake }: LineProps) {
  const { organization, common } = useText();
  const parties = useParties();
  const { user, role, roles, email, email_verified: proven, since } = member;
  const isMe = user.id === session().user.id;
  const sub = [
    user.username,
    email ?? "",
    proven === false ? parties.members.unverified : "",
    since ? parties.members.since(day(since)) : "",
  ];
  return (
    <Row>
      <Cell
        title={<PersonLink of={user}>{isMe ? `${user.display_name} (${common.you})` : user.display_name}</PersonLink>}
        sub={sub.filter(Boolean).join(" · ")}
        className="max-md:grow"
      />
      <span className="inline-flex flex-wrap gap-1.5">
        <RoleTag>{word(organization.roles, role)}</RoleTag>
        {roles.map((one) => (
          <RoleTag key={one}>{word(parties.roles, one)}</RoleTag>
        ))}
      </span>
      <MemberMenu member={member} onChange={onChange} onRemove={onRemove} onTake={onTake} />
    </Row>
  );
}

function MemberMenu({ member: { user, roles, actions }, onChange, onRemove, onTake }: LineProps) {
  const { organization, common } = useText();
  const parties = useParties();
  const one = useOrganization();
  const toast = useToast();
  const grant = useWrite("put", "/api/v1/organizations/{id}/roles/{role}/{user}");
  const isMe = user.id === session().user.id;
  // Whoever manages nothing here sees no menu; what is refused to those who do stays in it with its reason.
  if (!actions.some((offer) => offer.allowed || offer.reason !== "role")) return <span />;
  const words: Record<string, string> = {
    change_role: organization.changeRole,
    remove: isMe ? organization.leave : organization.removeMember,
  };
  const mayGrant = one.actions.some((offer) => offer.action === "roles" && offer.allowed);
  const give = async (role: GrantedRole) => {
    await grant.run({ params: { path: { id: one.id, role, user: user.id } } });
    toast(parties.members.granted(user.display_name, word(parties.roles, role)));
  };
  const granted = GRANTED.map((role) => ({
    key: role,
    label: (roles.includes(role) ? parties.members.take : parties.members.grant)(word(parties.roles, role)),
    onSelect: () => (roles.includes(role) ? onTake(role) : void give(role).catch(() => undefined)),
    reason: mayGrant ? undefined : parties.members.onlyOwners,
  }));
  return (
    <Menu
      label={common.moreActions(user.display_name)}
      trigger={<Ellipsis size={18} aria-hidden="true" />}
      entries={[
        ...granted,
        ...actions.map(({ action, allowed, reason }) => ({
          key: action,
          label: word(words, action),
          onSelect: action === "remove" ? onRemove : onChange,
          danger: action === "remove",
          reason: allowed ? undefined : word(organization.memberReasons, reason ?? "role"),
        })),
      ]}
    />
  );
}

/** Roles of people who are no members, as far as the list of members has been read. */
function Outsiders({ members, onTake }: { members: MemberView[]; onTake: (taken: Taken) => void }) {
  const parties = useParties();
  const { id } = useOrganization();
  const granted = useGet("/api/v1/organizations/{id}/roles", { params: { path: { id } } }).items;
  const others = granted.filter(({ user }) => !members.some((member) => member.user.id === user.id));
  if (others.length === 0) return null;
  return (
    <Section title={parties.members.outsiders} sub={parties.members.outsidersHint} id="outsiders">
      <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={parties.members.outsiders}>
        {others.map(({ user, role, actions }) => (
          <Row key={`${role} ${user.id}`}>
            <Cell title={<PersonLink of={user} />} sub={user.username} className="max-md:grow" />
            <span>
              <RoleTag>{word(parties.roles, role)}</RoleTag>
            </span>
            {actions.some((offer) => offer.allowed) ? (
              <Button small kind="danger" onClick={() => onTake({ user, role })}>
                {parties.members.take(word(parties.roles, role))}
              </Button>
            ) : (
              <span />
            )}
          </Row>
        ))}
      </Rows>
    </Section>
  );
}

export function useRoleChoices() {
  const { organization } = useText();
  return ROLES.map((role) => ({
    value: role,
    title: word(organization.roles, role),
    sub: word(organization.roleHints, role),
  }));
}

function ChangeRole({ member, onDone }: { member: MemberView; onDone: () => void }) {
  const { organization, common } = useText();
  const { id } = useOrganization();
  const toast = useToast();
  const navigate = useNavigate();
  const put = useWrite("put", "/api/v1/organizations/{id}/members/{user}");
  const [role, setRole] = useState(member.role);
  const choices = useRoleChoices();
  const save = async () => {
    await put.run({ params: { path: { id, user: member.user.id } }, body: { role } });
    toast(organization.roleSet(member.user.display_name, word(organization.roles, role)));
    onDone();
    if (role === "NONE" && member.user.id === session().user.id) await navigate({ to: "/organizations" });
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
