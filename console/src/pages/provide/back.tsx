import { useState } from "react";
import type { Revision, RevisionRow, Version } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, TextInput } from "#/ui/field";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { useReason } from "../profile/reason";
import { refusal } from "./control";

type Props = { version: Version; onClose: () => void };
type Settings = Revision["settings"];

/** Makes an old revision the newest again. */
export function Back({ open, version, to, onClose }: Props & { open: boolean; to: RevisionRow | undefined }) {
  const { revisions } = useText().versions;
  return (
    <Dialog open={open} onClose={onClose} title={to ? revisions.rollbackTitle(to.number) : ""}>
      {to ? <BackForm key={to.number} version={version} to={to.number} onClose={onClose} /> : null}
    </Dialog>
  );
}

/** What a profile has to leave to designers for settings to become these. */
function needed(from: Settings, to: Settings): string[] {
  const differ = (one: unknown, other: unknown) => JSON.stringify(one) !== JSON.stringify(other);
  const names = [...new Set([...Object.keys(from.operations ?? {}), ...Object.keys(to.operations ?? {})])];
  const single = (member: "security" | "request_modification" | "implementation") =>
    names.some((name) => differ(from.operations?.[name]?.[member], to.operations?.[name]?.[member]));
  return [
    differ(from.security, to.security) ? "security" : "",
    differ(from.request_modification, to.request_modification) || single("request_modification")
      ? "request_modification"
      : "",
    differ(from.implementation, to.implementation) ? `implementation_${to.implementation?.kind ?? "proxy"}` : "",
    single("security") ? "security_per_operation" : "",
    single("implementation") ? "implementation_per_operation" : "",
  ].filter(Boolean);
}

function BackForm({ version, to, onClose }: Props & { to: number }) {
  const { versions, common } = useText();
  const { revisions } = versions;
  const why = useReason();
  const toast = useToast();
  const { run, busy, error } = useWrite("post", "/api/v1/versions/{id}/rollback");
  const [note, setNote] = useState("");
  const at = (number: number) => ({ params: { path: { id: version.id, number } } });
  const now = useGet("/api/v1/versions/{id}/revisions/{number}", at(version.revision));
  const then = useGet("/api/v1/versions/{id}/revisions/{number}", at(to));
  const refused = needed(now.settings, then.settings)
    .map((control) => refusal(version, control))
    .find((reason) => reason !== undefined);
  const save = async () => {
    try {
      const body = { revision: to, note: note || null };
      const made = await run({ params: { path: { id: version.id } }, body });
      toast(revisions.rolledBack(made.revision));
      onClose();
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form error={error} fields={["note"]} onSubmit={() => void save()}>
      <p className="mb-4">{revisions.rollbackText}</p>
      {refused === undefined ? (
        <TextInput label={revisions.note} name="note" optional value={note} onValue={setNote} error={error} />
      ) : null}
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        {refused === undefined ? (
          <Button type="submit" kind="primary" busy={busy}>
            {revisions.rollback}
          </Button>
        ) : (
          <Refused reason={why(refused)}>{revisions.rollback}</Refused>
        )}
      </DialogButtons>
    </Form>
  );
}
