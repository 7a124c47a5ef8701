import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useText } from "#/i18n";

/** Copies a value and says so. `what` names it for people who do not see the place; `onCopied` runs when it is done. */
export function CopyButton(props: {
  value: string;
  what: string;
  bare?: boolean;
  onCode?: boolean;
  onCopied?: () => void;
}) {
  const { value, what, bare, onCode, onCopied } = props;
  const { common } = useText();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setDone(true);
    onCopied?.();
  };
  const Icon = done ? Check : Copy;
  const look = onCode
    ? "border-on-code/40 text-on-code hover:border-on-code outline-on-code"
    : bare
      ? "border-transparent text-muted hover:text-ink"
      : "border-line bg-surface hover:border-control";
  return (
    <>
      <button
        type="button"
        onClick={() => void copy()}
        aria-label={common.copyThis(what)}
        className={`inline-flex min-h-6 shrink-0 items-center gap-1.5 rounded-md border text-sm ${bare ? "size-6 justify-center" : "px-2 py-0.5"} ${look}`}
      >
        <Icon size={14} aria-hidden="true" />
        {bare ? null : done ? common.copied : common.copy}
      </button>
      <span role="status" className="sr-only">
        {done ? common.copied : ""}
      </span>
    </>
  );
}

/** A block that is meant to be copied: a command, JSON, a secret. It wraps; nothing is cut off. */
export function Code({ text, what, label }: { text: string; what: string; label?: string }) {
  return (
    <figure className="my-2">
      {label ? <figcaption className="mb-1 text-sm font-semibold">{label}</figcaption> : null}
      <div className="flow-root rounded-md bg-code p-3 text-on-code">
        {/* Beside the first lines only: what is long has the whole width below the button. */}
        <div className="float-right mb-1 ml-3">
          <CopyButton value={text} what={what} onCode />
        </div>
        <pre className="font-mono text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</pre>
      </div>
    </figure>
  );
}

/** An id or address in a line of text, with its copy button. */
export function Copyable({ value, what }: { value: string; what: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">{value}</code>
      <CopyButton value={value} what={what} bare />
    </span>
  );
}
