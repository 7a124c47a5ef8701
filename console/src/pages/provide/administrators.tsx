import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiOverview, Person } from "#/client/schema";
import { read, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Confirm, Dialog, DialogButtons } from "#/ui/dialog";
import { Form, TextInput } from "#/ui/field";
import { Cell, Row, Rows } from "#/ui/list";
import { Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";

/** Who decides requests for the API. There is always one. */
export function Administrators({ api }: { api: ApiOverview }) {
  const { settings } = useText().provide;
  const [appointing, setAppointing] = useState(false);
  const [leaving, setLeaving] = useState<Person>();
  const may = api.actions.some((offer) => offer.action === "administer" && offer.allowed);
  const last = api.administrators.length === 1;
  return (
    <Section
      title={settings.administrators}
      sub={settings.administratorsSub}
      id="administrators"
      actions={
        may ? (
          <Button onClick={() => setAppointing(true)}>{settings.appoint}</Button>
        ) : (
          <Refused reason={settings.appointDenied}>{settings.appoint}</Refused>
        )
      }
    >
      <Rows columns="grid-cols-[minmax(0,1fr)_auto]" label={settings.administrators}>
        {api.administrators.map((person) => (
          <Row key={person.id}>
            <Cell title={person.display_name} sub={person.username} className="max-md:grow" />
            {may && last ? (
              <Refused reason={settings.lastOne}>{settings.dismiss}</Refused>
            ) : may ? (
              <Button onClick={() => setLeaving(person)} aria-label={settings.dismissThis(person.display_name)}>
                {settings.dismiss}
              </Button>
            ) : (
              <span />
            )}
          </Row>
        ))}
      </Rows>
      <Dialog open={appointing} onClose={() => setAppointing(false)} title={settings.appointTitle}>
        {appointing ? <Appoint api={api.id} onClose={() => setAppointing(false)} /> : null}
      </Dialog>
      <Dismiss api={api.id} person={leaving} onClose={() => setLeaving(undefined)} />
    </Section>
  );
}

function Appoint({ api, onClose }: { api: string; onClose: () => void }) {
  const { provide, common } = useText();
  const { settings } = provide;
  const toast = useToast();
  const client = useQueryClient();
  const { run, busy, error } = useWrite("put", "/api/v1/apis/{id}/administrators/{user}");
  const [username, setUsername] = useState("");
  const [unknown, setUnknown] = useState<string>();
  const appoint = async () => {
    const wanted = username.trim();
    try {
      const found = await client.fetchQuery(read("/api/v1/users", { params: { query: { username: wanted } } }));
      const user = found.items.find((one) => one.username.toLowerCase() === wanted.toLowerCase());
      if (!user) return setUnknown(settings.unknownUser(wanted));
      await run({ params: { path: { id: api, user: user.id } } });
      toast(settings.appointed(user.display_name));
      onClose();
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form error={error} fields={[]} onSubmit={() => void appoint()} label={settings.appointTitle}>
      <TextInput
        label={settings.username}
        hint={settings.usernameHint}
        name="username"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={username}
        onValue={(value) => {
          setUsername(value);
          setUnknown(undefined);
        }}
        fault={unknown}
      />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={busy}>
          {settings.appoint}
        </Button>
      </DialogButtons>
    </Form>
  );
}

function Dismiss({ api, person, onClose }: { api: string; person: Person | undefined; onClose: () => void }) {
  const { settings } = useText().provide;
  const toast = useToast();
  const { run, busy, error, reset } = useWrite("delete", "/api/v1/apis/{id}/administrators/{user}");
  const close = () => {
    reset();
    onClose();
  };
  const dismiss = async () => {
    if (!person) return;
    try {
      await run({ params: { path: { id: api, user: person.id } } });
      toast(settings.dismissed(person.display_name));
      close();
    } catch {
      // The dialog shows it.
    }
  };
  return (
    <Confirm
      open={person !== undefined}
      onClose={close}
      title={settings.dismissTitle(person?.display_name ?? "")}
      verb={settings.dismiss}
      danger
      busy={busy}
      error={error}
      onConfirm={() => void dismiss()}
    >
      {settings.dismissHint}
    </Confirm>
  );
}
