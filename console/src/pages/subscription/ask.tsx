import { useRef, useState } from "react";
import { useGet, useMaybe } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { useEnvironmentName } from "#/ui/environment";
import { Checkbox, Choices, Form, TextArea } from "#/ui/field";
import { limitWords } from "#/ui/limits";
import { ProblemBanner } from "#/ui/problem";
import { EndField, endOf, Missing, SAME } from "./end";
import { Overtaken } from "./overtaken";
import { Revise } from "./revise";
import { isOver, isOvertaken, type Outcome, type Target, useStep } from "./step";
import { Suspended } from "./suspended";

export type Asked = { subscription: Target; action: string };

/** What only lets calls pass, so that nothing has to be thought over. */
const SMOOTH = ["approve", "activate", "resume", "resubmit"];
/** What stops calls, or keeps them from beginning. */
const DANGEROUS = ["suspend", "cancel", "reject"];

type AskProps = AskEnds & { open: boolean; asked: Asked | undefined; focusAfter?: () => HTMLElement | null };

/** Says what will happen to a subscription, takes the words that go with it, and does it. */
export function AskFirst({ open, asked, onClose, onDone, focusAfter }: AskProps) {
  const { subscription: text } = useText();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      focusAfter={focusAfter}
      // Words are optional where something begins: Enter is enough.
      focusFirst={() => (SMOOTH.includes(asked?.action ?? "") ? document.querySelector("[data-confirm]") : null)}
      title={
        asked
          ? (text.act.titles[asked.action as keyof typeof text.act.titles]?.(
              asked.subscription.app.name,
              asked.subscription.api.name,
            ) ?? asked.action)
          : ""
      }
    >
      {asked?.action === "revise" ? <Revise of={asked.subscription.id} onClose={onClose} /> : null}
      {asked && asked.action !== "revise" ? (
        <Ask key={`${asked.subscription.id} ${asked.action}`} {...asked} onClose={onClose} onDone={onDone} />
      ) : null}
    </Dialog>
  );
}

function Ask({ subscription: of, action, onClose, onDone }: Asked & AskEnds) {
  const { subscription, common } = useText();
  const environment = useEnvironmentName();
  const { run, busy, error } = useStep();
  const [comment, setComment] = useState("");
  const [plan, setPlan] = useState("");
  const [end, setEnd] = useState(SAME);
  const [activateToo, setActivateToo] = useState(false);
  const [bare, setBare] = useState(false);
  const [halfway, setHalfway] = useState<unknown>();
  const words = useRef<HTMLTextAreaElement>(null);
  const { act } = subscription;
  const needsReason = action === "reject";
  const path = { id: of.id };
  const about = useMaybe(action === "approve" ? "/api/v1/subscriptions/{id}" : undefined, { params: { path } });
  const over = isOver(about.data?.ends_at);
  const same = (action === "modify" && plan === "" && endOf(end) === undefined) || (over && endOf(end) === undefined);
  if (error && isOvertaken(error)) {
    return (
      <>
        <Overtaken subscription={of.id} action={action} before={of.state} error={error} />
        <Ends onClose={onClose} />
      </>
    );
  }
  if (halfway) {
    return (
      <>
        <p className="mb-3">{act.approvedNotActivated}</p>
        <ProblemBanner error={halfway} />
        <Ends onClose={onClose} />
      </>
    );
  }
  const send = async () => {
    if (busy) return;
    if (needsReason && comment.trim() === "") {
      setBare(true);
      words.current?.focus();
      return;
    }
    if (same) {
      setBare(true);
      return;
    }
    try {
      const outcome = await run(of, action, { comment, plan, activateToo, endsAt: endOf(end) });
      setHalfway(outcome.halfway);
      onDone(outcome);
    } catch {
      // `error` says it.
    }
  };
  const what = act.what[action as keyof typeof act.what];
  return (
    <Form error={error} fields={["comment", "plan", "ends_at"]} onSubmit={() => void send()}>
      <p className="mb-3">{what?.(of.plan.name, environment(of.environment))}</p>
      {DANGEROUS.includes(action) ? <Used of={of} /> : null}
      {of.state === "suspended" && action === "resume" ? <Suspended of={of} /> : null}
      {action === "modify" ? (
        <>
          <Plans of={of} value={plan} onValue={setPlan} />
          <EndField value={end} onValue={setEnd} error={error} />
          {bare && same ? <Missing>{act.needsChange}</Missing> : null}
        </>
      ) : null}
      {over ? (
        <>
          <EndField value={end} onValue={setEnd} error={error} fresh />
          <Missing>{act.needsEnd}</Missing>
        </>
      ) : null}
      <TextArea
        ref={words}
        label={needsReason ? act.reason : act.comment}
        hint={needsReason ? act.reasonHint : act.commentHint}
        name="comment"
        rows={3}
        maxLength={4000}
        optional={!needsReason}
        required={false}
        value={comment}
        onValue={(value) => {
          setComment(value);
          setBare(false);
        }}
        error={error}
        fault={bare && needsReason ? act.needsReason : undefined}
      />
      {action === "approve" ? (
        <Checkbox label={act.activateToo} hint={act.activateTooHint} checked={activateToo} onChecked={setActivateToo} />
      ) : null}
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" data-confirm kind={DANGEROUS.includes(action) ? "danger" : "primary"} busy={busy}>
          {act.verbs[action as keyof typeof act.verbs] ?? word(common.actions, action)}
        </Button>
      </DialogButtons>
    </Form>
  );
}

type AskEnds = { onClose: () => void; onDone: (outcome: Outcome) => void };

function Ends({ onClose }: { onClose: () => void }) {
  const { common } = useText();
  return (
    <DialogButtons>
      <Button kind="primary" onClick={onClose}>
        {common.close}
      </Button>
    </DialogButtons>
  );
}

/** How much would stop. */
function Used({ of }: { of: Target }) {
  const { subscription } = useText();
  const query = { app: of.app.id, api: of.api.id, environment: of.environment.id, step: "hour" as const };
  const usage = useMaybe(of.state === "active" ? "/api/v1/usage" : undefined, { params: { query } }).data;
  if (!usage) return null;
  const calls = usage.items.reduce((sum, stretch) => sum + stretch.calls, 0);
  return <p className="mb-3 font-semibold">{subscription.act.used(calls)}</p>;
}

/** The plans that the API offers; the one it has is no choice. */
function Plans({ of, value, onValue }: { of: Target; value: string; onValue: (plan: string) => void }) {
  const text = useText();
  const { plans } = useGet("/api/v1/apis/{id}", { params: { path: { id: of.api.id } } });
  return (
    <Choices
      legend={text.subscription.act.plan}
      name="plan"
      value={value}
      onValue={onValue}
      choices={plans.map((plan) => ({
        value: plan.id,
        title: plan.name,
        sub: `${limitWords(plan.limits, text)}${plan.id === of.plan.id ? ` · ${text.subscription.act.currentPlan}` : ""}`,
        disabled: plan.id === of.plan.id,
      }))}
    />
  );
}
