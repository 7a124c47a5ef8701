import type { ButtonHTMLAttributes, ReactNode } from "react";

export type Kind = "primary" | "plain" | "danger" | "quiet";

const LOOK: Record<Kind, string> = {
  primary: "bg-accent text-on-accent border-transparent hover:brightness-110",
  plain: "bg-surface text-ink border-line hover:border-control",
  danger: "bg-surface text-bad border-bad/50 hover:bg-bad-soft",
  quiet: "bg-transparent text-ink border-transparent hover:bg-sunken",
};

/** The look of a button, for links that act as one. */
export function buttonClass(kind: Kind = "plain", small = false): string {
  const size = small ? "min-h-7 px-2 text-sm" : "min-h-8 px-3";
  return `inline-flex items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-colors ${size} ${LOOK[kind]} disabled:opacity-55 aria-disabled:opacity-55 aria-disabled:cursor-not-allowed`;
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { kind?: Kind; small?: boolean; busy?: boolean };

export function Button({
  kind = "plain",
  small,
  busy,
  className = "",
  type = "button",
  onClick,
  ...rest
}: ButtonProps) {
  // A button that is busy keeps the focus: `disabled` would lose it.
  return (
    <button
      type={type}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={`${buttonClass(kind, small)} ${className}`}
      {...rest}
    />
  );
}

/** A button that shows only a picture; `label` is its name. */
export function IconButton({
  label,
  children,
  className = "",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { label: string; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`inline-flex size-8 items-center justify-center rounded-md hover:bg-sunken ${className}`}
      {...rest}
    >
      {children}
    </button>
  );
}
