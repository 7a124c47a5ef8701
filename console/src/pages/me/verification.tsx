import type { OwnInvitation, User } from "#/client/schema";
import { useMaybe, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { day } from "#/i18n/format";
import { useParties } from "#/i18n/parties";
import { Button } from "#/ui/button";
import { Cell, Row, Rows } from "#/ui/list";
import { Card, Section } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { useProblemText } from "#/ui/problem";
import { useToast } from "#/ui/toast";

/** Whether one's address is proven, and how to go on if it is not. */
export function Verification({ user }: { user: User }) {
  const { verification, people } = useParties();
  const toast = useToast();
  const say = useProblemText();
  const again = useWrite("post", "/api/v1/me/verification");
  const email = user.email ?? "";
  const ask = async () => {
    const asked = await again.run();
    toast(asked.sends_mail ? verification.sent(asked.email) : verification.noMail);
  };
  return (
    <Card className="mb-6">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="font-semibold">{verification.title}</h2>
        {email ? (
          <Pill tone={user.email_verified ? "ok" : "wait"}>
            {user.email_verified ? people.verified : people.unverified}
          </Pill>
        ) : null}
      </div>
      {email === "" ? (
        <p className="mt-1">{verification.none}</p>
      ) : user.email_verified ? (
        <p className="mt-1">{verification.confirmed(email)}</p>
      ) : (
        <>
          <p className="mt-1">{verification.open(email)}</p>
          <p className="mb-3 max-w-[62ch] text-sm text-muted">{verification.openHint}</p>
          <Button busy={again.busy} onClick={() => void ask().catch((error: unknown) => toast(say(error)))}>
            {verification.again}
          </Button>
        </>
      )}
    </Card>
  );
}

/** Organizations that ask one to join. */
export function MyInvitations() {
  const { invitations } = useParties();
  const items = useMaybe("/api/v1/me/invitations").data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={invitations.mine} sub={invitations.mineHint} id="invitations">
      <Rows columns="grid-cols-[minmax(0,1fr)_auto]" label={invitations.mine}>
        {items.map((one) => (
          <Line key={one.id} one={one} />
        ))}
      </Rows>
    </Section>
  );
}

function Line({ one }: { one: OwnInvitation }) {
  const { organization } = useText();
  const { invitations } = useParties();
  const toast = useToast();
  const say = useProblemText();
  const act = useWrite("post", "/api/v1/me/invitations/{id}/{action}");
  const name = one.organization.name;
  const answer = async (action: "accept" | "decline") => {
    await act.run({ params: { path: { id: one.id, action } } });
    toast(action === "accept" ? invitations.joined(name) : invitations.declined(name));
  };
  const press = (action: "accept" | "decline") => void answer(action).catch((error: unknown) => toast(say(error)));
  return (
    <Row>
      <Cell
        title={name}
        sub={invitations.as(word(organization.roles, one.role), one.invited_by.name, day(one.expires_at))}
        className="max-md:basis-full"
      />
      <span className="flex gap-2">
        <Button small busy={act.busy} onClick={() => press("accept")} aria-label={invitations.acceptOf(name)}>
          {invitations.accept}
        </Button>
        <Button small busy={act.busy} onClick={() => press("decline")} aria-label={invitations.declineOf(name)}>
          {invitations.decline}
        </Button>
      </span>
    </Row>
  );
}
