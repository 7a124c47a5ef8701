import type { RequestModification, ValueEdits } from "#/client/schema";

export type How = "remove" | "set" | "add";
export type Change = { key: number; what: "headers" | "query"; how: How; name: string; value: string };

export const HOWS: How[] = ["remove", "set", "add"];
export const WHATS: Change["what"][] = ["headers", "query"];

/** The lists of the server as rows that can be edited one by one. */
export function changesOf(modification: RequestModification | null | undefined): Change[] {
  const rows: Change[] = [];
  for (const what of WHATS) {
    const edits = modification?.[what];
    for (const name of edits?.remove ?? []) rows.push({ key: rows.length, what, how: "remove", name, value: "" });
    for (const how of ["set", "add"] as const)
      for (const pair of edits?.[how] ?? []) rows.push({ key: rows.length, what, how, ...pair });
  }
  return rows;
}

export function modificationOf(changes: Change[]): RequestModification {
  const edits = (what: Change["what"]): ValueEdits => {
    const of = (how: How) => changes.filter((one) => one.what === what && one.how === how && one.name.trim() !== "");
    const pairs = (how: How) => of(how).map(({ name, value }) => ({ name: name.trim(), value }));
    return { remove: of("remove").map((one) => one.name.trim()), set: pairs("set"), add: pairs("add") };
  };
  return { headers: edits("headers"), query: edits("query") };
}
