import { useState } from "react";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Checkbox, TextArea } from "#/ui/field";
import { useProblemWords } from "#/ui/problem";
import { isOvertaken, useStep } from "../subscription/step";
import { type Request, targetOf } from "./task";

type Result = "runs" | "approve" | "activate" | "halfway" | "failed" | "overtaken";
type Told = { result: Result; why?: unknown };

type BulkProps = {
  open: boolean;
  /** What was chosen at the beginning: it stays on the screen while the list behind it shrinks. */
  tasks: Request[] | undefined;
  onClose: () => void;
  focusAfter: () => HTMLElement | null;
};

/** Approves several requests for one plan: one call after another, each with its own result. */
export function Bulk({ open, tasks, onClose, focusAfter }: BulkProps) {
  const { inbox } = useText();
  return (
    <Dialog open={open} onClose={onClose} title={inbox.bulkTitle(tasks?.[0]?.plan.name ?? "")} focusAfter={focusAfter}>
      {tasks ? <Run tasks={tasks} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Run({ tasks, onClose }: { tasks: Request[]; onClose: () => void }) {
  const { inbox, common, subscription } = useText();
  const { run } = useStep();
  const [without, setWithout] = useState<string[]>([]);
  const [comment, setComment] = useState("");
  const [activateToo, setActivateToo] = useState(false);
  const [told, setTold] = useState<Record<string, Told>>({});
  const [phase, setPhase] = useState<"choose" | "runs" | "over">("choose");
  const wanted = tasks.filter((task) => !without.includes(task.id));
  const tell = (id: string, now: Told) => setTold((before) => ({ ...before, [id]: now }));
  const start = async () => {
    setPhase("runs");
    for (const task of wanted) {
      tell(task.id, { result: "runs" });
      try {
        const { steps, halfway } = await run(targetOf(task), "approve", { comment, activateToo });
        if (halfway) tell(task.id, { result: "halfway", why: halfway });
        else tell(task.id, { result: steps.includes("activate") ? "activate" : "approve" });
      } catch (why) {
        tell(task.id, { result: isOvertaken(why) ? "overtaken" : "failed", why });
      }
    }
    setPhase("over");
  };
  const done = Object.values(told).filter((one) => one.result === "approve" || one.result === "activate").length;
  return (
    <>
      <p className="mb-3">{inbox.bulkHint}</p>
      <fieldset className="mb-4" disabled={phase !== "choose"}>
        <legend className="mb-1.5 font-semibold">{inbox.bulkWhich}</legend>
        {tasks.map((task) =>
          phase === "choose" ? (
            <Checkbox
              key={task.id}
              label={`${inbox.from(task.app.name, task.organization?.name ?? "")} · ${task.api.name}`}
              hint={task.comment_requestor ?? undefined}
              checked={!without.includes(task.id)}
              onChecked={(checked) =>
                setWithout(checked ? without.filter((id) => id !== task.id) : [...without, task.id])
              }
            />
          ) : null,
        )}
        {phase === "choose" ? null : <Results tasks={wanted} told={told} />}
      </fieldset>
      {phase === "choose" ? (
        <>
          <TextArea
            label={subscription.act.comment}
            hint={subscription.act.commentHint}
            name="comment"
            rows={2}
            optional
            value={comment}
            onValue={setComment}
          />
          <Checkbox
            label={inbox.activateToo}
            hint={inbox.activateTooHint}
            checked={activateToo}
            onChecked={setActivateToo}
          />
        </>
      ) : (
        <p role="status" className="font-semibold">
          {inbox.bulkDone(done, wanted.length)}
        </p>
      )}
      <DialogButtons>
        <Button onClick={onClose}>{phase === "over" ? common.close : common.cancel}</Button>
        {phase === "choose" ? (
          <Button kind="primary" disabled={wanted.length === 0} onClick={() => void start()}>
            {inbox.bulkVerb(wanted.length)}
          </Button>
        ) : null}
      </DialogButtons>
    </>
  );
}

function Results({ tasks, told }: { tasks: Request[]; told: Record<string, Told> }) {
  const { inbox } = useText();
  return (
    <ul className="grid gap-2">
      {tasks.map((task) => {
        const one = told[task.id];
        return (
          <li key={task.id} className="border-b border-line pb-2 last:border-b-0">
            <span className="flex flex-wrap justify-between gap-x-4">
              <span>{`${inbox.from(task.app.name, task.organization?.name ?? "")} · ${task.api.name}`}</span>
              <span className="font-semibold">{inbox.bulkStates[one?.result ?? "waits"]}</span>
            </span>
            {one?.why ? <Why error={one.why} /> : null}
          </li>
        );
      })}
    </ul>
  );
}

function Why({ error }: { error: unknown }) {
  const words = useProblemWords(error);
  return <p className="text-sm text-muted">{words}</p>;
}
