import { expect, test } from "vitest";
import { differences } from "./diff";

test("only members that differ are shown, and an empty one says so", () => {
  const detail = { before: { name: "Shop", text: "", same: [1] }, after: { name: "Store", text: "New", same: [1] } };
  expect(differences(detail, "(empty)")).toEqual([
    { member: "name", before: "Shop", after: "Store" },
    { member: "text", before: "(empty)", after: "New" },
  ]);
});

test("what has no before, or no members, has nothing to compare", () => {
  expect(differences({ after: { name: "Shop" } }, "")).toEqual([]);
  expect(differences({ before: "requested", after: "active" }, "")).toEqual([]);
  expect(differences(null, "")).toEqual([]);
});
