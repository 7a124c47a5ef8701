import { useState } from "react";
import type { Person } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Confirm, Dialog, DialogButtons } from "#/ui/dialog";
import { Form, TextInput } from "#/ui/field";
import { Cell, Row, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { useOrganization } from "./organization";
import { usePersonByName } from "./person";

const ROLE = "business_admin";

/** Who decides requests for all APIs of an organization. */
export function BusinessAdmins() {
  const { organization } = useText();
  const { id, actions } = useOrganization();
  const granted = useGet("/api/v1/organizations/{id}/roles", { params: { path: { id } } }).items;
  const items = granted.filter((one) => one.role === ROLE).map((one) => one.user);
  const [appointing, setAppointing] = useState(false);
  const [dismissing, setDismissing] = useState<Person>();
  const offer = actions.find((one) => one.action === "roles");
  const appoint = offer?.allowed ? (
    <Button onClick={() => setAppointing(true)}>{organization.appoint}</Button>
  ) : (
    <Refused reason={organization.onlySite}>{organization.appoint}</Refused>
  );
  return (
    <Section title={organization.business} sub={organization.businessHint} id="business" actions={appoint}>
      {items.length === 0 ? (
        <Empty title={organization.businessEmpty}>{organization.businessEmptyHint}</Empty>
      ) : (
        <Rows columns="grid-cols-[minmax(0,1fr)_auto]" label={organization.business}>
          {items.map((person) => (
            <Row key={person.id}>
              <Cell title={person.display_name} sub={person.username} className="max-md:grow" />
              {offer?.allowed ? (
                <Button
                  small
                  kind="danger"
                  onClick={() => setDismissing(person)}
                  aria-label={organization.dismissOf(person.display_name)}
                >
                  {organization.dismiss}
                </Button>
              ) : (
                <span />
              )}
            </Row>
          ))}
        </Rows>
      )}
      <Dialog open={appointing} onClose={() => setAppointing(false)} title={organization.appointTitle}>
        <Appoint onDone={() => setAppointing(false)} />
      </Dialog>
      <Dismiss person={dismissing} onDone={() => setDismissing(undefined)} />
    </Section>
  );
}

function Appoint({ onDone }: { onDone: () => void }) {
  const { organization, common } = useText();
  const { id } = useOrganization();
  const toast = useToast();
  const person = usePersonByName();
  const put = useWrite("put", "/api/v1/organizations/{id}/roles/{role}/{user}");
  const [username, setUsername] = useState("");
  const error = person.error ?? put.error;
  const submit = async () => {
    const user = await person.find(username);
    await put.run({ params: { path: { id, role: ROLE, user: user.id } } });
    toast(organization.appointed(user.display_name));
    onDone();
  };
  return (
    <Form error={error} fields={["username"]} onSubmit={() => void submit().catch(() => undefined)}>
      <p className="mb-4 text-muted">{organization.businessHint}</p>
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
      <DialogButtons>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={put.busy}>
          {organization.appoint}
        </Button>
      </DialogButtons>
    </Form>
  );
}

function Dismiss({ person, onDone }: { person: Person | undefined; onDone: () => void }) {
  const { organization } = useText();
  const { id } = useOrganization();
  const toast = useToast();
  const dismiss = useWrite("delete", "/api/v1/organizations/{id}/roles/{role}/{user}");
  const name = person?.display_name ?? "";
  const confirm = async () => {
    if (!person) return;
    await dismiss.run({ params: { path: { id, role: ROLE, user: person.id } } });
    toast(organization.dismissed(name));
    onDone();
  };
  return (
    <Confirm
      open={person !== undefined}
      onClose={onDone}
      title={organization.dismissTitle(name)}
      verb={organization.dismiss}
      danger
      busy={dismiss.busy}
      error={dismiss.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {organization.dismissHint(name)}
    </Confirm>
  );
}
