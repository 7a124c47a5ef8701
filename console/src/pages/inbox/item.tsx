import { Link } from "@tanstack/react-router";
import { lazy, type ReactNode, type RefObject, Suspense, useEffect, useRef } from "react";
import { problemOf } from "#/client/problem";
import type { Subscription, Task } from "#/client/schema";
import { useList, useMaybe, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button } from "#/ui/button";
import { Waiting } from "#/ui/list";
import { Panel, useWide } from "#/ui/panel";
import { StatusPill } from "#/ui/pill";
import { ProblemBanner } from "#/ui/problem";
import { Reply, Timeline } from "#/ui/thread";
import { When } from "#/ui/time";
import { Wire, wireOf } from "#/ui/wire";
import { History } from "../subscription/history";
import type { Target } from "../subscription/step";
import { Decide } from "./decide";
import { titleOf } from "./list";
import { type Request, requestOf } from "./task";

const Terms = lazy(() => import("../subscription/terms").then((m) => ({ default: m.Terms })));
const Todo = lazy(() => import("./todo").then((m) => ({ default: m.Todo })));
const DecideRevision = lazy(() => import("./revision").then((m) => ({ default: m.DecideRevision })));

type ItemProps = {
  id: string;
  /** The items of the list: those of the same plan can be decided together. */
  tasks: Task[];
  note: RefObject<HTMLTextAreaElement | null>;
  onAct: (target: Target, action: string) => void;
  onDecided: () => void;
  onBulk: (tasks: Request[]) => void;
  onClose: () => void;
};

/** One item with everything that a decision needs. */
export function Item({ id, tasks, note, onAct, onDecided, onBulk, onClose }: ItemProps) {
  const { inbox } = useText();
  const wide = useWide();
  const found = useMaybe("/api/v1/tasks/{id}", { params: { path: { id } } });
  const task = found.data ?? tasks.find((one) => one.id === id);
  const about = useMaybe(task?.subscription ? "/api/v1/subscriptions/{id}" : undefined, {
    params: { path: { id: task?.subscription ?? "" } },
  });
  if (found.error && !task) {
    const gone = problemOf(found.error).status === 404;
    return (
      <Panel title={gone ? inbox.gone : inbox.title} back={inbox.title} item={id} onClose={onClose}>
        {gone ? <p>{inbox.goneHint}</p> : <ProblemBanner error={found.error} />}
      </Panel>
    );
  }
  if (!task) return <Waiting />;
  const of = about.data;
  const asked = requestOf(task);
  const state = of?.state ?? task.subscription_state;
  return (
    <Panel
      title={titleOf(task, inbox)}
      back={inbox.title}
      item={id}
      onClose={onClose}
      // Beside the list the focus stays in the list; alone, the item is a page with a heading.
      focus={!wide}
      stays
      lead={state ? <Wire key={of?.state} state={wireOf(state)} draw={of?.state === "active"} /> : null}
      state={of ? <StatusPill status={of.status} waitsForActivation={of.waits_for_activation} /> : null}
    >
      <Reader task={task} />
      <p className="text-muted">
        {asked ? inbox.from(asked.requester.name, task.organization?.name ?? "") : (task.inbox.name ?? "")}
        {" · "}
        <When at={task.created_at} />
        {task.subscription ? (
          <>
            {" · "}
            <Link
              to="/subscriptions/$subscription"
              params={{ subscription: task.subscription }}
              className="underline underline-offset-3"
            >
              {asked ? inbox.thread : inbox.toSubscription}
            </Link>
          </>
        ) : null}
      </p>
      {asked ? <Words said={task.comment_requestor} /> : null}
      {asked && task.kind === "subscription_request" ? (
        <Decide
          task={asked}
          tasks={tasks.flatMap((one) => (one.kind === "subscription_request" ? (requestOf(one) ?? []) : []))}
          note={note}
          onAct={onAct}
          onDecided={onDecided}
          onBulk={onBulk}
        />
      ) : null}
      {asked && task.kind === "revision_request" ? (
        <Suspense fallback={<Waiting />}>
          <DecideRevision task={asked} note={note} onDecided={onDecided} />
        </Suspense>
      ) : null}
      {asked ? null : (
        <Suspense fallback={<Waiting />}>
          <Todo key={task.id} task={task} onDone={onDecided} />
        </Suspense>
      )}
      {asked ? of ? <Around of={of} task={task} /> : <Waiting /> : <Among task={task.id} />}
    </Panel>
  );
}

/** The requester's words. */
function Words({ said }: { said: string | null | undefined }) {
  const { inbox } = useText();
  if (!said) return <p className="my-3 text-sm text-muted">{inbox.noComment}</p>;
  return (
    <blockquote className="my-3 max-w-[62ch] border-l-3 border-wait pl-4 whitespace-pre-wrap [overflow-wrap:anywhere]">
      {said}
    </blockquote>
  );
}

/** Opening an item is reading it, for oneself; one may take that back. */
function Reader({ task }: { task: Task }) {
  const { inbox } = useText();
  const read = useWrite("put", "/api/v1/tasks/{id}/read");
  const unread = useWrite("delete", "/api/v1/tasks/{id}/read");
  const told = useRef<string | undefined>(undefined);
  const { run } = read;
  useEffect(() => {
    const key = `${task.id} ${task.active_at}`;
    if (!task.unread || told.current === key) return;
    told.current = key;
    run({ params: { path: { id: task.id } } }).catch(() => undefined);
  }, [task.id, task.active_at, task.unread, run]);
  if (task.unread) return null;
  return (
    <Button
      small
      kind="quiet"
      className="float-right"
      onClick={() => void unread.run({ params: { path: { id: task.id } } }).catch(() => undefined)}
    >
      {inbox.markUnread}
    </Button>
  );
}

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="mt-6 border-t border-line pt-4">
      <h3 className="font-semibold">{title}</h3>
      {hint ? <p className="text-sm text-muted">{hint}</p> : null}
      <div className="mt-2.5">{children}</div>
    </section>
  );
}

function Around({ of, task }: { of: Subscription; task: Task }) {
  const { inbox } = useText();
  return (
    <>
      <Part title={inbox.terms}>
        <Suspense fallback={<Waiting />}>
          <Terms of={of} bare />
        </Suspense>
      </Part>
      <Part title={inbox.history}>
        <History of={of.id} />
      </Part>
      <Part title={inbox.before}>
        <Before of={of} />
      </Part>
      <Among task={task.id} />
    </>
  );
}

function Among({ task }: { task: string }) {
  const { inbox } = useText();
  return (
    <Part title={inbox.colleagues} hint={inbox.colleaguesHint}>
      <Colleagues task={task} />
    </Part>
  );
}

/** What else this organization has with the caller's APIs: what was decided before. */
function Before({ of }: { of: Subscription }) {
  const { inbox } = useText();
  const query = { organization: of.organization?.id, limit: 20 };
  const list = useList("/api/v1/subscriptions", { params: { query } });
  if (list.error) return <ProblemBanner error={list.error} />;
  if (list.loading) return <Waiting />;
  const others = list.items.filter(
    (one) => one.id !== of.id && one.organization?.id === of.organization?.id && one.state !== "requested",
  );
  if (others.length === 0) return <p className="text-muted">{inbox.beforeNone}</p>;
  return (
    <ul className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-4 gap-y-2.5 max-sm:grid-cols-1">
      {others.map((one) => (
        <li key={one.id} className="col-span-full grid grid-cols-subgrid items-center max-sm:gap-y-1">
          <Wire state={wireOf(one.state)} className="w-16" />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <Link
              to="/subscriptions/$subscription"
              params={{ subscription: one.id }}
              className="underline decoration-line underline-offset-3 hover:decoration-current"
            >
              {`${one.app.name} → ${one.api.name}`}
            </Link>
            <span className="block text-sm text-muted">{`${one.plan.name} · ${one.environment_name}`}</span>
          </span>
          <span>
            <StatusPill status={one.status} waitsForActivation={one.waits_for_activation} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What those who decide say to one another; the requester does not see it. */
function Colleagues({ task }: { task: string }) {
  const { inbox, subscription } = useText();
  const path = { id: task };
  const said = useMaybe("/api/v1/tasks/{id}/comments", { params: { path } });
  const { run, busy, error } = useWrite("post", "/api/v1/tasks/{id}/comments");
  const items = said.data?.items ?? [];
  return (
    <>
      {items.length > 0 ? (
        <Timeline
          label={inbox.colleagues}
          items={items.map((remark) => ({
            key: remark.seq,
            at: remark.at,
            actor: remark.actor,
            words: word(subscription.did, "subscription.commented"),
            comment: remark.comment,
          }))}
        />
      ) : (
        <p className="mb-2 text-sm text-muted">{inbox.colleaguesNone}</p>
      )}
      <Reply
        label={inbox.say}
        verb={inbox.send}
        onSend={(comment) => run({ params: { path }, body: { comment } })}
        busy={busy}
        error={error}
      />
    </>
  );
}
