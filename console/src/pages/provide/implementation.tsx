import { useState } from "react";
import type { Implementation as Shape, Version } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button } from "#/ui/button";
import { Choices, Form, TextArea } from "#/ui/field";
import { Card } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { useReason } from "../profile/reason";
import { refusal } from "./control";

export type Draft = { kind: string; source: string; tasks: string };

const KINDS = ["proxy", "script", "pipeline"];

export function draftOf(of: Shape | null | undefined): Draft {
  return {
    kind: of?.kind ?? "proxy",
    source: of?.kind === "script" ? of.source : "",
    tasks: of?.kind === "pipeline" ? of.tasks.join("\n") : "",
  };
}

export function implementationOf(draft: Draft): Shape {
  if (draft.kind === "script") return { kind: "script", source: draft.source };
  const tasks = draft.tasks.split("\n").map((task) => task.trim());
  return draft.kind === "pipeline" ? { kind: "pipeline", tasks: tasks.filter(Boolean) } : { kind: "proxy" };
}

type FieldsProps = { version: Version; draft: Draft; onDraft: (draft: Draft) => void; error: unknown };

/** The kinds, each that the profile fences off with its reason. */
export function ImplementationFields({ version, draft, onDraft, error }: FieldsProps) {
  const { versions } = useText();
  const why = useReason();
  const { implementation } = versions;
  return (
    <>
      <Choices
        legend={implementation.kind}
        name="implementation"
        value={draft.kind}
        onValue={(kind) => onDraft({ ...draft, kind })}
        choices={KINDS.map((kind) => {
          const reason = refusal(version, `implementation_${kind}`);
          const sub = reason ? why(reason) : kind === "proxy" ? undefined : implementation.notYet;
          return { value: kind, title: word(implementation.kinds, kind), sub, disabled: reason !== undefined };
        })}
      />
      {draft.kind === "script" ? (
        <TextArea
          label={implementation.source}
          name="source"
          rows={8}
          spellCheck={false}
          value={draft.source}
          onValue={(source) => onDraft({ ...draft, source })}
          error={error}
          className="font-mono text-sm"
        />
      ) : null}
      {draft.kind === "pipeline" ? (
        <TextArea
          label={implementation.tasks}
          hint={implementation.tasksHint}
          name="tasks"
          rows={4}
          value={draft.tasks}
          onValue={(tasks) => onDraft({ ...draft, tasks })}
          error={error}
        />
      ) : null}
    </>
  );
}

/** Who answers the calls of a version. */
export function Implementation({ version }: { version: Version }) {
  const { versions } = useText();
  const why = useReason();
  const { implementation } = versions;
  const toast = useToast();
  const { run, busy, error } = useWrite("patch", "/api/v1/versions/{id}");
  const [draft, setDraft] = useState(() => draftOf(version.implementation));
  const refused = refusal(version, `implementation_${draft.kind}`);
  const save = async () => {
    try {
      await run({ params: { path: { id: version.id } }, body: { implementation: implementationOf(draft) } });
      toast(implementation.saved);
    } catch {
      // The form shows it.
    }
  };
  return (
    <Card>
      <Form error={error} fields={["source", "tasks"]} onSubmit={() => void save()} label={implementation.title}>
        <ImplementationFields version={version} draft={draft} onDraft={setDraft} error={error} />
        {refused === undefined ? (
          <Button type="submit" busy={busy}>
            {implementation.save}
          </Button>
        ) : (
          <Refused reason={why(refused)}>{implementation.save}</Refused>
        )}
      </Form>
    </Card>
  );
}
