import { useNavigate, useSearch } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import type { PersonOverview, UserRole } from "#/client/schema";
import { session } from "#/client/session";
import { useGet, useList, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useFenceText } from "#/i18n/fence";
import { usePeople } from "#/i18n/people";
import { Button, IconButton } from "#/ui/button";
import { Confirm, Dialog, DialogButtons } from "#/ui/dialog";
import { Choices, Form, Select, TextInput } from "#/ui/field";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { SearchBox } from "#/ui/search";
import { useToast } from "#/ui/toast";

/** Everybody who has an account, with the roles and privileges they hold. For site administrators. */
export function Roles() {
  const text = usePeople();
  if (!session().user.site_admin) {
    return (
      <>
        <PageHead title={text.title} />
        <Empty title={text.denied} />
      </>
    );
  }
  return <All />;
}

type Taking = { person: PersonOverview; role: UserRole };

function All() {
  const text = usePeople();
  const { q } = useSearch({ from: "/org/roles" });
  const navigate = useNavigate();
  const list = useList("/api/v1/people", { params: { query: q ? { q } : {} } });
  const [giving, setGiving] = useState<PersonOverview>();
  const [taking, setTaking] = useState<Taking>();
  const search = (words: string) =>
    void navigate({ to: "/org/roles", search: words ? { q: words } : {}, replace: true, resetScroll: false });
  return (
    <>
      <PageHead title={text.title} sub={text.sub} />
      <SearchBox label={text.search} value={q ?? ""} onValue={search} />
      <Listed list={list} empty={<Empty title={text.empty}>{text.emptyHint}</Empty>}>
        <Rows columns="grid-cols-[minmax(0,1fr)_minmax(0,2fr)_auto]" label={text.list}>
          <RowHead names={[text.columns.person, text.columns.roles, ""]} />
          {list.items.map((person) => (
            <Line
              key={person.id}
              person={person}
              onGive={() => setGiving(person)}
              onTake={(role) => setTaking({ person, role })}
            />
          ))}
        </Rows>
      </Listed>
      <Dialog
        open={giving !== undefined}
        onClose={() => setGiving(undefined)}
        title={text.giveTo(giving?.display_name ?? "")}
      >
        {giving ? <Give person={giving} onDone={() => setGiving(undefined)} /> : null}
      </Dialog>
      <Take taking={taking} onDone={() => setTaking(undefined)} />
    </>
  );
}

/** What a role is called: privileges have words of their own. */
function useRoleName(): (role: string) => string {
  const text = usePeople();
  const { privileges } = useFenceText();
  return (role) => (privileges[role] ? `${text.which}: ${privileges[role]}` : role);
}

type LineProps = { person: PersonOverview; onGive: () => void; onTake: (role: UserRole) => void };

function Line({ person, onGive, onTake }: LineProps) {
  const text = usePeople();
  const say = useRoleName();
  const named = (role: UserRole) => (role.profile ? `${say(role.role)} · ${role.profile.name}` : say(role.role));
  return (
    <Row className="items-start!">
      <Cell
        className="max-md:w-full"
        title={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            {person.display_name}
            {person.site_admin ? <Pill tone="go">{text.siteAdmin}</Pill> : null}
            {person.state === "locked" ? <Pill tone="bad">{text.locked}</Pill> : null}
          </span>
        }
        sub={[person.username, person.email].filter(Boolean).join(" · ")}
      />
      <ul className="flex flex-wrap gap-1.5">
        {person.roles.length === 0 ? <li className="text-muted">{text.none}</li> : null}
        {person.roles.map((role) => (
          <li
            key={named(role)}
            className={`inline-flex min-h-7 items-center rounded-full pl-2.5 text-sm ${role.privilege ? "bg-wait-soft text-wait" : "bg-sunken"}`}
          >
            <span className="[overflow-wrap:anywhere]">{named(role)}</span>
            <IconButton label={text.take(named(role))} onClick={() => onTake(role)} className="size-7!">
              <X size={14} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      <Button small onClick={onGive} aria-label={`${text.give}: ${person.display_name}`}>
        {text.give}
      </Button>
    </Row>
  );
}

function Give({ person, onDone }: { person: PersonOverview; onDone: () => void }) {
  const { common } = useText();
  const text = usePeople();
  const { privileges } = useFenceText();
  const say = useRoleName();
  const toast = useToast();
  const put = useWrite("put", "/api/v1/users/{id}/roles/{role}");
  const profiles = useGet("/api/v1/profiles", { params: { query: { limit: 200 } } }).items;
  const [kind, setKind] = useState("role");
  const [role, setRole] = useState("");
  const [privilege, setPrivilege] = useState("override.publish");
  const [profile, setProfile] = useState("");
  const submit = async () => {
    const given = kind === "role" ? role.trim() : privilege;
    const query = kind === "privilege" && profile ? { profile } : {};
    await put.run({ params: { path: { id: person.id, role: given }, query } });
    toast(text.given(say(given), person.display_name));
    onDone();
  };
  return (
    <Form
      error={put.error}
      fields={["role", "profile"]}
      onSubmit={() => void submit().catch(() => undefined)}
      label={text.giveTo(person.display_name)}
    >
      <Choices
        legend={text.kind}
        name="kind"
        value={kind}
        onValue={setKind}
        choices={[
          { value: "role", title: text.role, sub: text.roleHint },
          { value: "privilege", title: text.privilege, sub: text.privilegeHint },
        ]}
      />
      {kind === "role" ? (
        <TextInput
          label={text.word}
          hint={text.wordHint}
          name="role"
          maxLength={60}
          value={role}
          onValue={setRole}
          error={put.error}
        />
      ) : (
        <>
          <Select
            label={text.which}
            name="role"
            value={privilege}
            onValue={setPrivilege}
            error={put.error}
            options={Object.entries(privileges).map(([value, label]) => ({ value, label }))}
          />
          <Select
            label={text.where}
            name="profile"
            required={false}
            value={profile}
            onValue={setProfile}
            error={put.error}
            options={[
              { value: "", label: text.everywhere },
              ...profiles.map(({ id, name }) => ({ value: id, label: text.under(name) })),
            ]}
          />
        </>
      )}
      <DialogButtons>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={put.busy}>
          {text.submit}
        </Button>
      </DialogButtons>
    </Form>
  );
}

function Take({ taking, onDone }: { taking: Taking | undefined; onDone: () => void }) {
  const text = usePeople();
  const toast = useToast();
  const remove = useWrite("delete", "/api/v1/users/{id}/roles/{role}");
  const say = useRoleName();
  const role = taking?.role.role ?? "";
  const said = say(role);
  const name = taking?.person.display_name ?? "";
  const confirm = async () => {
    if (!taking) return;
    const query = taking.role.profile ? { profile: taking.role.profile.id } : {};
    await remove.run({ params: { path: { id: taking.person.id, role }, query } });
    toast(text.taken(said, name));
    onDone();
  };
  return (
    <Confirm
      open={taking !== undefined}
      onClose={onDone}
      title={text.takeTitle(said, name)}
      verb={text.take(said)}
      danger
      busy={remove.busy}
      error={remove.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {text.takeHint}
    </Confirm>
  );
}
