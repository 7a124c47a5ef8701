import { Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import type { Version } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Form } from "#/ui/field";
import { Card } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { useReason } from "../profile/reason";
import { type Change, changesOf, HOWS, type How, modificationOf, WHATS } from "./changes";
import { refusal } from "./control";

const CONTROL = "min-h-9 w-full rounded-md border border-control bg-paper px-2.5";

/** Rows of changes: what, how, name, value. */
export function ModificationRows({ changes, onChange }: { changes: Change[]; onChange: (changes: Change[]) => void }) {
  const { modification } = useText().versions;
  const next = useRef(changes.length);
  const set = (key: number, change: Partial<Change>) =>
    onChange(changes.map((one) => (one.key === key ? { ...one, ...change } : one)));
  return (
    <>
      {changes.length === 0 ? <p className="mb-3 text-muted">{modification.none}</p> : null}
      <ul className="@container">
        {changes.map((one) => (
          <li key={one.key} className="mb-3 grid grid-cols-2 gap-2 @lg:grid-cols-[auto_auto_1fr_1fr_auto]">
            <select
              aria-label={modification.title}
              value={one.what}
              onChange={(event) => set(one.key, { what: event.target.value as Change["what"] })}
              className={CONTROL}
            >
              {WHATS.map((what) => (
                <option key={what} value={what}>
                  {modification[what]}
                </option>
              ))}
            </select>
            <select
              aria-label={modification.how}
              value={one.how}
              onChange={(event) => set(one.key, { how: event.target.value as How })}
              className={CONTROL}
            >
              {HOWS.map((how) => (
                <option key={how} value={how}>
                  {modification[how]}
                </option>
              ))}
            </select>
            <input
              aria-label={modification.name}
              placeholder={modification.name}
              value={one.name}
              spellCheck={false}
              onChange={(event) => set(one.key, { name: event.target.value })}
              className={`${CONTROL} font-mono`}
            />
            {one.how === "remove" ? (
              <span />
            ) : (
              <input
                aria-label={modification.value}
                placeholder={modification.value}
                value={one.value}
                spellCheck={false}
                onChange={(event) => set(one.key, { value: event.target.value })}
                className={`${CONTROL} font-mono`}
              />
            )}
            <Button
              kind="quiet"
              className="justify-self-start"
              aria-label={modification.takeAway(one.name)}
              onClick={() => onChange(changes.filter((other) => other.key !== one.key))}
            >
              <Trash2 size={16} aria-hidden="true" />
            </Button>
          </li>
        ))}
      </ul>
      <Button
        small
        onClick={() =>
          onChange([...changes, { key: next.current++, what: "headers", how: "set", name: "", value: "" }])
        }
      >
        {modification.another}
      </Button>
    </>
  );
}

/** What the gateway changes of each request of a version. */
export function Modification({ version }: { version: Version }) {
  const { versions } = useText();
  const { modification } = versions;
  const toast = useToast();
  const { run, busy, error } = useWrite("patch", "/api/v1/versions/{id}");
  const [changes, setChanges] = useState(() => changesOf(version.request_modification));
  const refused = refusal(version, "request_modification");
  const why = useReason();
  const save = async () => {
    try {
      const request_modification = modificationOf(changes);
      await run({ params: { path: { id: version.id } }, body: { request_modification } });
      toast(modification.saved);
    } catch {
      // The form shows it.
    }
  };
  return (
    <Card>
      <Form error={error} fields={[]} onSubmit={() => void save()} label={modification.title}>
        <fieldset disabled={refused !== undefined}>
          <ModificationRows changes={changes} onChange={setChanges} />
          <p className="mt-3 mb-3 text-sm text-muted">{modification.secret}</p>
        </fieldset>
        {refused === undefined ? (
          <Button type="submit" busy={busy}>
            {modification.save}
          </Button>
        ) : (
          <Refused reason={why(refused)}>{modification.save}</Refused>
        )}
      </Form>
    </Card>
  );
}
