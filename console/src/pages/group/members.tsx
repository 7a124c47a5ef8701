import { useState } from "react";
import type { GroupMember } from "#/client/schema";
import { useList, useWrite } from "#/client/use";
import { useParties } from "#/i18n/parties";
import { Button } from "#/ui/button";
import { Dialog } from "#/ui/dialog";
import { Cell, Listed, Row, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { useProblemText } from "#/ui/problem";
import { Refused } from "#/ui/refused";
import { When } from "#/ui/time";
import { useToast } from "#/ui/toast";
import { PersonLink } from "../person/link";
import { AddPerson } from "./form";
import { useGroup } from "./group";

/** Who is in the group. */
export function GroupMembers() {
  const { groups } = useParties();
  const one = useGroup();
  const list = useList("/api/v1/groups/{id}/members", { params: { path: { id: one.id } } });
  const [adding, setAdding] = useState(false);
  const add = one.actions.some((offer) => offer.action === "members" && offer.allowed) ? (
    <Button kind="primary" onClick={() => setAdding(true)}>
      {groups.addMember}
    </Button>
  ) : (
    <Refused reason={groups.reasons.role ?? ""}>{groups.addMember}</Refused>
  );
  return (
    <Section title={groups.members} id="people" actions={add}>
      <Listed list={list} empty={<Empty title={groups.membersEmpty}>{groups.membersEmptyHint}</Empty>}>
        <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={groups.members}>
          {list.items.map((member) => (
            <Line key={member.user.id} group={one.id} member={member} />
          ))}
        </Rows>
      </Listed>
      <Dialog open={adding} onClose={() => setAdding(false)} title={groups.addMember}>
        {adding ? <AddPerson group={one} onDone={() => setAdding(false)} /> : null}
      </Dialog>
    </Section>
  );
}

function Line({ group, member: { user, since, actions } }: { group: string; member: GroupMember }) {
  const { groups } = useParties();
  const toast = useToast();
  const say = useProblemText();
  const remove = useWrite("delete", "/api/v1/groups/{id}/members/{user}");
  const take = async () => {
    await remove.run({ params: { path: { id: group, user: user.id } } });
    toast(groups.memberRemoved(user.display_name));
  };
  return (
    <Row>
      <Cell title={<PersonLink of={user} />} sub={user.username} className="max-md:grow" />
      <span className="text-sm text-muted">
        <When at={since} />
      </span>
      {actions.some((offer) => offer.allowed) ? (
        <Button
          small
          busy={remove.busy}
          onClick={() => void take().catch((error: unknown) => toast(say(error)))}
          aria-label={groups.takeOf(user.display_name)}
        >
          {groups.take}
        </Button>
      ) : (
        <span />
      )}
    </Row>
  );
}
