import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useText, word } from "#/i18n";
import { Actions, type Offered } from "#/ui/actions";
import { Button } from "#/ui/button";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Menu } from "#/ui/menu";
import { Empty } from "#/ui/page";
import { StatusPill } from "#/ui/pill";
import { useToast } from "#/ui/toast";
import { Wire, type WireState } from "#/ui/wire";
import { Example, Line, refusal } from "./example";
import { usePatterns } from "./text";

type Sample = { state: WireState; status: string; waits?: boolean; actions: Offered[] };

function offer(...allowed: string[]): Offered[] {
  const all = ["approve", "activate", "resume", "resubmit", "suspend", "modify", "cancel"];
  return all.map((action) =>
    allowed.includes(action) ? { action, allowed: true } : { action, allowed: false, reason: "wrong_state" },
  );
}

const SAMPLES: Sample[] = [
  { state: "active", status: "Active", actions: offer("suspend", "modify", "cancel") },
  { state: "requested", status: "Access Requested", actions: offer("approve", "cancel") },
  { state: "approved", status: "Access Requested", waits: true, actions: offer("activate", "modify", "cancel") },
  { state: "suspended", status: "Suspended", actions: offer("resume", "cancel") },
  { state: "rejected", status: "Rejected", actions: offer("resubmit") },
];

const NOTHING = { items: [], loading: false, error: null, loadingMore: false };

export function Lists() {
  const patterns = usePatterns();
  const { common } = useText();
  const toast = useToast();
  const [loadingMore, loadMore] = useState(false);
  const act = (action: string) => toast(patterns.acted(word(common.actions, action)));
  const empty = (
    <Empty title={patterns.emptyTitle} action={<Button kind="primary">{patterns.emptyAction}</Button>}>
      {patterns.emptyHint}
    </Empty>
  );
  return (
    <>
      <Example name={patterns.full}>
        <Listed list={{ ...NOTHING, items: SAMPLES, more: () => loadMore(true), loadingMore }} empty={empty}>
          <Rows columns="grid-cols-[auto_minmax(0,2fr)_minmax(0,1fr)_auto_auto]" label={patterns.full}>
            <RowHead names={["", ...patterns.columns]} />
            {SAMPLES.map((sample, index) => (
              <Row key={sample.state} marked={index === 1}>
                <Wire state={sample.state} />
                <Cell title={patterns.apis[index]} sub={patterns.app} className="max-md:w-full" />
                <span>{patterns.planGold}</span>
                <StatusPill status={sample.status} waitsForActivation={sample.waits} />
                <Actions of={patterns.apis[index] ?? ""} actions={sample.actions} onAct={act} />
              </Row>
            ))}
          </Rows>
        </Listed>
      </Example>
      <Example name={patterns.emptyList}>
        <Listed list={NOTHING} empty={empty}>
          {null}
        </Listed>
      </Example>
      <Example name={patterns.loadingList}>
        <Listed list={{ ...NOTHING, loading: true }} empty={empty}>
          {null}
        </Listed>
      </Example>
      <Example name={patterns.failedList}>
        <Listed
          list={{ ...NOTHING, error: refusal(503, "unavailable", common.problems.unreachable ?? "") }}
          empty={empty}
        >
          {null}
        </Listed>
      </Example>
    </>
  );
}

export function Acts() {
  const patterns = usePatterns();
  const { common } = useText();
  const toast = useToast();
  const act = (action: string) => toast(patterns.acted(word(common.actions, action)));
  return (
    <>
      <Line>
        <Actions of={patterns.app} actions={offer("approve", "cancel")} onAct={act} />
        <Actions
          of={patterns.app}
          actions={[
            { action: "approve", allowed: true },
            { action: "reject", allowed: true },
            { action: "suspend", allowed: false, reason: "not_your_side" },
          ]}
          first={["approve", "reject"]}
          buttons={2}
          onAct={act}
        />
        <Actions of={patterns.app} actions={offer()} onAct={act} />
        <Actions of={patterns.app} actions={offer("approve")} busy onAct={act} />
      </Line>
      <Line>
        <Menu
          label={patterns.menu}
          trigger={<Ellipsis size={18} aria-hidden="true" />}
          groups={[
            {
              title: patterns.app,
              entries: [
                { key: "rename", label: patterns.rename, onSelect: () => undefined },
                { key: "suspend", label: patterns.suspend, onSelect: () => undefined, reason: patterns.suspendWhy },
                { key: "delete", label: patterns.typedVerb, onSelect: () => undefined, danger: true },
              ],
            },
            {
              title: patterns.chosen,
              entries: [
                { key: "a", label: patterns.planTrial, checked: true, onSelect: () => undefined },
                { key: "b", label: patterns.planGold, checked: false, onSelect: () => undefined },
              ],
            },
          ]}
        />
      </Line>
    </>
  );
}
