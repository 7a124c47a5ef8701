import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import type { CallDecision } from "#/client/schema";
import { type Messages, useText, word } from "#/i18n";
import { moment, number } from "#/i18n/format";
import { buttonClass } from "./button";
import { Copyable } from "./copy";
import { type Side, type Target, targetOf } from "./fix";
import { ResourceLink } from "./resource";
import { Wire, type WireState } from "./wire";

const STAGES = ["route", "credential", "contract", "limits", "upstream", "response"] as const;
type Stage = (typeof STAGES)[number];

/** The stage of the panel at which each rule of the gateway decides. */
const STAGE_OF: Record<string, Stage> = {
  route: "route",
  credential: "credential",
  client: "credential",
  subscription: "contract",
  scope: "contract",
  limit: "limits",
  upstream: "upstream",
  done: "response",
};

type Outcome = "passed" | "stopped" | "notReached" | "notNeeded" | "answered";

/** How far the call got: the stages before the deciding one were passed, those after it were not reached. */
function outcomeOf(decision: CallDecision, stage: Stage): Outcome {
  const at = STAGES.indexOf(STAGE_OF[decision.rule] ?? "response");
  const here = STAGES.indexOf(stage);
  const anonymous = decision.allowed && !decision.credential_kind;
  if (here > at) return "notReached";
  if (anonymous && (stage === "credential" || stage === "contract" || stage === "limits")) return "notNeeded";
  if (here < at) return "passed";
  if (decision.rule !== "done") return "stopped";
  return decision.status >= 400 ? "answered" : "passed";
}

/** What became of the call, in words. */
export function conclusion(decision: CallDecision, { explain }: Messages): { title: string; todo: string } {
  if (decision.code) return explain.codes[decision.code] ?? explain.unknown;
  if (decision.rule === "done") return decision.status >= 400 ? explain.upstreamError : explain.done;
  return explain.left;
}

const DOT: Record<Outcome, string> = {
  passed: "bg-ok border-ok",
  stopped: "bg-bad border-bad",
  answered: "bg-bad border-bad",
  notReached: "border-control",
  notNeeded: "border-ok",
};

const WIRE: Record<string, WireState> = {
  "subscription-pending": "requested",
  "subscription-suspended": "suspended",
  "not-subscribed": "none",
};

/** The wire of a call: drawn through when it got its answer, else as far as the contract allows. */
function wireOfCall({ rule, status, code }: CallDecision): WireState {
  if (rule === "done" && status < 400) return "active";
  return WIRE[code ?? ""] ?? "rejected";
}

/**
 * Why a call was answered as it was: every stage that it went through, where it stopped, and the one link that mends it.
 * `side` is who reads it: the team of the app, or the administrators of the API.
 */
export function Explain({ decision, side = "app", fresh }: { decision: CallDecision; side?: Side; fresh?: boolean }) {
  const text = useText();
  const { explain } = text;
  const { title, todo } = conclusion(decision, text);
  const good = decision.rule === "done" && decision.status < 400;
  const target = good ? undefined : targetOf(decision, side);
  return (
    <section aria-label={explain.title}>
      <p className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <Wire state={wireOfCall(decision)} draw={fresh === true && good} />
        <code className="font-mono text-sm [overflow-wrap:anywhere]">{`${decision.method} ${decision.path}`}</code>
        <span className={`font-semibold ${good ? "text-ok" : "text-bad"}`}>
          {explain.status(String(decision.status))}
        </span>
      </p>
      <div
        className={`mb-4 rounded-md border-l-4 px-4 py-3 ${good ? "border-ok bg-ok-soft" : "border-bad bg-bad-soft"}`}
      >
        <p className="font-semibold">{title}</p>
        <p className="max-w-[62ch]">{todo}</p>
        {target ? (
          <p className="mt-2">
            <Fix target={target} />
          </p>
        ) : null}
      </div>
      <ol className="mb-4">
        {STAGES.map((stage) => (
          <StageItem key={stage} stage={stage} decision={decision} />
        ))}
      </ol>
      <dl className="grid gap-1 text-sm text-muted">
        <Line term={explain.at}>{moment(decision.at)}</Line>
        <Line term={explain.decision}>
          <Copyable value={decision.id} what={explain.decision} />
        </Line>
        <Line term={text.common.requestId}>
          <Copyable value={decision.request} what={text.common.requestId} />
        </Line>
      </dl>
    </section>
  );
}

function Line({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-2">
      <dt>{term}</dt>
      <dd className="min-w-0 text-ink">{children}</dd>
    </div>
  );
}

function StageItem({ stage, decision }: { stage: Stage; decision: CallDecision }) {
  const { explain } = useText();
  const outcome = outcomeOf(decision, stage);
  const reached = outcome !== "notReached";
  const bad = outcome === "stopped" || outcome === "answered";
  const last = stage === "response";
  return (
    <li className={`relative grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-3 ${last ? "" : "pb-3.5"}`}>
      {last ? null : (
        <span aria-hidden="true" className="absolute top-5 bottom-0 left-[0.45rem] border-l border-line" />
      )}
      <span
        aria-hidden="true"
        className={`mt-1 size-3.5 rounded-full border-2 ${last ? "rounded-sm" : ""} ${DOT[outcome]}`}
      />
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className={`font-semibold ${reached ? "" : "text-muted"}`}>{explain.stages[stage]}</span>
          <span className={`text-sm ${bad ? "font-semibold text-bad" : "text-muted"}`}>{explain[outcome]}</span>
        </p>
        {reached ? <Values stage={stage} decision={decision} outcome={outcome} /> : null}
        {outcome === "stopped" && decision.detail ? (
          <div className="mt-1.5 text-sm">
            <p className="text-muted">{explain.told}</p>
            <p lang="en" className="max-w-[62ch] rounded-md bg-sunken px-2.5 py-1.5">
              {decision.detail}
            </p>
          </div>
        ) : null}
      </div>
    </li>
  );
}

/** What mattered at one stage, as far as the gateway knew it then. */
function Values({ stage, decision, outcome }: { stage: Stage; decision: CallDecision; outcome: Outcome }) {
  const { explain } = useText();
  const values: ReactNode[] = [];
  if (stage === "route") {
    if (decision.api) values.push(<ResourceLink of={decision.api} />);
    if (decision.version) values.push(decision.version.name);
    if (decision.operation) values.push(explain.operation(decision.operation));
    if (decision.environment) values.push(decision.environment.name);
  }
  if (stage === "credential") {
    if (outcome === "notNeeded") values.push(explain.openToAll);
    if (decision.credential_kind) values.push(word(explain.credentialKinds, decision.credential_kind));
    if (decision.credential?.name) values.push(<code className="font-mono">{`…${decision.credential.name}`}</code>);
    if (decision.client) values.push(<ResourceLink of={decision.client} />);
  }
  if (stage === "contract") {
    if (decision.subscription) values.push(<ResourceLink of={decision.subscription} />);
    else if (decision.app) values.push(<ResourceLink of={decision.app} />);
    if (decision.plan?.name) values.push(explain.plan(decision.plan.name));
    if (outcome === "passed" && !decision.subscription) values.push(explain.noContractNeeded);
  }
  if (stage === "limits") {
    if (decision.limit_group?.name) values.push(explain.limitGroup(decision.limit_group.name));
    else if (outcome === "passed") values.push(explain.noLimit);
  }
  if (stage === "upstream") values.push(explain.duration(number(Math.round(decision.duration_micros / 100) / 10)));
  if (stage === "response") values.push(explain.status(String(decision.status)));
  if (values.length === 0) return null;
  return (
    <p className="text-sm text-muted [overflow-wrap:anywhere]">
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the values of a decision do not move
        <span key={index}>
          {index > 0 ? <span aria-hidden="true">{" · "}</span> : null}
          {value}
        </span>
      ))}
    </p>
  );
}

/** The one link that mends it. */
function Fix({ target }: { target: Target }) {
  const { explain } = useText();
  const label = (
    <>
      {explain.fix[target.fix]}
      <ArrowRight size={16} aria-hidden="true" />
    </>
  );
  return (
    <Link
      to={target.to}
      params={target.params as never}
      search={target.search as never}
      className={buttonClass("plain", true)}
    >
      {label}
    </Link>
  );
}
