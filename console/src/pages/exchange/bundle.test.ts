import { expect, test } from "vitest";
import { bundleOf, merged, size } from "./bundle";

test("one thing or a list of them becomes a bundle without being read", () => {
  expect(bundleOf("bundle", ' {"partners": []} ')).toBe('{"partners": []}');
  expect(bundleOf("partners", '{"id": 1, "id": 2}')).toBe('{"partners":[{"id": 1, "id": 2}]}');
  expect(bundleOf("partners", "[{}, {}]")).toBe('{"partners":[{}, {}]}');
});

test("pages add up", () => {
  const whole = merged({ partners: [1] }, { partners: [2], applications: [3] } as Record<string, number[]>);
  expect(whole).toEqual({ partners: [1, 2], applications: [3] });
  expect(size(whole)).toBe(3);
});
