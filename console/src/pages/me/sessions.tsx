import { useState } from "react";
import type { OwnSession } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useMe } from "#/i18n/me";
import { useSignOut } from "#/layout/signout";
import { Button } from "#/ui/button";
import { Confirm } from "#/ui/dialog";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Section } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { When } from "#/ui/time";
import { useToast } from "#/ui/toast";
import { browserOf } from "./browser";

function useBrowserName(): (of: OwnSession) => string {
  const me = useMe();
  return ({ user_agent }) => {
    const { browser, system } = browserOf(user_agent);
    if (browser && system) return me.on(browser, system);
    return browser ?? (user_agent || me.unknownBrowser);
  };
}

/** Where one is signed in. */
export function Sessions() {
  const me = useMe();
  const { items } = useGet("/api/v1/me/sessions");
  const named = useBrowserName();
  const signOut = useSignOut();
  const [ending, setEnding] = useState<OwnSession>();
  const [endingOthers, setEndingOthers] = useState(false);
  const others = items.filter((one) => !one.current);
  return (
    <Section
      title={me.sessions}
      sub={me.sessionsHint}
      id="sessions"
      actions={others.length > 0 ? <Button onClick={() => setEndingOthers(true)}>{me.endOthers}</Button> : null}
    >
      <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto_auto_auto]" label={me.sessions}>
        <RowHead names={[...me.sessionColumns, ""]} />
        {items.map((one) => (
          <Row key={one.id}>
            <Cell
              title={
                <span className="flex flex-wrap items-center gap-2">
                  {named(one)}
                  {one.current ? <Pill tone="ok">{me.current}</Pill> : null}
                </span>
              }
              className="max-md:w-full"
            />
            <Moment label={me.lastUsed} at={one.last_seen_at} />
            <Moment label={me.signedIn} at={one.created_at} />
            <Moment label={me.ends} at={one.expires_at} />
            <Button
              small
              onClick={() => (one.current ? signOut() : setEnding(one))}
              aria-label={me.endSessionOf(named(one))}
              className="max-md:ml-auto"
            >
              {me.endSession}
            </Button>
          </Row>
        ))}
      </Rows>
      <End session={ending} onDone={() => setEnding(undefined)} />
      <EndOthers open={endingOthers} others={others} onDone={() => setEndingOthers(false)} />
    </Section>
  );
}

/** A moment, which on a narrow screen says itself what it is. */
function Moment({ label, at }: { label: string; at: string }) {
  return (
    <span className="text-sm text-muted">
      <span className="md:hidden">{`${label} `}</span>
      <When at={at} />
    </span>
  );
}

function End({ session, onDone }: { session: OwnSession | undefined; onDone: () => void }) {
  const me = useMe();
  const named = useBrowserName();
  const toast = useToast();
  const end = useWrite("delete", "/api/v1/me/sessions/{id}");
  const name = session ? named(session) : "";
  const confirm = async () => {
    if (!session) return;
    await end.run({ params: { path: { id: session.id } } });
    toast(me.ended(name));
    onDone();
  };
  return (
    <Confirm
      open={session !== undefined}
      onClose={onDone}
      title={me.endTitle(name)}
      verb={me.endSession}
      danger
      busy={end.busy}
      error={end.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {me.endHint}
    </Confirm>
  );
}

function EndOthers({ open, others, onDone }: { open: boolean; others: OwnSession[]; onDone: () => void }) {
  const me = useMe();
  const toast = useToast();
  const end = useWrite("delete", "/api/v1/me/sessions/{id}");
  const confirm = async () => {
    for (const { id } of others) await end.run({ params: { path: { id } } });
    toast(me.othersEnded);
    onDone();
  };
  return (
    <Confirm
      open={open}
      onClose={onDone}
      title={me.endOthersTitle}
      verb={me.endOthers}
      danger
      busy={end.busy}
      error={end.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {me.endOthersHint(others.length)}
    </Confirm>
  );
}
