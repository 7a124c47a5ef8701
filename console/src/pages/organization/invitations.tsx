import type { Invitation } from "#/client/schema";
import { useList, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { day } from "#/i18n/format";
import { useParties } from "#/i18n/parties";
import { Button } from "#/ui/button";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { Pill, type Tone } from "#/ui/pill";
import { useProblemText } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { RoleTag } from "./role";

const TONES: Record<string, Tone> = {
  pending: "wait",
  accepted: "ok",
  declined: "bad",
  cancelled: "off",
  expired: "off",
};

/** Who was asked by e-mail to join. */
export function Invitations({ organization }: { organization: string }) {
  const { invitations } = useParties();
  const list = useList("/api/v1/organizations/{id}/invitations", { params: { path: { id: organization } } });
  return (
    <Section title={invitations.title} sub={invitations.hint} id="invitations">
      <Listed list={list} empty={<Empty title={invitations.empty}>{invitations.emptyHint}</Empty>}>
        <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto_auto]" label={invitations.title}>
          <RowHead names={invitations.columns} />
          {list.items.map((one) => (
            <Line key={one.id} organization={organization} one={one} />
          ))}
        </Rows>
      </Listed>
    </Section>
  );
}

function Line({ organization, one }: { organization: string; one: Invitation }) {
  const text = useText();
  const { invitations } = useParties();
  const toast = useToast();
  const say = useProblemText();
  const remove = useWrite("delete", "/api/v1/organizations/{id}/invitations/{invitation}");
  const cancel = async () => {
    await remove.run({ params: { path: { id: organization, invitation: one.id } } });
    toast(invitations.cancelled(one.email));
  };
  return (
    <Row>
      <Cell
        title={one.email}
        sub={invitations.by(one.invited_by.name, day(one.expires_at))}
        className="max-md:basis-full"
      />
      <span>
        <RoleTag>{word(text.organization.roles, one.role)}</RoleTag>
      </span>
      <Pill tone={TONES[one.state] ?? "off"}>{word(invitations.states, one.state)}</Pill>
      {one.actions.some((offer) => offer.allowed) ? (
        <Button
          small
          busy={remove.busy}
          onClick={() => void cancel().catch((error: unknown) => toast(say(error)))}
          aria-label={invitations.cancelOf(one.email)}
        >
          {invitations.cancel}
        </Button>
      ) : (
        <span />
      )}
    </Row>
  );
}
