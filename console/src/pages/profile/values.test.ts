import { expect, test } from "vitest";
import { bodyOf, EMPTY, object, patch } from "./values";

test("a patch takes away what is gone, also inside", () => {
  expect(patch({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 4 }, e: [1] })).toEqual({
    a: null,
    b: { c: null, d: 4 },
    e: [1],
  });
  expect(patch(undefined, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
});

test("only objects are defaults, and nothing is an empty one", () => {
  expect(object("")).toEqual({});
  expect(object('{"a": 1}')).toEqual({ a: 1 });
  for (const odd of ["[]", "null", "1", "{"]) expect(object(odd)).toBeUndefined();
});

test("lists are lines, each once", () => {
  const body = bodyOf({ ...EMPTY, roles: " a \n\nb\na", destinations: "x\n" });
  expect(body.roles).toEqual(["a", "b"]);
  expect(body.destinations).toEqual(["x"]);
});
