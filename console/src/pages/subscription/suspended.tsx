import { useText, word } from "#/i18n";
import type { Target } from "./step";

/** Which side stopped it, and who lets it go again. */
export function Suspended({ of }: { of: Target }) {
  const { subscription } = useText();
  if (of.state !== "suspended" || !of.suspended_by) return null;
  return <p className="mb-3 max-w-[62ch] text-muted">{word(subscription.suspendedBy, of.suspended_by)}</p>;
}
