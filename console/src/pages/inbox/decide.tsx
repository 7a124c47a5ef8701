import { type RefObject, useState } from "react";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Actions } from "#/ui/actions";
import { Button } from "#/ui/button";
import { Checkbox, TextArea } from "#/ui/field";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { Overtaken } from "../subscription/overtaken";
import { isOver, isOvertaken, type Target, useStep } from "../subscription/step";
import { Decided } from "./decided";
import { allowed, type Request, targetOf } from "./task";

/** Decisions that the note goes with, taken with one press; all others ask first. */
const DIRECT = ["approve", "reject", "activate"];

type DecideProps = {
  task: Request;
  tasks: Request[];
  note: RefObject<HTMLTextAreaElement | null>;
  onAct: (target: Target, action: string) => void;
  onDecided: () => void;
  /** Wants to decide these together. */
  onBulk: (tasks: Request[]) => void;
};

/** The note to the requester and the decision that it goes with. */
export function Decide({ task, tasks, note, onAct, onDecided, onBulk }: DecideProps) {
  const { inbox, subscription } = useText();
  const toast = useToast();
  const { run, busy, error } = useStep();
  const say = useWrite("post", "/api/v1/subscriptions/{id}/comments");
  const [words, setWords] = useState("");
  const [fault, setFault] = useState<string>();
  const [activateToo, setActivateToo] = useState(false);
  const [tried, setTried] = useState({ action: "", state: "" });
  const [halfway, setHalfway] = useState<unknown>();
  const lacks = (why: string) => {
    setFault(why);
    note.current?.focus();
  };
  const decide = async (action: string) => {
    // With the end that was asked for it can no longer be approved: the dialog asks for another one.
    const asks = !DIRECT.includes(action) || (action === "approve" && isOver(task.ends_at));
    if (asks) return onAct(targetOf(task), action);
    if (action === "reject" && words.trim() === "") return lacks(subscription.act.needsReason);
    setTried({ action, state: task.subscription_state });
    try {
      const outcome = await run(targetOf(task), action, { comment: words, activateToo });
      const last = outcome.steps.at(-1) ?? action;
      toast(
        subscription.act.done[last as keyof typeof subscription.act.done](outcome.subscription.app.name, task.api.name),
      );
      setHalfway(outcome.halfway);
      if (outcome.halfway === undefined) onDecided();
    } catch {
      // `error` says it, below.
    }
  };
  const comment = async () => {
    if (words.trim() === "") return lacks(inbox.commentEmpty);
    try {
      await say.run({ params: { path: { id: task.subscription } }, body: { comment: words } });
      setWords("");
      toast(inbox.commented);
    } catch {
      // `say.error` says it, below.
    }
  };
  const alike = (one: Request) => one.plan.id === task.plan.id && allowed(one, "approve") && !isOver(one.ends_at);
  const same = tasks.filter(alike);
  const late = error && isOvertaken(error);
  return (
    <div className="mt-3">
      {late ? (
        <Overtaken subscription={task.subscription} action={tried.action} before={tried.state} error={error} />
      ) : (
        <Decided task={task} />
      )}
      {error && !late ? <ProblemBanner error={error} /> : null}
      {say.error ? <ProblemBanner error={say.error} /> : null}
      {halfway ? (
        <>
          <p className="mb-2">{subscription.act.approvedNotActivated}</p>
          <ProblemBanner error={halfway} />
        </>
      ) : null}
      <TextArea
        ref={note}
        label={inbox.note}
        hint={inbox.noteHint}
        name="note"
        rows={3}
        maxLength={4000}
        required={false}
        value={words}
        onValue={(value) => {
          setWords(value);
          setFault(undefined);
        }}
        fault={fault}
        className="max-w-none"
      />
      {allowed(task, "approve") ? (
        <Checkbox
          label={inbox.activateToo}
          hint={inbox.activateTooHint}
          checked={activateToo}
          onChecked={setActivateToo}
        />
      ) : null}
      <div className="flex flex-wrap items-center gap-1.5">
        <Actions
          of={inbox.itemTitle(task.api.name, task.plan.name)}
          actions={task.actions}
          onAct={(action) => void decide(action)}
          first={DIRECT}
          buttons={2}
          busy={busy}
          extra={
            <Button onClick={() => void comment()} busy={say.busy}>
              {inbox.comment}
            </Button>
          }
        />
      </div>
      {same.length > 1 && allowed(task, "approve") ? (
        <Button kind="quiet" className="mt-3 -ml-3 py-1 text-left whitespace-normal!" onClick={() => onBulk(same)}>
          {inbox.bulk(same.length, task.plan.name)}
        </Button>
      ) : null}
    </div>
  );
}
