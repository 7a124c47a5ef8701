import { Plus, X } from "lucide-react";
import { fieldError } from "#/client/problem";
import type { Window } from "#/client/schema";
import { useText } from "#/i18n";
import { number } from "#/i18n/format";
import { Button, IconButton } from "#/ui/button";

/** A window as it is typed: `other` has a length of its own in `seconds`. */
export type Draft = { key: number; count: string; unit: Unit; seconds: string };
type Unit = "second" | "minute" | "hour" | "day" | "week" | "other";

const LENGTHS: Record<Exclude<Unit, "other">, number> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};
const UNITS = [...(Object.keys(LENGTHS) as (keyof typeof LENGTHS)[]), "other" as const];
const MOST = 8;

let keys = 0;

export function draft(window?: Window): Draft {
  keys += 1;
  if (!window) return { key: keys, count: "", unit: "minute", seconds: "" };
  const unit = UNITS.find((one) => one !== "other" && LENGTHS[one] === window.seconds) ?? "other";
  return { key: keys, count: String(window.count), unit, seconds: String(window.seconds) };
}

/** The windows as the server takes them. What was left empty it refuses, with words at the field. */
export function written(drafts: Draft[]) {
  return drafts.map(({ count, unit, seconds }) => ({
    count: Number(count),
    ...(unit === "other" ? { seconds: Number(seconds) } : { per: unit }),
  }));
}

/** What stands at fault in one window, by the pointers of the body. */
export function windowFields(drafts: Draft[]): string[] {
  return drafts.flatMap((_, n) => [`windows/${n}/count`, `windows/${n}/seconds`, `windows/${n}/per`, `windows/${n}`]);
}

const CONTROL = "min-h-9 rounded-md border border-control bg-paper px-2.5 aria-invalid:border-bad";

/** Several windows of a limit group, all of which hold. */
export function Windows({
  value,
  onValue,
  error,
}: {
  value: Draft[];
  onValue: (value: Draft[]) => void;
  error: unknown;
}) {
  const { plans } = useText();
  const text = plans.limits;
  const set = (key: number, change: Partial<Draft>) =>
    onValue(value.map((one) => (one.key === key ? { ...one, ...change } : one)));
  const whole = fieldError(error, "windows");
  return (
    <fieldset className="mb-4" aria-describedby="windows-hint">
      <legend className="mb-1 font-semibold">{text.windows}</legend>
      <p id="windows-hint" className="mb-2 text-sm text-muted">
        {text.windowsHint}
      </p>
      <ol className="grid gap-2">
        {value.map((one, n) => (
          <Line
            key={one.key}
            draft={one}
            at={n}
            error={error}
            onChange={(change) => set(one.key, change)}
            onRemove={value.length > 1 ? () => onValue(value.filter((other) => other.key !== one.key)) : undefined}
          />
        ))}
      </ol>
      {whole ? <p className="mt-1 text-sm text-bad">{whole}</p> : null}
      {value.length < MOST ? (
        <Button small kind="quiet" className="mt-2 -ml-2" onClick={() => onValue([...value, draft()])}>
          <Plus size={16} aria-hidden="true" />
          {text.addWindow}
        </Button>
      ) : null}
    </fieldset>
  );
}

type LineProps = {
  draft: Draft;
  at: number;
  error: unknown;
  onChange: (change: Partial<Draft>) => void;
  onRemove: (() => void) | undefined;
};

function Line({ draft: one, at, error, onChange, onRemove }: LineProps) {
  const { plans } = useText();
  const text = plans.limits;
  const name = text.window(number(at + 1));
  const fault = ["count", "seconds", "per", ""]
    .map((member) => fieldError(error, `windows/${at}${member ? `/${member}` : ""}`))
    .find(Boolean);
  const id = `window-${one.key}-fault`;
  const told = fault ? { "aria-invalid": true, "aria-describedby": id } : {};
  return (
    <li>
      <div className="flex flex-wrap items-center gap-2">
        <input
          type="number"
          inputMode="numeric"
          min={1}
          required
          aria-label={`${name}: ${text.count}`}
          value={one.count}
          onChange={(event) => onChange({ count: event.target.value })}
          className={`${CONTROL} w-28`}
          {...told}
        />
        <span className="text-muted">{text.per}</span>
        <select
          aria-label={`${name}: ${text.unit}`}
          value={one.unit}
          onChange={(event) => onChange({ unit: event.target.value as Unit })}
          className={CONTROL}
        >
          {UNITS.map((unit) => (
            <option key={unit} value={unit}>
              {text.units[unit]}
            </option>
          ))}
        </select>
        {one.unit === "other" ? (
          <label className="inline-flex items-center gap-2">
            <input
              type="number"
              inputMode="numeric"
              min={1}
              required
              aria-label={`${name}: ${text.seconds}`}
              value={one.seconds}
              onChange={(event) => onChange({ seconds: event.target.value })}
              className={`${CONTROL} w-28`}
              {...told}
            />
            <span aria-hidden="true">{text.seconds}</span>
          </label>
        ) : null}
        {onRemove ? (
          <IconButton label={text.removeWindow(number(at + 1))} onClick={onRemove}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        ) : null}
      </div>
      {fault ? (
        <p id={id} className="mt-1 text-sm text-bad">
          {fault}
        </p>
      ) : null}
    </li>
  );
}
