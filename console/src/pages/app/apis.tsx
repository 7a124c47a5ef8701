import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Subscription } from "#/client/schema";
import { useList } from "#/client/use";
import { useText, word } from "#/i18n";
import { day } from "#/i18n/format";
import { Actions } from "#/ui/actions";
import { Button, buttonClass } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { limitWords } from "#/ui/limits";
import { Cell, Listed, Row, Rows } from "#/ui/list";
import { Empty } from "#/ui/page";
import { StatusPill, UnreadDot } from "#/ui/pill";
import { useToast } from "#/ui/toast";
import { Wire, wireOf } from "#/ui/wire";
import { WithApi } from "#/ui/withapi";
import { useAct } from "../subscription/act";
import { useStep } from "../subscription/step";
import { useApp } from "./app";

/** What the other side does: this side of the contract has no such buttons. */
const OTHER_SIDE = ["approve", "reject", "activate", "modify"];
const FILTERS = ["requested", "approved", "active", "suspended", "rejected"];

/** My apps › app › APIs: every contract and every pending request, with its state and what can be done. */
export function AppApis() {
  const { apps } = useText();
  const app = useApp();
  const { status: filter = "current" } = useSearch({ from: "/apps/$app/apis" });
  const navigate = useNavigate({ from: "/apps/$app/apis" });
  const path = { id: app.id };
  const list = useList("/api/v1/apps/{id}/apis", { params: { path, query: { limit: 200 } } });
  const ended = useList("/api/v1/subscriptions", { params: { query: { app: app.id, status: "Inactive" } } });
  const { act, dialogs } = useAct();
  const { resume, busy } = useResume(act);
  const of = (value: string) =>
    value === "current"
      ? list.items
      : value === "ended"
        ? ended.items
        : list.items.filter((one) => one.state === value);
  const shown = of(filter);
  const choose = (status: string) =>
    void navigate({ search: { status: status === "current" ? undefined : status }, resetScroll: false });
  const chip = (value: string, label: string) => {
    const n = of(value).length;
    return { value, label, count: n > 0 ? String(n) : undefined };
  };
  const some = list.items.length > 0 || ended.items.length > 0;
  const empty = some ? (
    <Empty
      title={apps.access.emptyFiltered}
      action={
        filter === "current" ? undefined : <Button onClick={() => choose("current")}>{apps.access.current}</Button>
      }
    >
      {apps.access.emptyFilteredHint}
    </Empty>
  ) : (
    <Nothing mayRequest={app.may_subscribe} />
  );
  return (
    <>
      {some ? (
        <Chips
          label={apps.access.filter}
          value={filter}
          onValue={choose}
          options={[
            chip("current", apps.access.current),
            ...FILTERS.map((value) => chip(value, word(apps.access.states, value))),
            chip("ended", apps.access.ended),
          ]}
        />
      ) : null}
      <Listed list={{ ...(filter === "ended" ? ended : list), items: shown }} empty={empty}>
        <Contracts
          items={shown}
          onAct={(one, action) => (action === "resume" ? resume(one) : act(one, action))}
          busy={busy}
        />
      </Listed>
      {dialogs}
      <WithApi method="GET" path={`/api/v1/apps/${app.id}/apis`} />
    </>
  );
}

/** Nothing breaks by resuming, and a row says at once how it went: it takes one press. A refusal asks like all else. */
function useResume(ask: (one: Subscription, action: string) => void) {
  const { subscription } = useText();
  const toast = useToast();
  const { run, busy } = useStep();
  const resume = (one: Subscription) =>
    void run(one, "resume", {})
      .then(() => toast(subscription.act.done.resume(one.app.name, one.api.name)))
      .catch(() => ask(one, "resume"));
  return { resume, busy };
}

type ContractsProps = { items: Subscription[]; onAct: (one: Subscription, action: string) => void; busy: boolean };

function Contracts({ items, onAct, busy }: ContractsProps) {
  const text = useText();
  const { apps } = text;
  return (
    <Rows columns="grid-cols-[auto_minmax(12rem,2fr)_minmax(9rem,1.6fr)_auto_auto]" label={apps.access.label}>
      {items.map((one) => (
        <Row key={one.id}>
          <span className="max-md:basis-full">
            <Wire state={wireOf(one.state)} />
          </span>
          <Cell
            className="max-md:basis-full"
            title={<Name of={one} />}
            sub={
              <>
                {apps.access.since(one.environment_name, day(one.changed_at))}
                {one.comment_response ? (
                  <span className="block">{apps.access.answer(one.comment_response)}</span>
                ) : null}
              </>
            }
          />
          <span className="min-w-0 max-md:basis-full">
            {one.plan.name}
            <span className="block text-sm text-muted">{limitWords(one.limits, text)}</span>
          </span>
          <span className="md:max-w-44">
            <StatusPill status={one.status} waitsForActivation={one.waits_for_activation} />
          </span>
          <span className="justify-self-end max-md:ml-auto">
            <Actions
              of={one.api.name}
              actions={one.actions}
              without={OTHER_SIDE}
              onAct={(action) => onAct(one, action)}
              busy={busy}
            />
          </span>
        </Row>
      ))}
    </Rows>
  );
}

function Name({ of }: { of: Subscription }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      {of.unread ? <UnreadDot /> : null}
      <Link
        to="/subscriptions/$subscription"
        params={{ subscription: of.id }}
        className="inline-flex min-h-6 items-center hover:underline"
      >
        {of.api.name}
      </Link>
      <span className="font-mono text-sm font-normal">{of.versions.join(" ")}</span>
    </span>
  );
}

function Nothing({ mayRequest }: { mayRequest: boolean }) {
  const { apps } = useText();
  return (
    <Empty
      title={apps.access.empty}
      action={
        mayRequest ? (
          <Link to="/catalog" className={buttonClass("primary")}>
            {apps.overview.catalog}
          </Link>
        ) : undefined
      }
    >
      {apps.access.emptyHint}
      {mayRequest ? null : <p className="mt-1">{apps.requestDenied}</p>}
    </Empty>
  );
}
