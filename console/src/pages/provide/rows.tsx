import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import type { Subscription } from "#/client/schema";
import { useText } from "#/i18n";
import { Actions } from "#/ui/actions";
import { limitWords } from "#/ui/limits";
import { Cell, Row, Rows } from "#/ui/list";
import { StatusPill } from "#/ui/pill";
import { When } from "#/ui/time";
import { Wire, wireOf } from "#/ui/wire";
import { EndsSoon } from "../subscription/soon";

type Group = { title?: string; items: Subscription[] };

type RowsProps = {
  /** What waits, and all others: one ledger, so that the columns align. A group without a row has no title. */
  groups: Group[];
  label: string;
  onAct: (subscription: Subscription, action: string) => void;
};

/** What the API's side presses most, the most useful first. */
const FIRST = ["approve", "reject", "activate", "resume"];

/** Apps and how each stands to the API, with what can be done about it right there. */
export function AppRows({ groups, label, onAct }: RowsProps) {
  const filled = groups.filter((group) => group.items.length > 0);
  return (
    <Rows columns="grid-cols-[auto_minmax(10rem,1.6fr)_minmax(8rem,1.3fr)_auto_auto]" label={label}>
      {filled.map((group) => (
        <Fragment key={group.title ?? ""}>
          {group.title && filled.length > 1 ? (
            <li className="col-span-full border-b border-line bg-sunken px-4 py-1.5">
              <h2 className="text-sm font-semibold">{group.title}</h2>
            </li>
          ) : null}
          {group.items.map((one) => (
            <AppRow key={one.id} of={one} onAct={onAct} />
          ))}
        </Fragment>
      ))}
    </Rows>
  );
}

// Below 1280 px there is no room for five columns: the parts of a row flow.
const FLOWS = "max-xl:flex max-xl:flex-wrap max-xl:gap-x-4 max-xl:gap-y-2";
const PART = "max-xl:flex-1 max-xl:basis-48 max-md:basis-full";

function AppRow({ of, onAct }: { of: Subscription; onAct: RowsProps["onAct"] }) {
  const text = useText();
  const { apps } = text.provide;
  const asked = of.state === "requested" ? of.comment_requestor : undefined;
  return (
    <Row className={FLOWS}>
      <span className="max-md:basis-full">
        <Wire state={wireOf(of.state)} />
      </span>
      <Cell
        className={PART}
        title={
          <Link to="/subscriptions/$subscription" params={{ subscription: of.id }} className="hover:underline">
            {of.app.name}
          </Link>
        }
        sub={
          <>
            {of.organization?.name ? `${of.organization.name} · ` : ""}
            {of.requester.name}
            {asked ? <span className="block text-ink">{apps.said(asked)}</span> : null}
          </>
        }
      />
      <Cell
        className={PART}
        title={<span className="font-normal">{of.plan.name}</span>}
        sub={
          <>
            {`${limitWords(of.limits, text)} · ${of.environment_name}`}
            {" · "}
            <When at={of.changed_at} />
            {of.origin === ("automatic" as string) ? ` · ${text.contracts.automatic}` : ""}
            {of.revision?.open ? ` · ${text.contracts.revising}` : ""}
          </>
        }
      />
      <span className="xl:max-w-44">
        <StatusPill status={of.status} waitsForActivation={of.waits_for_activation} /> <EndsSoon of={of} />
      </span>
      <span className="justify-self-end max-xl:ml-auto">
        <Actions of={of.app.name} actions={of.actions} first={FIRST} buttons={2} onAct={(verb) => onAct(of, verb)} />
      </span>
    </Row>
  );
}
