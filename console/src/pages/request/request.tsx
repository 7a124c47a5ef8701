import { useLocation, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useGet } from "#/client/use";
import { useText } from "#/i18n";
import { Crumb, PageHead } from "#/ui/page";
import { NoteStep } from "./note";
import { PlanStep } from "./plan";
import { ReviewStep } from "./review";
import { Progress } from "./steps";
import type { Draft, Place } from "./types";
import { WhereStep } from "./where";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** What was written on the way of a request: it outlives a reload, and is in no address and no storage. */
    note?: string;
    answer?: string;
    until?: string;
  }
}

/** Asks for access in four steps. What is chosen is in the address, so Back works and a link can begin anywhere. */
export function RequestAccess() {
  const { request } = useText();
  const { api: id } = useParams({ from: "/apis/$api/request" });
  const search = useSearch({ from: "/apis/$api/request" });
  const api = useGet("/api/v1/apis/{id}", { params: { path: { id } } });
  const agreements = useGet("/api/v1/apis/{id}/agreements", { params: { path: { id } } }).items;
  const agreement = agreements.find((one) => one.active);
  const { state } = useLocation();
  const [note, setNote] = useState(state.note ?? "");
  const [answer, setAnswer] = useState(state.answer ?? "");
  const [until, setUntil] = useState(state.until ?? "");
  const [finished, setFinished] = useState(false);
  const navigate = useNavigate();
  const draft: Draft = {
    plan: api.plans.find((plan) => plan.id === search.plan),
    place: api.admissions.find((one) => one.environment === search.environment),
    apps: search.app?.split(",").filter(Boolean) ?? [],
    note,
    answer,
    until,
  };
  const step = reached(search.step ?? 1, draft, agreement !== undefined);
  // Back from what was sent is on the way again.
  if (finished && step !== 4) setFinished(false);
  const go = (changes: Place, replace = false) =>
    void navigate({
      to: "/apis/$api/request",
      params: { api: id },
      search: { ...search, step, ...changes },
      state: { note, answer, until },
      replace,
      resetScroll: !replace,
    });
  // A new step has the focus at its question, so that it is read and Tab goes on from there.
  const place = useRef<HTMLDivElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step) place.current?.querySelector("h2")?.focus();
    before.current = step;
  }, [step]);
  const choose = (changes: Place) => go(changes, true);
  const props = { api, draft, agreement, choose, go };
  return (
    <div ref={place}>
      <PageHead
        title={request.title(api.name)}
        crumb={
          <Crumb to="/apis/$api" params={{ api: id }}>
            {api.name}
          </Crumb>
        }
      />
      {finished ? null : <Progress step={step} onStep={(wanted) => go({ step: wanted })} />}
      {step === 1 ? <PlanStep {...props} /> : null}
      {step === 2 ? <WhereStep {...props} /> : null}
      {step === 3 ? <NoteStep {...props} setNote={setNote} setAnswer={setAnswer} setUntil={setUntil} /> : null}
      {step === 4 ? <ReviewStep {...props} onFinished={() => setFinished(true)} /> : null}
    </div>
  );
}

/** The step that the address wants, or the first one before it that is not finished. */
function reached(wanted: number, { plan, place, apps, answer }: Draft, answers: boolean): number {
  if (!plan) return 1;
  if (!place || apps.length === 0) return Math.min(wanted, 2);
  if (answers && !answer) return Math.min(wanted, 3);
  return Math.min(Math.max(wanted, 1), 4);
}
