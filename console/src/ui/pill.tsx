import type { ReactNode } from "react";
import { useText, word } from "#/i18n";

export type Tone = "ok" | "wait" | "go" | "hold" | "bad" | "off";

const TONE: Record<Tone, string> = {
  ok: "bg-ok-soft text-ok",
  wait: "bg-wait-soft text-wait",
  go: "bg-accent-soft text-accent",
  hold: "bg-hold-soft text-hold",
  bad: "bg-bad-soft text-bad",
  off: "bg-sunken text-muted",
};
const GLYPH: Record<Tone, string> = { ok: "●", wait: "○", go: "◐", hold: "‖", bad: "×", off: "–" };

/** A state: glyph, word and colour together, so that none of them has to be seen alone. */
export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 justify-self-start rounded-full px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap ${TONE[tone]}`}
    >
      <span aria-hidden="true" className="text-[0.7em]">
        {GLYPH[tone]}
      </span>
      {children}
    </span>
  );
}

const STATUS: Record<string, Tone> = {
  Active: "ok",
  "Access Requested": "wait",
  Suspended: "hold",
  Rejected: "bad",
  Inactive: "off",
};

/** The `status` of a subscription as people read it; one that is approved but not yet active says so. */
export function StatusPill({ status, waitsForActivation }: { status: string; waitsForActivation?: boolean }) {
  const { common } = useText();
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <Pill tone={waitsForActivation ? "go" : (STATUS[status] ?? "off")}>{word(common.status, status)}</Pill>
      {waitsForActivation ? <span className="text-xs text-muted">{common.waitsForActivation}</span> : null}
    </span>
  );
}

/** A count that wants attention. `label` says what it counts. */
export function Badge({ count, label, tone = "wait" }: { count: number; label: string; tone?: Tone }) {
  if (count === 0) return null;
  return (
    <span
      className={`ml-auto inline-flex min-w-6 justify-center rounded-full px-2 text-xs font-semibold ${TONE[tone]}`}
    >
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}

/** Something new that was not read yet. */
export function UnreadDot() {
  const { common } = useText();
  return (
    <span className="inline-block size-2 shrink-0 rounded-full bg-wait">
      <span className="sr-only">{common.unread}</span>
    </span>
  );
}
