import { useState } from "react";
import type { Task } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Actions } from "#/ui/actions";
import { Text } from "#/ui/blocks";
import { later } from "#/ui/dialog";
import { TextArea } from "#/ui/field";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { Decided } from "./decided";

const WriteTodo = later(() => import("./write").then((m) => m.WriteTodo));

/** A to-do or an alert: what it says, and whether it is done. */
export function Todo({ task, onDone }: { task: Task; onDone: () => void }) {
  const { inbox } = useText();
  const toast = useToast();
  const done = useWrite("post", "/api/v1/tasks/{id}/done");
  const reopen = useWrite("post", "/api/v1/tasks/{id}/reopen");
  const [words, setWords] = useState("");
  const [editing, setEditing] = useState(false);
  const error = done.error ?? reopen.error;
  const act = async (action: string) => {
    if (action === "edit") return setEditing(true);
    try {
      const init = { params: { path: { id: task.id } }, body: { comment: words.trim() || undefined } };
      await (action === "done" ? done.run(init) : reopen.run(init));
      toast(action === "done" ? inbox.taskDone : inbox.taskReopened);
      setWords("");
      if (action === "done") onDone();
    } catch {
      // `error` says it, below.
    }
  };
  const who = task.assignee ? inbox.assignedTo(task.assignee.name) : inbox.unassigned;
  return (
    <div className="mt-3">
      {task.kind === "alert" ? (
        <p className="mb-3">{word(inbox.alertHints, task.code ?? "")}</p>
      ) : (
        <p className="mb-3 text-sm text-muted">{task.author ? `${inbox.todoBy(task.author.name)} · ${who}` : who}</p>
      )}
      <Text blocks={task.text_blocks} />
      <Decided task={task} />
      {error ? <ProblemBanner error={error} /> : null}
      {task.state === "withdrawn" ? null : (
        <div className="mt-4">
          <TextArea
            label={inbox.taskNote}
            hint={inbox.taskNoteHint}
            name="comment"
            rows={2}
            optional
            required={false}
            maxLength={4000}
            value={words}
            onValue={setWords}
            className="max-w-none"
          />
          <Actions
            of={task.title ?? word(inbox.alerts, task.code ?? "")}
            actions={task.actions}
            onAct={(action) => void act(action)}
            first={["done", "reopen"]}
            busy={done.busy || reopen.busy}
          />
        </div>
      )}
      <WriteTodo open={editing} task={task} onClose={() => setEditing(false)} />
    </div>
  );
}
