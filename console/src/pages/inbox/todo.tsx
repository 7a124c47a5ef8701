import { useState } from "react";
import { http } from "#/client/http";
import type { Task } from "#/client/schema";
import { unwrap, useList, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Actions } from "#/ui/actions";
import { Text } from "#/ui/blocks";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, Select, TextArea, TextInput } from "#/ui/field";
import { Waiting } from "#/ui/list";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { Decided } from "./decided";

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
        <>
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
        </>
      )}
      <Dialog open={editing} onClose={() => setEditing(false)} title={task.title ?? ""}>
        {editing ? <Writing task={task} onClose={() => setEditing(false)} /> : null}
      </Dialog>
    </div>
  );
}

/** Writes a to-do for colleagues. */
export function NewTodo() {
  const { inbox } = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{inbox.newTodo}</Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={inbox.newTodo}>
        {open ? <Writing onClose={() => setOpen(false)} /> : null}
      </Dialog>
    </>
  );
}

/** Whose administrators a to-do can be for: `api_...` and `org_...` with their names. */
function useInboxes() {
  const { inbox } = useText();
  const apis = useList("/api/v1/apis", { params: { query: { mine: true, limit: 200 } } });
  const organizations = useList("/api/v1/organizations", { params: { query: { limit: 200 } } });
  const loading = apis.loading || organizations.loading;
  const options = [
    ...apis.items.filter((one) => one.may_decide).map((one) => ({ value: one.id, label: inbox.todoApi(one.name) })),
    ...organizations.items
      .filter((one) => one.may_provide)
      .map((one) => ({ value: one.id, label: inbox.todoOrganization(one.name) })),
  ];
  return { options, loading };
}

/** The id of whoever has this username; undefined if nobody has. */
async function idOf(username: string): Promise<string | undefined> {
  const answer = await http.GET("/api/v1/users", { params: { query: { username } } });
  return unwrap<{ items: { id: string }[] }>(answer).items[0]?.id;
}

function Writing({ task, onClose }: { task?: Task; onClose: () => void }) {
  const { inbox, common } = useText();
  const toast = useToast();
  const make = useWrite("post", "/api/v1/tasks");
  const change = useWrite("patch", "/api/v1/tasks/{id}");
  const { options, loading } = useInboxes();
  const [place, setPlace] = useState("");
  const [title, setTitle] = useState(task?.title ?? "");
  const [text, setText] = useState(task?.text ?? "");
  const [assignee, setAssignee] = useState("");
  const [unknown, setUnknown] = useState(false);
  const error = make.error ?? change.error;
  const chosen = place || options[0]?.value || "";
  const save = async () => {
    try {
      const name = assignee.trim();
      const user = name ? await idOf(name) : undefined;
      if (name && !user) return setUnknown(true);
      if (task) {
        await change.run({
          params: { path: { id: task.id } },
          body: { title, text, ...(user ? { assignee: user } : {}) },
        });
      } else {
        const of = chosen.startsWith("api_") ? { api: chosen } : { organization: chosen };
        await make.run({ body: { ...of, title, text, assignee: user } });
      }
      toast(inbox.todoSaved);
      onClose();
    } catch {
      // The form shows it.
    }
  };
  if (!task && loading) return <Waiting />;
  if (!task && options.length === 0) return <p>{inbox.noInbox}</p>;
  return (
    <Form
      error={error}
      fields={["title", "text", "assignee", "api", "organization"]}
      onSubmit={() => void save()}
      label={inbox.newTodo}
    >
      <p className="mb-3 text-muted">{inbox.todoHint}</p>
      {task ? null : (
        <Select label={inbox.todoFor} name="api" value={chosen} onValue={setPlace} options={options} error={error} />
      )}
      <TextInput label={inbox.todoTitle} name="title" maxLength={120} value={title} onValue={setTitle} error={error} />
      <TextArea
        label={inbox.todoText}
        hint={inbox.todoTextHint}
        name="text"
        rows={4}
        optional
        required={false}
        maxLength={4000}
        value={text}
        onValue={setText}
        error={error}
      />
      <TextInput
        label={inbox.todoAssignee}
        hint={inbox.todoAssigneeHint}
        name="assignee"
        optional
        required={false}
        value={assignee}
        onValue={(value) => {
          setAssignee(value);
          setUnknown(false);
        }}
        error={error}
        fault={unknown ? inbox.todoUnknown : undefined}
      />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={make.busy || change.busy}>
          {inbox.todoSave}
        </Button>
      </DialogButtons>
    </Form>
  );
}
