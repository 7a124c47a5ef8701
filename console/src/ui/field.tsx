import {
  type FormEvent,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { fieldFault, isAboutFields } from "#/client/problem";
import { useText } from "#/i18n";
import { ProblemBanner } from "./problem";

const CONTROL =
  "w-full rounded-md border border-control bg-paper px-2.5 min-h-9 text-ink placeholder:text-muted aria-invalid:border-bad aria-invalid:outline-bad";

type Labelled = {
  label: string;
  hint?: ReactNode;
  /** The member of the request body, for the server's words about it. */
  name: string;
  /** What a write of this form threw. */
  error?: unknown;
  /** Says that the field may stay empty. */
  optional?: boolean;
  /** What the form itself finds wrong, before anything is sent. */
  fault?: string;
};

/** What every control of a field has in common. */
type Control = {
  id: string;
  name: string;
  required: boolean;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
};

function Field({
  label,
  hint,
  name,
  error,
  optional,
  fault: own,
  children,
}: Labelled & { children: (control: Control) => ReactNode }) {
  const id = useId();
  const { common } = useText();
  const told = own ? undefined : fieldFault(error, name);
  const words = told && common.faults[told.code];
  const fault = own ?? words ?? told?.detail;
  const describedBy = [hint ? `${id}-hint` : "", fault ? `${id}-fault` : ""].filter(Boolean).join(" ") || undefined;
  return (
    <div className="mb-4 max-w-[40rem]">
      <label htmlFor={id} className="mb-1 block font-semibold">
        {label}
        {optional ? <span className="font-normal text-muted">{` (${common.optional})`}</span> : null}
      </label>
      {hint ? (
        <p id={`${id}-hint`} className="mb-1 max-w-[62ch] text-sm text-muted">
          {hint}
        </p>
      ) : null}
      {children({
        id,
        name,
        required: !optional,
        "aria-invalid": fault !== undefined || undefined,
        "aria-describedby": describedBy,
      })}
      {fault ? (
        <p id={`${id}-fault`} className="mt-1 text-sm text-bad">
          {fault}
          {words ? (
            <span lang="en" className="block text-muted">
              {told.detail}
            </span>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}

type Input = Labelled &
  Omit<InputHTMLAttributes<HTMLInputElement>, "name" | "onChange" | "value"> & {
    value: string;
    onValue: (value: string) => void;
  };

export function TextInput(props: Input) {
  const { label, hint, name, error, optional, fault, onValue, className = "", ...rest } = props;
  return (
    <Field {...{ label, hint, name, error, optional, fault }}>
      {(control) => (
        <input
          {...control}
          onChange={(event) => onValue(event.target.value)}
          className={`${CONTROL} ${className}`}
          {...rest}
        />
      )}
    </Field>
  );
}

type Area = Labelled &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "name" | "onChange" | "value"> & {
    ref?: Ref<HTMLTextAreaElement>;
    value: string;
    onValue: (value: string) => void;
  };

export function TextArea(props: Area) {
  const { label, hint, name, error, optional, fault, onValue, rows = 4, className = "", ...rest } = props;
  return (
    <Field {...{ label, hint, name, error, optional, fault }}>
      {(control) => (
        <textarea
          {...control}
          rows={rows}
          onChange={(event) => onValue(event.target.value)}
          className={`${CONTROL} py-1.5 ${className}`}
          {...rest}
        />
      )}
    </Field>
  );
}

type Pick = Labelled &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, "name" | "onChange" | "value"> & {
    value: string;
    onValue: (value: string) => void;
    options: { value: string; label: string; disabled?: boolean }[];
  };

export function Select(props: Pick) {
  const { label, hint, name, error, optional, fault, onValue, options, className = "", ...rest } = props;
  return (
    <Field {...{ label, hint, name, error, optional, fault }}>
      {(control) => (
        <select
          {...control}
          onChange={(event) => onValue(event.target.value)}
          className={`${CONTROL} ${className}`}
          {...rest}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Checkbox({
  label,
  hint,
  checked,
  onChecked,
  disabled,
}: {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChecked: (checked: boolean) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="mb-3 flex items-start gap-2.5">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChecked(event.target.checked)}
        className="mt-0.5 size-4.5 shrink-0 accent-accent"
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint ? (
          <p id={`${id}-hint`} className="text-sm text-muted">
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  );
}

/** One of several, each a card with its terms; a disabled one says why. */
export type Choice = { value: string; title: ReactNode; sub?: ReactNode; disabled?: boolean };

export function Choices({
  legend,
  name,
  value,
  onValue,
  choices,
}: {
  legend: string;
  name: string;
  value: string;
  onValue: (value: string) => void;
  choices: Choice[];
}) {
  const id = useId();
  return (
    <fieldset className="mb-4">
      <legend className="mb-1.5 font-semibold">{legend}</legend>
      <div className="grid gap-2">
        {choices.map((choice) => (
          <label
            key={choice.value}
            className={`flex items-start gap-3 rounded-md border px-3.5 py-2.5 ${value === choice.value ? "border-accent bg-accent-soft" : "border-line bg-surface"} ${choice.disabled ? "" : "hover:border-control"}`}
          >
            <input
              type="radio"
              name={`${id}-${name}`}
              value={choice.value}
              checked={value === choice.value}
              disabled={choice.disabled}
              onChange={() => onValue(choice.value)}
              className="mt-1 size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0">
              <span className={`block font-semibold ${choice.disabled ? "text-muted" : ""}`}>{choice.title}</span>
              {choice.sub ? <span className="block text-sm text-muted">{choice.sub}</span> : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A form that shows what belongs to no field (`fields` are those it has) in a banner, and never reloads the page. */
export function Form({
  error,
  fields,
  onSubmit,
  children,
  label,
}: {
  error: unknown;
  fields: string[];
  onSubmit: () => void;
  children: ReactNode;
  label?: string;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit} aria-label={label} noValidate={false}>
      {error && !isAboutFields(error, fields) ? <ProblemBanner error={error} /> : null}
      {children}
    </form>
  );
}
