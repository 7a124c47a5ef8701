import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AppRole, Person, TeamMember } from "#/client/schema";
import { session } from "#/client/session";
import { read, useGet, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Actions } from "#/ui/actions";
import { Button } from "#/ui/button";
import { Confirm, Dialog, DialogButtons } from "#/ui/dialog";
import { Choices, Form, TextInput } from "#/ui/field";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Section } from "#/ui/page";
import { useProblemText } from "#/ui/problem";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { useApp } from "./app";

const ROLES: AppRole[] = ["OWNER", "DEVELOPER", "READ_ONLY"];

/** Who is on the team, and as what. */
export function AppMembers() {
  const { apps } = useText();
  const words = apps.members;
  const app = useApp();
  const team = useGet("/api/v1/apps/{id}/team", { params: { path: { id: app.id } } }).items;
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<{ member: TeamMember; action: string }>();
  const close = () => setAsked(undefined);
  const me = session().user.id;
  const add = app.may_manage ? (
    <Button onClick={() => setAdding(true)}>{words.add}</Button>
  ) : (
    <Refused reason={words.denied}>{words.add}</Refused>
  );
  return (
    <Section id="members" title={words.title} sub={words.hint} actions={add}>
      <Rows columns="grid-cols-[minmax(12rem,1fr)_minmax(10rem,1.6fr)_auto]" label={words.label}>
        <RowHead names={words.columns} />
        {team.map((member) => (
          <Row key={member.user.id}>
            <Cell className="max-md:basis-full" title={member.user.display_name} sub={member.user.username} />
            <Cell title={word(apps.roles, member.role)} sub={word(apps.roleHints, member.role)} />
            <span className="justify-self-end max-md:ml-auto">
              <Actions
                of={member.user.display_name}
                actions={member.actions.map((offer) =>
                  offer.action === "remove" && member.user.id === me ? { ...offer, action: "leave" } : offer,
                )}
                onAct={(action) => setAsked({ member, action })}
              />
            </span>
          </Row>
        ))}
      </Rows>
      <Dialog open={adding} onClose={() => setAdding(false)} title={words.add}>
        {adding ? <Add app={app.id} team={team} onClose={() => setAdding(false)} /> : null}
      </Dialog>
      {asked?.action === "change_role" ? <Change app={app.id} member={asked.member} onClose={close} /> : null}
      {asked && asked.action !== "change_role" ? (
        <Remove app={app} member={asked.member} mine={asked.member.user.id === me} onClose={close} />
      ) : null}
      <WithApi method="GET" path={`/api/v1/apps/${app.id}/team`} />
    </Section>
  );
}

function Roles({ value, onValue }: { value: AppRole; onValue: (role: AppRole) => void }) {
  const { apps } = useText();
  return (
    <Choices
      legend={apps.members.role}
      name="role"
      value={value}
      onValue={(role) => onValue(role as AppRole)}
      choices={ROLES.map((role) => ({
        value: role,
        title: word(apps.roles, role),
        sub: word(apps.roleHints, role),
      }))}
    />
  );
}

function Add({ app, team, onClose }: { app: string; team: TeamMember[]; onClose: () => void }) {
  const { apps, common } = useText();
  const words = apps.members;
  const queries = useQueryClient();
  const toast = useToast();
  const say = useProblemText();
  const put = useWrite("put", "/api/v1/apps/{id}/team/{user}");
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<AppRole>("DEVELOPER");
  const [fault, setFault] = useState<string>();
  const [looking, setLooking] = useState(false);
  /** Who it is, if they are here and not on the team yet; else it says why not. */
  const find = async (): Promise<Person | undefined> => {
    const name = username.trim();
    const found = await queries.fetchQuery(read("/api/v1/users", { params: { query: { username: name } } }));
    const person = found.items.find((one) => one.kind === "human");
    const known = team.some((member) => member.user.id === person?.id);
    setFault(!person ? words.unknown(name) : known ? words.already(person.display_name) : undefined);
    return known ? undefined : person;
  };
  const submit = async () => {
    put.reset();
    setLooking(true);
    const person = await find().catch((thrown) => setFault(say(thrown)));
    setLooking(false);
    if (!person) return;
    await put.run({ params: { path: { id: app, user: person.id } }, body: { role } });
    toast(words.added(person.display_name));
    onClose();
  };
  return (
    <Form error={put.error} fields={[]} onSubmit={() => void submit().catch(() => undefined)}>
      <TextInput
        label={words.username}
        hint={words.addHint}
        name="username"
        value={username}
        onValue={setUsername}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <p role="alert" className="mb-3 text-sm text-bad empty:hidden">
        {fault}
      </p>
      <Roles value={role} onValue={setRole} />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={looking || put.busy}>
          {words.add}
        </Button>
      </DialogButtons>
    </Form>
  );
}

function Change({ app, member, onClose }: { app: string; member: TeamMember; onClose: () => void }) {
  const { apps, common } = useText();
  const words = apps.members;
  const toast = useToast();
  const put = useWrite("put", "/api/v1/apps/{id}/team/{user}");
  const [role, setRole] = useState(member.role);
  const name = member.user.display_name;
  const submit = async () => {
    await put.run({ params: { path: { id: app, user: member.user.id } }, body: { role } });
    toast(words.changed(name));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={words.roleOf(name)}>
      <Form error={put.error} fields={[]} onSubmit={() => void submit().catch(() => undefined)}>
        <Roles value={role} onValue={setRole} />
        <DialogButtons>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={put.busy} disabled={role === member.role}>
            {common.save}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

type RemoveProps = { app: { id: string; name: string }; member: TeamMember; mine: boolean; onClose: () => void };

function Remove({ app, member, mine, onClose }: RemoveProps) {
  const { apps, common } = useText();
  const words = apps.members;
  const toast = useToast();
  const remove = useWrite("delete", "/api/v1/apps/{id}/team/{user}");
  const name = member.user.display_name;
  const confirm = async () => {
    await remove.run({ params: { path: { id: app.id, user: member.user.id } } });
    toast(words.removed(name));
    onClose();
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={mine ? words.leaveTitle : words.removeTitle(name)}
      verb={word(common.actions, mine ? "leave" : "remove")}
      danger
      busy={remove.busy}
      error={remove.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {mine ? words.leaveMeaning(app.name) : words.removeMeaning(name, app.name)}
    </Confirm>
  );
}
