import { useState } from "react";
import type { Operation, OperationSettingsEdit, Version } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Checkbox, Form, TextInput } from "#/ui/field";
import { Cell, Row, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { useToast } from "#/ui/toast";
import { useReason } from "../profile/reason";
import { changesOf, modificationOf } from "./changes";
import { refusal } from "./control";
import { ImplementationFields, draftOf as implementationDraft, implementationOf } from "./implementation";
import { ModificationRows } from "./modification";
import { draftOf, schemesOf } from "./schemes";
import { SecurityFields } from "./security";

/** How many operations are drawn; the rest is found by searching. */
const MOST = 30;

/** What single operations say of their own. */
export function Operations({ version }: { version: Version }) {
  const { operations } = useText().versions;
  const { items, orphaned } = useGet("/api/v1/versions/{id}/operations", { params: { path: { id: version.id } } });
  const [query, setQuery] = useState("");
  const [editing, setEditing] = useState<Operation>();
  const wanted = query.trim().toLowerCase();
  const found = items.filter((one) => `${one.name} ${one.method} ${one.path}`.toLowerCase().includes(wanted));
  // Those that say something of their own come first.
  const sorted = [...found.filter((one) => one.own), ...found.filter((one) => !one.own)];
  return (
    <Section title={operations.title} sub={operations.sub} id="operations">
      {orphaned && orphaned.length > 0 ? <Orphaned version={version} names={orphaned} /> : null}
      {items.length === 0 ? (
        <Empty title={operations.none}>{operations.sub}</Empty>
      ) : (
        <>
          {items.length > 8 ? (
            <TextInput label={operations.filter} name="filter" optional value={query} onValue={setQuery} />
          ) : null}
          {found.length === 0 ? <p className="text-muted">{operations.nothing}</p> : null}
          {sorted.length > 0 ? (
            <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={operations.title}>
              {sorted.slice(0, MOST).map((one) => (
                <Row key={one.name}>
                  <Cell
                    className="max-md:w-full"
                    title={one.name}
                    sub={<code className="font-mono">{`${one.method} ${one.path}`}</code>}
                  />
                  {one.own ? <Pill tone="go">{operations.own}</Pill> : <Pill tone="off">{operations.usual}</Pill>}
                  <Button small onClick={() => setEditing(one)} aria-label={`${operations.change}: ${one.name}`}>
                    {operations.change}
                  </Button>
                </Row>
              ))}
            </Rows>
          ) : null}
          {sorted.length > MOST ? <p className="mt-2 text-muted">{operations.more(sorted.length - MOST)}</p> : null}
        </>
      )}
      <Dialog
        open={editing !== undefined}
        onClose={() => setEditing(undefined)}
        title={editing ? operations.edit(editing.name) : ""}
        wide
      >
        {editing ? <OperationForm version={version} of={editing} onClose={() => setEditing(undefined)} /> : null}
      </Dialog>
    </Section>
  );
}

/** Nothing of it is said by the operation itself. */
const NOTHING: OperationSettingsEdit = { security: null, request_modification: null, implementation: null };

function Orphaned({ version, names }: { version: Version; names: string[] }) {
  const { operations } = useText().versions;
  const { run, busy } = useWrite("patch", "/api/v1/versions/{id}");
  const remove = (name: string) =>
    run({ params: { path: { id: version.id } }, body: { operations: { [name]: NOTHING } } }).catch(() => undefined);
  return (
    <div role="alert" className="mb-4 rounded-md bg-wait-soft px-4 py-3">
      <p className="mb-2">{operations.orphaned(names.join(", "))}</p>
      <p className="flex flex-wrap gap-2">
        {names.map((name) => (
          <Button key={name} small busy={busy} onClick={() => void remove(name)}>
            {operations.takeAway(name)}
          </Button>
        ))}
      </p>
    </div>
  );
}

function OperationForm({ version, of, onClose }: { version: Version; of: Operation; onClose: () => void }) {
  const { versions, common } = useText();
  const { operations } = versions;
  const toast = useToast();
  const { run, busy, error } = useWrite("patch", "/api/v1/versions/{id}");
  const [own, setOwn] = useState({
    security: Boolean(of.own?.security),
    modification: Boolean(of.own?.request_modification),
    implementation: Boolean(of.own?.implementation),
  });
  const [security, setSecurity] = useState(() => draftOf(of.own?.security ?? version.security));
  const why = useReason();
  const [changes, setChanges] = useState(() => changesOf(of.own?.request_modification ?? version.request_modification));
  const [made, setMade] = useState(() => implementationDraft(of.own?.implementation ?? version.implementation));
  const save = async () => {
    const settings: OperationSettingsEdit = {
      security: own.security ? schemesOf(security) : null,
      request_modification: own.modification ? modificationOf(changes) : null,
      implementation: own.implementation ? implementationOf(made) : null,
    };
    try {
      await run({ params: { path: { id: version.id } }, body: { operations: { [of.name]: settings } } });
      toast(operations.saved(of.name));
      onClose();
    } catch {
      // The form shows it.
    }
  };
  const part = (key: keyof typeof own, control: string, title: string, label: string, fields: React.ReactNode) => {
    const reason = refusal(version, control);
    return (
      <fieldset className="mb-5 border-t border-line pt-3" disabled={reason !== undefined}>
        <legend className="pr-3 font-semibold">{title}</legend>
        <Checkbox
          label={label}
          hint={reason ? why(reason) : undefined}
          checked={own[key]}
          onChecked={(checked) => setOwn({ ...own, [key]: checked })}
          disabled={reason !== undefined}
        />
        {own[key] ? <div className="ml-7">{fields}</div> : null}
      </fieldset>
    );
  };
  return (
    <Form error={error} fields={["source", "tasks"]} onSubmit={() => void save()}>
      <p className="mb-4">
        <code className="font-mono">{`${of.method} ${of.path}`}</code>
      </p>
      {part(
        "security",
        "security_per_operation",
        operations.security,
        operations.ownSecurity,
        <SecurityFields draft={security} onDraft={setSecurity} />,
      )}
      {part(
        "modification",
        "request_modification",
        operations.modification,
        operations.ownModification,
        <ModificationRows changes={changes} onChange={setChanges} />,
      )}
      {part(
        "implementation",
        "implementation_per_operation",
        operations.implementation,
        operations.ownImplementation,
        <ImplementationFields version={version} draft={made} onDraft={setMade} error={error} />,
      )}
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={busy}>
          {operations.save}
        </Button>
      </DialogButtons>
    </Form>
  );
}
