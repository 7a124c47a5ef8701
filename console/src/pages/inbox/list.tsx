import { Link } from "@tanstack/react-router";
import type { Task } from "#/client/schema";
import { type Messages, useText, word } from "#/i18n";
import { useEnvironmentName } from "#/ui/environment";
import { useName } from "#/ui/thread";
import { When } from "#/ui/time";
import { KINDS, kindOf } from "./task";

type ListProps = {
  tasks: Task[];
  item: string | undefined;
  search: { kind?: string; state?: string; mine?: string };
  open: boolean;
};

/** The items, by what they wait for. The chosen one is marked; choosing changes the address. */
export function Items({ tasks, item, search, open }: ListProps) {
  const { inbox } = useText();
  if (!open) return <Group tasks={tasks} item={item} search={search} label={inbox.list} />;
  return (
    <div className="grid gap-4">
      {KINDS.map((kind) => {
        const some = tasks.filter((task) => kindOf(task) === kind);
        if (some.length === 0) return null;
        return (
          <section key={kind}>
            <h2 className="mb-1.5 text-sm text-muted">{inbox.groups[kind]}</h2>
            <Group tasks={some} item={item} search={search} label={inbox.groups[kind]} />
          </section>
        );
      })}
    </div>
  );
}

/** What an item is called. */
export function titleOf(task: Task, inbox: Messages["inbox"]): string {
  if (task.kind === "todo") return task.title ?? "";
  if (task.kind === "alert") return word(inbox.alerts, task.code ?? "");
  const plan = task.revision?.new.plan.name ?? task.plan?.name ?? "";
  return inbox.itemTitle(task.api?.name ?? "", plan);
}

/** Whom or what it is about. */
function sublineOf(task: Task, { inbox, subscription }: Messages, environment: string): string {
  if (task.kind === "todo") {
    const who = task.assignee ? inbox.assignedTo(task.assignee.name) : inbox.unassigned;
    return `${task.inbox.name ?? ""} · ${who}`;
  }
  const app = task.app?.name ?? task.inbox.name ?? "";
  if (task.kind === "alert") return task.api && task.app ? inbox.alertFor(app, task.api.name) : app;
  const about = [inbox.from(app, task.organization?.name ?? ""), environment];
  // Beside requests for access, which have the same next step, it says what it is.
  if (kindOf(task) === "activate" && task.kind === "revision_request") about.unshift(subscription.revision.title);
  return about.filter(Boolean).join(" · ");
}

function Group({ tasks, item, search, label }: Omit<ListProps, "open"> & { label: string }) {
  const text = useText();
  const { inbox, subscription } = text;
  const name = useName();
  const environment = useEnvironmentName();
  return (
    <ul aria-label={label} className="overflow-hidden rounded-xl border border-line bg-surface">
      {tasks.map((task) => (
        <li
          key={task.id}
          className={`relative border-b border-line px-4 py-2.5 last:border-b-0 ${task.id === item ? "bg-accent-soft" : "hover:bg-sunken"}`}
        >
          <div className="flex items-baseline justify-between gap-3">
            <Link
              to="/inbox"
              search={{ ...search, item: task.id }}
              resetScroll={false}
              data-item={task.id}
              aria-current={task.id === item ? "true" : undefined}
              className="min-w-0 font-semibold -outline-offset-2 [overflow-wrap:anywhere] after:absolute after:inset-0"
            >
              {titleOf(task, inbox)}
            </Link>
            <span className="shrink-0 text-sm text-muted">
              <When at={task.closed_at ?? task.created_at} />
            </span>
          </div>
          <p className="text-sm text-muted [overflow-wrap:anywhere]">
            {task.unread ? <span className="font-semibold text-wait">{`${inbox.unread} · `}</span> : null}
            {sublineOf(task, text, environment(task.environment))}
          </p>
          {task.decision ? (
            <p className="text-sm text-muted">
              {inbox.decidedBy(name(task.decision.actor), word(subscription.did, `subscription.${task.decision.what}`))}
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
