import { type ReactNode, useId } from "react";
import { buttonClass, type Kind } from "./button";

/** A button that is not to be had now: it stays where it is, can be reached, and says why. */
export function Refused({ children, reason, kind = "plain" }: { children: ReactNode; reason: string; kind?: Kind }) {
  const id = useId();
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-x-2.5 gap-y-1">
      <button type="button" aria-disabled="true" aria-describedby={id} className={buttonClass(kind)}>
        {children}
      </button>
      <span id={id} className="max-w-[32ch] text-sm text-muted">
        {reason}
      </span>
    </span>
  );
}
