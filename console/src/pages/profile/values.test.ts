import { expect, test } from "vitest";
import type { Profile } from "#/client/schema";
import { bodyOf, EMPTY, isModification, patch, type Values, valuesOf } from "./values";

test("a patch takes away what is gone, also inside", () => {
  expect(patch({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 4 }, e: [1] })).toEqual({
    a: null,
    b: { c: null, d: 4 },
    e: [1],
  });
  expect(patch(undefined, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
});

test("lists are lines, each once", () => {
  const body = bodyOf({ ...EMPTY, roles: " a \n\nb\na", destinations: "x\n" });
  expect(body.roles).toEqual(["a", "b"]);
  expect(body.destinations).toEqual(["x"]);
});

test("only what a version could be given is a modification", () => {
  const pair = { name: "X-One", value: "1" };
  for (const fine of [{}, { headers: {} }, { headers: { remove: ["A"], set: [pair] }, query: { add: [pair] } }])
    expect(isModification(fine)).toBe(true);
  const odd = [[], null, { body: {} }, { headers: { add: { "X-One": "1" } } }, { query: { set: [{ name: "a" }] } }];
  for (const other of odd) expect(isModification(other)).toBe(false);
});

/** A profile with these defaults, both in force. */
function profile(requestmod: unknown, security: unknown): Profile {
  const { requestmod: rules, security: ways, ...rest } = EMPTY;
  return {
    ...rest,
    id: "prf_1",
    roles: [],
    destinations: [],
    requestmod: { ...rules, specify_defaults: true, defaults: requestmod },
    security: { ...ways, specify_defaults: true, defaults: security },
  } as unknown as Profile;
}

test("defaults come back as they were, and what the form does not know is left alone", () => {
  const headers = { remove: ["Cookie"], set: [], add: [{ name: "X-One", value: "1" }] };
  const before = profile({ headers }, { schemes: [{ scheme: "basic" }], note: "theirs" });
  const body = bodyOf(valuesOf(before), before);
  expect(body.requestmod.defaults).toEqual({ headers, query: { remove: [], set: [], add: [] } });
  expect(body.security.defaults).toEqual({ schemes: [{ scheme: "basic" }] });
});

test("defaults in another shape are shown as they are, and taken away by what replaces them", () => {
  const before = profile({ headers: { add: { "X-One": "1" } }, more: 1 }, {});
  const values = valuesOf(before);
  expect(JSON.parse(values.requestmod.odd ?? "")).toEqual({ headers: { add: { "X-One": "1" } }, more: 1 });
  const none = { remove: [], set: [], add: [] };
  expect(bodyOf(values, before).requestmod.defaults).toEqual({ headers: none, query: none, more: null });
});

test("defaults that new versions do not begin with are not sent", () => {
  const before = profile({ headers: { remove: ["Cookie"] } }, {});
  const values = valuesOf(before);
  const without: Values = {
    ...values,
    requestmod: { ...values.requestmod, specify_defaults: false },
    security: { ...values.security, specify_defaults: false },
  };
  const body = bodyOf(without, before);
  expect([body.requestmod.defaults, body.security.defaults]).toEqual([undefined, undefined]);
});
