import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { User } from "#/client/schema";
import { session } from "#/client/session";
import { useList, useWrite } from "#/client/use";
import { useParties } from "#/i18n/parties";
import { Button } from "#/ui/button";
import { Confirm } from "#/ui/dialog";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { SearchBox } from "#/ui/search";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { PersonLink } from "./link";

/** Everybody with an account, for site administrators. */
export function People() {
  const { people } = useParties();
  if (session().user.site_admin) return <All />;
  return (
    <>
      <PageHead title={people.title} />
      <Empty title={people.denied} />
    </>
  );
}

function All() {
  const { people } = useParties();
  const { q } = useSearch({ from: "/org/people" });
  const navigate = useNavigate({ from: "/org/people" });
  const list = useList("/api/v1/users", { params: { query: q ? { q } : {} } });
  const [proving, setProving] = useState<User>();
  return (
    <>
      <PageHead title={people.title} sub={people.sub} />
      <SearchBox
        label={people.search}
        value={q ?? ""}
        onValue={(value) => void navigate({ search: value ? { q: value } : {}, replace: true, resetScroll: false })}
      />
      <Listed list={list} empty={<Empty title={people.empty}>{people.emptyHint}</Empty>}>
        <Rows columns="grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto_auto]" label={people.title}>
          <RowHead names={people.columns} />
          {list.items.map((user) => (
            <Line key={user.id} user={user} onVerify={() => setProving(user)} />
          ))}
        </Rows>
      </Listed>
      <Proof user={proving} onDone={() => setProving(undefined)} />
      <WithApi method="GET" path="/api/v1/users" />
    </>
  );
}

function Line({ user, onVerify }: { user: User; onVerify: () => void }) {
  const { people } = useParties();
  const sub = [
    user.username,
    user.site_admin ? people.site : "",
    user.kind === "service_account" ? people.service : "",
  ];
  return (
    <Row>
      <Cell title={<PersonLink of={user} />} sub={sub.filter(Boolean).join(" · ")} className="max-md:basis-full" />
      <Cell
        title={<span className="font-normal">{user.email}</span>}
        sub={user.email ? (user.email_verified ? people.verified : people.unverified) : undefined}
        className="max-md:grow"
      />
      <Pill tone={user.state === "locked" ? "bad" : "ok"}>
        {user.state === "locked" ? people.locked : people.active}
      </Pill>
      {user.email && !user.email_verified ? (
        <Button small onClick={onVerify} aria-label={people.verifyOf(user.display_name)}>
          {people.verify}
        </Button>
      ) : (
        <span />
      )}
    </Row>
  );
}

function Proof({ user, onDone }: { user: User | undefined; onDone: () => void }) {
  const { people } = useParties();
  const toast = useToast();
  const verify = useWrite("post", "/api/v1/users/{id}/verify");
  const confirm = async () => {
    if (!user) return;
    await verify.run({ params: { path: { id: user.id } } });
    toast(people.done(user.email ?? ""));
    onDone();
  };
  return (
    <Confirm
      open={user !== undefined}
      onClose={onDone}
      title={people.verifyTitle(user?.email ?? "")}
      verb={people.verify}
      busy={verify.busy}
      error={verify.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {people.verifyHint(user?.display_name ?? "")}
    </Confirm>
  );
}
