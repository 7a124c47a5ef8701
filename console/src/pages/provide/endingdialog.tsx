import { useState } from "react";
import type { Version } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Checkbox, Form, Select, TextArea, TextInput } from "#/ui/field";
import { useToast } from "#/ui/toast";

export type Step = "deprecate" | "reschedule" | "undeprecate" | "retire";

type Props = { version: Version; versions: Version[] };
type DialogProps = Props & { open: boolean; step: Step | undefined; onClose: () => void };

/** What a step towards the end of a version does, to whom and when. */
export function EndingDialog({ open, version, versions, step, onClose }: DialogProps) {
  const { ending } = useText().versions;
  const title = {
    deprecate: ending.deprecateTitle,
    reschedule: ending.rescheduleTitle,
    undeprecate: ending.undeprecateTitle,
    retire: ending.retireTitle,
  };
  return (
    <Dialog open={open} onClose={onClose} title={step ? title[step](version.name) : ""}>
      {step === "deprecate" || step === "reschedule" ? (
        <Announce key={step} step={step} version={version} versions={versions} onClose={onClose} />
      ) : step ? (
        <Say key={step} step={step} version={version} onClose={onClose} />
      ) : null}
    </Dialog>
  );
}

/** The beginning of a day where the person is, as the server wants it. */
function instant(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}

type StepProps<S> = { step: S; version: Version; onClose: () => void };

function Announce({ step, version, versions, onClose }: StepProps<"deprecate" | "reschedule"> & Props) {
  const { versions: words, common } = useText();
  const { ending } = words;
  const toast = useToast();
  const deprecate = useWrite("post", "/api/v1/versions/{id}/deprecate");
  const reschedule = useWrite("post", "/api/v1/versions/{id}/reschedule");
  const { run, busy, error } = step === "deprecate" ? deprecate : reschedule;
  const [until, setUntil] = useState("");
  const [open, setOpen] = useState(false);
  const [after, setAfter] = useState(version.ending?.successor?.id ?? "");
  const [link, setLink] = useState(version.ending?.link ?? "");
  const [note, setNote] = useState("");
  const others = versions.filter((one) => one.id !== version.id && one.state === "published");
  const retired = version.state === "retired";
  const save = async () => {
    const sunset = open ? { sunset_at: null } : until ? { sunset_at: instant(until) } : {};
    try {
      await run({
        params: { path: { id: version.id } },
        body: { ...sunset, successor: after || null, link: link || null, note: note || null },
      });
      toast(ending.done[step]?.(version.name) ?? "");
      onClose();
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form error={error} fields={["sunset_at", "successor", "link", "note"]} onSubmit={() => void save()}>
      <p className="mb-2">
        {step === "deprecate" ? ending.deprecateText : retired ? ending.rescheduleRetired : ending.rescheduleText}
      </p>
      <p className="mb-4">{ending.afterwards}</p>
      {open ? null : (
        <TextInput
          label={ending.until}
          hint={step === "deprecate" ? ending.untilHint : retired ? undefined : ending.untilMoveHint}
          name="sunset_at"
          type="date"
          optional={!retired}
          value={until}
          onValue={setUntil}
          error={error}
          className="max-w-52"
        />
      )}
      {retired ? null : <Checkbox label={ending.open} checked={open} onChecked={setOpen} />}
      <Select
        label={ending.after}
        hint={ending.afterHint}
        name="successor"
        value={after}
        onValue={setAfter}
        error={error}
        options={[{ value: "", label: ending.none }, ...others.map((one) => ({ value: one.id, label: one.name }))]}
      />
      <TextInput
        label={ending.link}
        hint={ending.linkHint}
        name="link"
        type="url"
        optional
        value={link}
        onValue={setLink}
        error={error}
      />
      <TextArea label={ending.note} name="note" optional rows={3} value={note} onValue={setNote} error={error} />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={busy}>
          {word(words.actions, step)}
        </Button>
      </DialogButtons>
    </Form>
  );
}

function Say({ step, version, onClose }: StepProps<"undeprecate" | "retire">) {
  const { versions: words, common } = useText();
  const { ending } = words;
  const toast = useToast();
  const undeprecate = useWrite("post", "/api/v1/versions/{id}/undeprecate");
  const retire = useWrite("post", "/api/v1/versions/{id}/retire");
  const { run, busy, error } = step === "retire" ? retire : undeprecate;
  const [note, setNote] = useState("");
  const ends = step === "retire";
  const save = async () => {
    try {
      await run({ params: { path: { id: version.id } }, body: { note: note || null } });
      toast(ending.done[step]?.(version.name) ?? "");
      onClose();
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form error={error} fields={["note"]} onSubmit={() => void save()}>
      <p className="mb-4">{ends ? ending.retireText : ending.undeprecateText}</p>
      <TextArea
        label={ends ? ending.why : ending.note}
        hint={ends ? ending.whyHint : undefined}
        name="note"
        optional={!ends}
        rows={3}
        value={note}
        onValue={setNote}
        error={error}
      />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind={ends ? "danger" : "primary"} busy={busy}>
          {word(words.actions, step)}
        </Button>
      </DialogButtons>
    </Form>
  );
}
