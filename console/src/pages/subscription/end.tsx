import type { ReactNode } from "react";
import { useText } from "#/i18n";
import { Choices, TextInput } from "#/ui/field";

/** When something is to end: as it does, never, or after a day. */
export type End = { kind: "same" | "never" | "day"; day: string };

export const SAME: End = { kind: "same", day: "" };

/** The end of that day, here, as the server takes it; null is never, undefined leaves it as it is. */
export function endOf({ kind, day }: End): string | null | undefined {
  if (kind === "same") return undefined;
  if (kind === "never" || !day) return kind === "never" ? null : undefined;
  const midnight = new Date(`${day}T00:00:00`);
  midnight.setDate(midnight.getDate() + 1);
  return midnight.toISOString();
}

/** A day of today or later, as the field takes it. */
export function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}

export function EndField(props: { value: End; onValue: (end: End) => void; error?: unknown; fresh?: boolean }) {
  const { value, onValue, error, fresh } = props;
  const { revision } = useText().subscription;
  const same = fresh ? [] : [{ value: "same", title: revision.sameEnd }];
  return (
    <>
      <Choices
        legend={revision.endChoice}
        name="end"
        value={value.kind}
        onValue={(kind) => onValue({ ...value, kind: kind as End["kind"] })}
        choices={[...same, { value: "never", title: revision.noEnd }, { value: "day", title: revision.otherEnd }]}
      />
      {value.kind === "day" ? (
        <TextInput
          label={revision.endDay}
          hint={revision.endHint}
          name="ends_at"
          type="date"
          min={today()}
          value={value.day}
          onValue={(day) => onValue({ kind: "day", day })}
          error={error}
        />
      ) : null}
    </>
  );
}

/** What was left out of a dialog whose button was pressed. */
export function Missing({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="mb-4 text-sm text-bad">
      {children}
    </p>
  );
}
