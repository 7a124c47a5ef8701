/** A line between an app (round) and an API (square); its stroke is the state of the subscription between them. */
export type WireState = "none" | "requested" | "approved" | "active" | "suspended" | "rejected";

const COLOUR: Record<WireState, string> = {
  none: "text-control",
  requested: "text-wait",
  approved: "text-accent",
  active: "text-ok",
  suspended: "text-hold",
  rejected: "text-bad",
};
const DASH: Partial<Record<WireState, string>> = { requested: "3 4", approved: "9 5" };

/** The wire of a subscription's `state`; ended ones have none. */
export function wireOf(state: string | null | undefined): WireState {
  return state && state in COLOUR ? (state as WireState) : "none";
}

/** Decoration: the state stands beside it in words, always. `draw` lets it draw itself once, when access has just begun. */
export function Wire({ state, draw, className = "w-22" }: { state: WireState; draw?: boolean; className?: string }) {
  const broken = state === "suspended" || state === "rejected";
  return (
    <svg
      viewBox="0 0 88 16"
      aria-hidden="true"
      className={`h-4 shrink-0 ${COLOUR[state]} ${draw ? "wire-draw" : ""} ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
    >
      <circle cx="6" cy="8" r="5" fill="currentColor" stroke="none" />
      {state === "none" ? null : broken ? (
        <path d="M13 8h23M52 8h23" />
      ) : (
        <path d="M13 8h62" strokeDasharray={DASH[state]} />
      )}
      {state === "suspended" ? <path d="M41 3v10M47 3v10" /> : null}
      {state === "rejected" ? <path d="m40 4 8 8m0-8-8 8" /> : null}
      <rect x="76" y="3" width="10" height="10" rx="2" fill={state === "active" ? "currentColor" : "none"} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg viewBox="0 0 36 16" aria-hidden="true" className="h-4 w-9 shrink-0">
      <path d="M8 8h16" className="stroke-accent" strokeWidth="2.5" />
      <circle cx="7" cy="8" r="6" className="fill-accent" />
      <rect x="23" y="2" width="12" height="12" rx="2.5" className="fill-wait" />
    </svg>
  );
}
