import { type RefObject, useState } from "react";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Actions } from "#/ui/actions";
import { TextArea } from "#/ui/field";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { Compare } from "../subscription/compare";
import { Decided } from "./decided";
import type { Request } from "./task";

type RevisionProps = { task: Request; note: RefObject<HTMLTextAreaElement | null>; onDecided: () => void };

/** Other terms: what holds now beside what was asked for, and the decision. */
export function DecideRevision({ task, note, onDecided }: RevisionProps) {
  const { inbox, subscription } = useText();
  const toast = useToast();
  const { run, busy, error } = useWrite("post", "/api/v1/subscriptions/{id}/revisions/{revision}/{action}");
  const [words, setWords] = useState("");
  const [fault, setFault] = useState<string>();
  const { revision } = task;
  if (!revision) return null;
  const decide = async (action: string) => {
    if (action === "reject" && words.trim() === "") {
      setFault(subscription.act.needsReason);
      note.current?.focus();
      return;
    }
    try {
      const path = { id: task.subscription, revision: revision.id, action };
      await run({ params: { path }, body: { comment: words.trim() || undefined } });
      toast(word(subscription.revision.done, action));
      setWords("");
      onDecided();
    } catch {
      // `error` says it, below.
    }
  };
  return (
    <div className="mt-3">
      {revision.state === "approved" ? <p className="mb-3">{subscription.revision.waitsForActivation}</p> : null}
      <Compare of={revision} />
      <Decided task={task} />
      {error ? <ProblemBanner error={error} /> : null}
      {revision.open ? (
        <div className="mt-4">
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
          <Actions
            of={inbox.itemTitle(task.api.name, revision.new.plan.name)}
            actions={task.actions}
            onAct={(action) => void decide(action)}
            first={["approve", "reject", "activate"]}
            buttons={2}
            busy={busy}
          />
        </div>
      ) : null}
    </div>
  );
}
