import { Link } from "@tanstack/react-router";
import type { Subscription } from "#/client/schema";
import { useText } from "#/i18n";
import { day } from "#/i18n/format";
import { useRequests } from "#/i18n/requests";
import { Actions } from "#/ui/actions";
import { limitWords } from "#/ui/limits";
import { Cell, Row, Rows } from "#/ui/list";
import { StatusPill, UnreadDot } from "#/ui/pill";
import { useToast } from "#/ui/toast";
import { Wire, wireOf } from "#/ui/wire";
import { useAct } from "./act";
import { Revising } from "./revising";
import { useStep } from "./step";

/** What the other side does: this side of the contract has no such buttons. */
const OTHER_SIDE = ["approve", "reject", "activate", "modify"];

/** The states by which such lists are filtered; what has ended is asked for apart. */
export const FILTERS = ["requested", "approved", "active", "suspended", "rejected"];

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

type OwnProps = {
  items: Subscription[];
  label: string;
  /** Says of each for which app it is. */
  withApp?: boolean;
};

/** Contracts and requests of one's own apps, each with its state, the answer to it, and what this side can do. */
export function Own({ items, label, withApp }: OwnProps) {
  const text = useText();
  const { access } = useRequests();
  const { act, dialogs } = useAct();
  const { resume, busy } = useResume(act);
  return (
    <>
      <Rows columns="grid-cols-[auto_minmax(12rem,2fr)_minmax(9rem,1.6fr)_auto_auto]" label={label}>
        {items.map((one) => (
          <Row key={one.id}>
            <span className="max-md:basis-full">
              <Wire state={wireOf(one.state)} />
            </span>
            <Cell
              className="max-md:basis-full"
              title={<Name of={one} withApp={withApp} />}
              sub={
                <>
                  {access.since(one.environment_name, day(one.changed_at))}
                  {one.comment_response ? <span className="block">{access.answer(one.comment_response)}</span> : null}
                </>
              }
            />
            <span className="min-w-0 max-md:basis-full">
              {one.plan.name}
              <span className="block text-sm text-muted">{limitWords(one.limits, text)}</span>
              <Revising of={one} />
            </span>
            <span className="md:max-w-44">
              <StatusPill status={one.status} waitsForActivation={one.waits_for_activation} />
            </span>
            <span className="justify-self-end max-md:ml-auto">
              <Actions
                of={withApp ? text.subscription.heading(one.app.name, one.api.name) : one.api.name}
                actions={one.actions}
                without={OTHER_SIDE}
                onAct={(action) => (action === "resume" ? resume(one) : act(one, action))}
                busy={busy}
              />
            </span>
          </Row>
        ))}
      </Rows>
      {dialogs}
    </>
  );
}

function Name({ of, withApp }: { of: Subscription; withApp: boolean | undefined }) {
  const { subscription } = useText();
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      {of.unread ? <UnreadDot /> : null}
      <Link
        to="/subscriptions/$subscription"
        params={{ subscription: of.id }}
        className="inline-flex min-h-6 items-center hover:underline"
      >
        {withApp ? subscription.heading(of.app.name, of.api.name) : of.api.name}
      </Link>
      <span className="font-mono text-sm font-normal">{of.versions.join(" ")}</span>
    </span>
  );
}
