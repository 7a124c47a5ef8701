import { useNavigate } from "@tanstack/react-router";
import type { GrantedRole, MemberView, Person } from "#/client/schema";
import { session } from "#/client/session";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { useParties } from "#/i18n/parties";
import { Confirm } from "#/ui/dialog";
import { useToast } from "#/ui/toast";
import { useOrganization } from "./organization";

/** A role that is to be taken from somebody. */
export type Taken = { user: Person; role: GrantedRole };

/** Takes a granted role away. */
export function Taking({ taken, onDone }: { taken: Taken | undefined; onDone: () => void }) {
  const { roles, members } = useParties();
  const { id } = useOrganization();
  const toast = useToast();
  const take = useWrite("delete", "/api/v1/organizations/{id}/roles/{role}/{user}");
  const [name, role] = [taken?.user.display_name ?? "", word(roles, taken?.role)];
  const confirm = async () => {
    if (!taken) return;
    await take.run({ params: { path: { id, role: taken.role, user: taken.user.id } } });
    toast(members.taken(name, role));
    onDone();
  };
  return (
    <Confirm
      open={taken !== undefined}
      onClose={onDone}
      title={members.takeTitle(name, role)}
      verb={members.take(role)}
      danger
      busy={take.busy}
      error={take.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {members.takeHint}
    </Confirm>
  );
}

/** Removes a member, or oneself. */
export function Leaving({ member, onDone }: { member: MemberView | undefined; onDone: () => void }) {
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
