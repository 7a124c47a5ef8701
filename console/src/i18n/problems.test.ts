import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import de from "./de/common";

const text = readFileSync(join(import.meta.dirname, "../../../crates/base/src/problem.rs"), "utf8");

/** The codes of one table in `problem.rs`. */
function codes(table: string, row: RegExp): string[] {
  const begun = text.indexOf(`\n${table}! {`);
  return [...text.slice(begun, text.indexOf("\n}\n", begun)).matchAll(row)].map((match) => match[1] ?? "");
}

test("every kind of problem that the server knows has words in German", () => {
  const kinds = codes("problem_kinds", /^ {4}\w+ = "([a-z-]+)", \d{3}/gm);
  expect(kinds.length).toBeGreaterThan(40);
  expect(kinds.filter((kind) => !(kind in de.problems))).toEqual([]);
});

test("every fault of a field has words in German", () => {
  const faults = codes("faults", /^ {4}\w+ = "([a-z_]+)",/gm);
  expect(faults.length).toBeGreaterThan(10);
  expect(faults.filter((fault) => !(fault in de.faults))).toEqual([]);
});
