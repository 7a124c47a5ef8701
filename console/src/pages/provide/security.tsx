import { useState } from "react";
import type { Version } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button } from "#/ui/button";
import { Checkbox, Form, Select, TextInput } from "#/ui/field";
import { Card } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { useReason } from "../profile/reason";
import { refusal } from "./control";
import { type Draft, draftOf, schemesOf } from "./schemes";

/** How callers of a version show who they are: each way a switch, in words. */
export function Security({ version, mayEdit }: { version: Version; mayEdit: boolean }) {
  const { provide } = useText();
  const { definition } = provide;
  const why = useReason();
  const toast = useToast();
  const { run, busy, error } = useWrite("patch", "/api/v1/versions/{id}");
  const [draft, setDraft] = useState(() => draftOf(version.security));
  const security = schemesOf(draft);
  const refused = refusal(version, "security");
  const save = async () => {
    try {
      await run({ params: { path: { id: version.id } }, body: { security } });
      toast(definition.securitySaved);
    } catch {
      // The form shows it.
    }
  };
  return (
    <Card>
      <Form error={error} fields={[]} onSubmit={() => void save()} label={definition.security}>
        <fieldset disabled={!mayEdit || refused !== undefined}>
          <SecurityFields draft={draft} onDraft={setDraft} />
        </fieldset>
        {refused !== undefined ? (
          <Refused reason={why(refused)}>{definition.saveSecurity}</Refused>
        ) : mayEdit ? (
          <Button type="submit" busy={busy}>
            {definition.saveSecurity}
          </Button>
        ) : (
          <p className="text-muted">{definition.denied}</p>
        )}
      </Form>
      <WithApi method="PATCH" path={`/api/v1/versions/${version.id}`} body={{ security }} />
    </Card>
  );
}

/** The ways, each a switch. */
export function SecurityFields({ draft, onDraft }: { draft: Draft; onDraft: (draft: Draft) => void }) {
  const { definition } = useText().provide;
  const set = (change: Partial<Draft>) => onDraft({ ...draft, ...change });
  return (
    <>
      <Checkbox
        label={definition.apiKey}
        hint={definition.apiKeyHint(word(definition.placesIn, draft.place), draft.name)}
        checked={draft.key}
        onChecked={(key) => set({ key })}
      />
      {draft.key ? (
        <div className="ml-7 grid items-end gap-x-4 sm:grid-cols-2">
          <Select
            label={definition.keyPlace}
            name="in"
            value={draft.place}
            onValue={(place) => set({ place })}
            options={["header", "query"].map((value) => ({ value, label: word(definition.places, value) }))}
          />
          <TextInput
            label={definition.keyName}
            name="key"
            value={draft.name}
            onValue={(name) => set({ name })}
            spellCheck={false}
            className="font-mono"
          />
        </div>
      ) : null}
      <Checkbox
        label={definition.oauth}
        hint={definition.oauthHint}
        checked={draft.oauth}
        onChecked={(oauth) => set({ oauth })}
      />
      {draft.oauth ? (
        <div className="ml-7">
          <TextInput
            label={definition.scopes}
            hint={definition.scopesHint}
            name="scopes"
            optional
            value={draft.scopes}
            onValue={(scopes) => set({ scopes })}
            spellCheck={false}
            className="font-mono"
          />
        </div>
      ) : null}
      <Checkbox
        label={definition.basic}
        hint={definition.basicHint}
        checked={draft.basic}
        onChecked={(basic) => set({ basic })}
      />
      {schemesOf(draft).length === 0 ? (
        <p role="alert" className="mb-3 rounded-md bg-wait-soft px-3 py-2 text-wait">
          {definition.anonymous}
        </p>
      ) : null}
    </>
  );
}
