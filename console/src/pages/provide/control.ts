import type { Version } from "#/client/schema";

/** Why a control of a version is not to be had: its state, the caller's role, or the profile of the API. */
export function refusal(version: Version, control: string): string | undefined {
  const edit = version.actions.find((offer) => offer.action === "edit");
  if (edit && !edit.allowed) return edit.reason ?? "role";
  const fenced = version.controls?.find((one) => one.control === control);
  return fenced && !fenced.allowed ? (fenced.reason ?? "role") : undefined;
}
