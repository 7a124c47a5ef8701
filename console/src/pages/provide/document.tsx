import { Upload } from "lucide-react";
import { type DragEvent, useEffect, useId, useRef, useState } from "react";
import { useText } from "#/i18n";
import { number } from "#/i18n/format";
import { Button } from "#/ui/button";
import { TextArea } from "#/ui/field";
import { ProblemBanner } from "#/ui/problem";
import type { Check } from "./check";
import { Facts, Lint } from "./lint";

/** What is too long for a text field: it is shown by name and size only. */
const MOST_SHOWN = 200_000;

export type Chosen = { text: string; name?: string };

type PickerProps = { value: Chosen; onValue: (value: Chosen) => void; check: Check; fault?: string };

/** An OpenAPI document: dropped, chosen or pasted; and what the check says about it. */
export function Picker({ value, onValue, check, fault }: PickerProps) {
  const { made, lint } = useText().provide;
  const { common } = useText();
  const input = useRef<HTMLInputElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  // The button that found the fault is far below it.
  useEffect(() => {
    if (fault) area.current?.focus();
  }, [fault]);
  const id = useId();
  const [over, setOver] = useState(false);
  const [unread, setUnread] = useState(false);
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      setUnread(false);
      onValue({ text: await file.text(), name: file.name });
    } catch {
      setUnread(true);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const long = value.text.length > MOST_SHOWN;
  return (
    <div className="mb-5">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way of three; the button and the text field are for everybody */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={`mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-dashed px-5 py-6 ${over ? "border-accent bg-accent-soft" : "border-control bg-surface"}`}
      >
        <Upload size={22} aria-hidden="true" className="text-muted" />
        <p id={`${id}-hint`} className="min-w-48 flex-1">
          {made.drop}
        </p>
        <Button onClick={() => input.current?.click()} aria-describedby={`${id}-hint`}>
          {made.choose}
        </Button>
        <input
          ref={input}
          type="file"
          aria-label={made.choose}
          tabIndex={-1}
          accept=".json,.yaml,.yml,application/json,application/yaml"
          className="sr-only"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      {unread ? <p className="mb-3 text-bad">{made.unreadable}</p> : null}
      {value.name ? (
        <p className="mb-3 flex flex-wrap items-center gap-3">
          <span className="font-semibold [overflow-wrap:anywhere]">
            {made.chosen(value.name, `${number(Math.ceil(value.text.length / 1024))} KiB`)}
          </span>
          <Button small kind="quiet" onClick={() => onValue({ text: "" })}>
            {common.remove}
          </Button>
        </p>
      ) : null}
      {long ? null : (
        <TextArea
          ref={area}
          label={made.paste}
          hint={made.pasteHint}
          name="document"
          rows={8}
          spellCheck={false}
          value={value.text}
          onValue={(text) => onValue({ text })}
          required={false}
          fault={fault}
          className="max-w-none font-mono text-sm"
        />
      )}
      {long && fault ? <p className="text-bad">{fault}</p> : null}
      <section aria-label={made.checked}>
        <p role="status" className={check.busy ? "text-muted" : "sr-only"}>
          {check.busy ? made.checking : check.checked ? lint.count(check.checked.notes.length) : ""}
        </p>
        {check.error ? <ProblemBanner error={check.error} /> : null}
        {check.checked ? (
          <>
            <h3 className="mb-2 font-semibold">{lint.facts}</h3>
            <Facts of={check.checked} />
            <h3 className="mt-5 mb-2 font-semibold">{made.checked}</h3>
            <Lint notes={check.checked.notes} />
          </>
        ) : null}
      </section>
    </div>
  );
}
