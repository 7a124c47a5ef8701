import { useState } from "react";
import { fieldFault } from "#/client/problem";
import type { OrganizationRole } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useParties } from "#/i18n/parties";
import { Button } from "#/ui/button";
import { DialogButtons } from "#/ui/dialog";
import { Choices, Form, TextInput } from "#/ui/field";
import { useToast } from "#/ui/toast";
import { useRoleChoices } from "./members";
import { useOrganization } from "./organization";

/** Adds somebody by username, or invites somebody by e-mail: what is typed says which. */
export function Add({ onDone }: { onDone: () => void }) {
  const { organization, common } = useText();
  const { members } = useParties();
  const { id } = useOrganization();
  const toast = useToast();
  const add = useWrite("post", "/api/v1/organizations/{id}/members");
  const invite = useWrite("post", "/api/v1/organizations/{id}/invitations");
  const [who, setWho] = useState("");
  const [role, setRole] = useState<OrganizationRole>("READ_ONLY");
  const choices = useRoleChoices();
  const byMail = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(who.trim());
  const error = byMail ? invite.error : add.error;
  // What is wrong with the person, and not with the name, the server says of `user`.
  const named = fieldFault(error, "user") ? "user" : "username";
  const submit = async () => {
    const params = { path: { id } };
    if (byMail) {
      const made = await invite.run({ params, body: { email: who.trim(), role } });
      toast(made.sends_mail ? members.invited(made.email) : `${members.invited(made.email)}. ${members.noMail}`);
    } else {
      await add.run({ params, body: { username: who.trim(), role } });
      toast(organization.added(who.trim()));
    }
    onDone();
  };
  return (
    <Form error={error} fields={[byMail ? "email" : named]} onSubmit={() => void submit().catch(() => undefined)}>
      <TextInput
        label={members.who}
        hint={members.whoHint}
        name={byMail ? "email" : named}
        autoComplete="off"
        autoCapitalize="none"
        error={error}
        value={who}
        onValue={setWho}
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
        <Button type="submit" kind="primary" busy={add.busy || invite.busy}>
          {common.add}
        </Button>
      </DialogButtons>
    </Form>
  );
}
