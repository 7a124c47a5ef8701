import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import deAudit from "./de/audit";
import de from "./de/common";
import enAudit from "./en/audit";
import en from "./en/common";

const platform = join(import.meta.dirname, "../../../crates/platform/src");

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name === "ops.rs" || path.includes("/ops/") ? [readFileSync(path, "utf8")] : [];
  });
}

/** Every verb that stands in the operations: what `.change(` is given, and what `verb` is set to. */
function verbs(): string[] {
  const found = sources(platform).flatMap((text) => {
    const given = [...text.matchAll(/\bchange\(\s*(?:cx,\s*)?"([a-z_]+\.[a-z_]+)"/g)].map((match) => match[1] ?? "");
    const chosen = [...text.matchAll(/let (?:\(id, )?verb\)? = [^;]*;/g)].flatMap((match) =>
      [...match[0].matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map((one) => one[1] ?? ""),
    );
    return [...given, ...chosen];
  });
  return [...new Set(found)].sort();
}

test("every verb that the server writes has words in both languages", () => {
  const all = verbs();
  expect(all.length).toBeGreaterThan(40);
  for (const words of [en.verbs, de.verbs]) expect(all.filter((verb) => !(verb in words))).toEqual([]);
});

test("what verbs are about has words in both languages", () => {
  const nouns = [...new Set(Object.keys(en.verbs).map((verb) => verb.split(".")[0] ?? ""))];
  for (const [words, audit] of [
    [en, enAudit],
    [de, deAudit],
  ] as const) {
    expect(nouns.filter((noun) => !words.kinds[noun] && !audit.kinds[noun])).toEqual([]);
  }
});
