import type { SecurityScheme } from "#/client/schema";

/** The ways of showing who one is, as switches. */
export type Draft = { key: boolean; place: string; name: string; oauth: boolean; scopes: string; basic: boolean };

export function draftOf(schemes: SecurityScheme[]): Draft {
  const key = schemes.find((one) => one.scheme === "api_key");
  const oauth = schemes.find((one) => one.scheme === "oauth");
  return {
    key: key !== undefined,
    place: key?.in ?? "header",
    name: key?.name ?? "X-API-Key",
    oauth: oauth !== undefined,
    scopes: (oauth?.scopes ?? []).join(" "),
    basic: schemes.some((one) => one.scheme === "basic"),
  };
}

export function schemesOf(draft: Draft): SecurityScheme[] {
  const schemes: SecurityScheme[] = [];
  if (draft.key) schemes.push({ scheme: "api_key", in: draft.place, name: draft.name });
  if (draft.oauth) schemes.push({ scheme: "oauth", scopes: draft.scopes.split(/\s+/).filter(Boolean) });
  if (draft.basic) schemes.push({ scheme: "basic" });
  return schemes;
}
