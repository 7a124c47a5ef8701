import { Link, Outlet, useParams } from "@tanstack/react-router";
import { Suspense, useEffect, useRef } from "react";
import type { Subscription } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Actions } from "#/ui/actions";
import { limitWords } from "#/ui/limits";
import { Waiting } from "#/ui/list";
import { Card, Crumb, PageHead, Section, Tabs } from "#/ui/page";
import { StatusPill } from "#/ui/pill";
import { Wire, wireOf } from "#/ui/wire";
import { WithApi } from "#/ui/withapi";
import { useAct } from "./act";
import { Comment, History } from "./history";
import { RevisionOf } from "./revision";
import { may, speaksForApi } from "./shape";
import { EndsSoon } from "./soon";
import { Suspended } from "./suspended";
import { Terms } from "./terms";

/** The buttons of the head, the most useful first. */
const FIRST = ["approve", "reject", "activate", "resume", "resubmit"];

/** One subscription, for both of its sides: the head with how it stands and what can be done, and its parts as tabs. */
export function Thread() {
  const of = useOf();
  const text = useText();
  const { subscription, shell } = text;
  const { act, dialogs } = useAct();
  useRead(of);
  const title = subscription.heading(of.app.name, of.api.name);
  const limits = ` · ${limitWords(of.limits, text)}`;
  const params = { subscription: of.id };
  return (
    <>
      <PageHead
        title={title}
        crumb={<Where of={of} forApi={speaksForApi(of)} />}
        sub={`${subscription.subline(of.plan.name, of.environment_name)}${limits}`}
        actions={
          <Actions of={title} actions={of.actions} onAct={(action) => act(of, action)} first={FIRST} buttons={2} />
        }
      />
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
        <Wire key={of.state} state={wireOf(of.state)} draw={of.state === "active"} />
        <StatusPill status={of.status} waitsForActivation={of.waits_for_activation} />
        <EndsSoon of={of} />
      </div>
      <Tabs
        label={title}
        tabs={[
          { to: "/subscriptions/$subscription", params, label: subscription.timeline, exact: true },
          { to: "/subscriptions/$subscription/connections", params, label: shell.connections },
        ]}
      />
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
      {dialogs}
    </>
  );
}

function useOf(): Subscription {
  const { subscription: id } = useParams({ from: "/subscriptions/$subscription" });
  return useGet("/api/v1/subscriptions/{id}", { params: { path: { id } } });
}

/** Everything that was done and said, and the terms. */
export function ThreadHistory() {
  const { subscription } = useText();
  const of = useOf();
  const forApi = speaksForApi(of);
  return (
    <div className="grid items-start gap-x-10 gap-y-2 lg:grid-cols-[minmax(0,1fr)_minmax(20rem,26rem)]">
      <div>
        <RevisionOf of={of} />
        <Section title={subscription.timeline} sub={subscription.timelineSub} id="timeline">
          <Card className="mb-5">
            <Suspended of={of} />
            <History of={of.id} />
          </Card>
          <Comment on={of.id} />
        </Section>
      </div>
      <div>
        <Section title={subscription.facts} id="facts">
          <Card>
            <Terms of={of} />
          </Card>
        </Section>
        <Section title={subscription.links} id="links">
          <Links of={of} forApi={forApi} />
        </Section>
        <NextCall of={of} />
      </div>
    </div>
  );
}

/** Opening the thread is reading the answer, for the team of the app; the mark goes away everywhere. */
function useRead(of: Subscription) {
  const { run } = useWrite("post", "/api/v1/subscriptions/{id}/read");
  const told = useRef<string | undefined>(undefined);
  const unread = of.unread && of.on_team;
  useEffect(() => {
    const key = `${of.id} ${of.changed_at}`;
    if (!unread || told.current === key) return;
    told.current = key;
    // Somebody else of the team may have read it a moment before.
    run({ params: { path: { id: of.id } } }).catch(() => undefined);
  }, [unread, of.id, of.changed_at, run]);
}

function Where({ of, forApi }: { of: Subscription; forApi: boolean }) {
  return forApi ? (
    <Crumb to="/provide/apis/$api/apps" params={{ api: of.api.id }}>
      {of.api.name}
    </Crumb>
  ) : (
    <Crumb to="/apps/$app/apis" params={{ app: of.app.id }}>
      {of.app.name}
    </Crumb>
  );
}

const LINK = "underline decoration-line underline-offset-3 hover:decoration-current";

function Links({ of, forApi }: { of: Subscription; forApi: boolean }) {
  const { subscription } = useText();
  const app = { app: of.app.id };
  const api = { api: of.api.id };
  return (
    <ul className="grid gap-1.5">
      {of.on_team ? (
        <>
          <li>
            <Link to="/apps/$app/apis" params={app} className={LINK}>
              {`${subscription.toApp}: ${of.app.name}`}
            </Link>
          </li>
          <li>
            <Link to="/apps/$app/credentials" params={app} className={LINK}>
              {subscription.toCredentials}
            </Link>
          </li>
          <li>
            <Link to="/apps/$app/calls" params={app} className={LINK}>
              {subscription.toCalls}
            </Link>
          </li>
        </>
      ) : null}
      <li>
        <Link to="/apis/$api" params={api} className={LINK}>
          {`${subscription.toApiConsumer}: ${of.api.name}`}
        </Link>
      </li>
      {forApi ? (
        <li>
          <Link to="/provide/apis/$api/apps" params={api} className={LINK}>
            {subscription.toApiProvider}
          </Link>
        </li>
      ) : null}
      {of.task && (may(of, "approve") || may(of, "activate")) ? (
        <li>
          <Link to="/inbox" search={{ item: of.task }} className={LINK}>
            {subscription.toInbox}
          </Link>
        </li>
      ) : null}
    </ul>
  );
}

/** The call behind the button that one is most likely to press next. */
function NextCall({ of }: { of: Subscription }) {
  const next = [...FIRST, "suspend", "cancel"].find((action) => may(of, action));
  if (!next) return <WithApi method="GET" path={`/api/v1/subscriptions/${of.id}`} />;
  return <WithApi method="POST" path={`/api/v1/subscriptions/${of.id}/${next}`} body={{ comment: "..." }} />;
}
