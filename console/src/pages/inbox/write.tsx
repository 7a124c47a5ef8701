import { useState } from "react";
import { http } from "#/client/http";
import type { Task } from "#/client/schema";
import { unwrap, useList, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, Select, TextArea, TextInput } from "#/ui/field";
import { Waiting } from "#/ui/list";
import { useToast } from "#/ui/toast";

type WriteProps = { open: boolean; task?: Task; onClose: () => void };

/** Writes a to-do, or changes one. */
export function WriteTodo({ open, task, onClose }: WriteProps) {
  const { inbox } = useText();
  return (
    <Dialog open={open} onClose={onClose} title={task ? (task.title ?? "") : inbox.newTodo}>
      {open ? <Writing task={task} onClose={onClose} /> : null}
    </Dialog>
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
