import type { Admission, Plan } from "#/client/schema";

/** What a request under this plan has to pass in this environment. */
export function wayIn(plan: Plan, place: Admission): { approval: boolean; activation: boolean } {
  const approval = plan.requires_approval || place.approval === "manual";
  const activation = place.activation === "manual" || (place.activation === "default" && approval);
  return { approval, activation };
}
