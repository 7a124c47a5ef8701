import { describe, expect, test } from "vitest";
import { fieldError, isAboutFields, ProblemError, problemOf } from "./problem";
import type { Problem } from "./schema";

const invalid: Problem = {
  type: "http://127.0.0.1:8080/problems/invalid",
  title: "Not valid",
  status: 422,
  code: "invalid",
  detail: "Two fields are wrong.",
  errors: [
    { pointer: "/name", code: "required", detail: "It is empty." },
    { pointer: "/windows/0/count", code: "range", detail: "It is not positive." },
    { pointer: "limit", code: "type", detail: "It is no number." },
  ],
  request_id: "gr5xm11z0xcpwq5synemm22sgm",
};

describe("the problem behind what was thrown", () => {
  test("is what the server answered, if it did", () => {
    const error = new ProblemError(invalid);
    expect(problemOf(error)).toBe(invalid);
    expect(error.message).toBe(invalid.detail);
    expect(error).toBeInstanceOf(Error);
  });

  test("is that nobody answered, where fetch has failed", () => {
    expect(problemOf(new TypeError("Failed to fetch"))).toMatchObject({ code: "unreachable", status: 0 });
  });

  test("is unexpected in every other case, and keeps the words", () => {
    expect(problemOf(new Error("odd"))).toMatchObject({ code: "unexpected", detail: "odd", request_id: "" });
    expect(problemOf("odd")).toMatchObject({ code: "unexpected", detail: "odd" });
    expect(problemOf(undefined)).toMatchObject({ code: "unexpected", detail: "undefined" });
  });
});

describe("the words for a field", () => {
  const error = new ProblemError(invalid);

  test("are found by the pointer, with and without its slash", () => {
    expect(fieldError(error, "name")).toBe("It is empty.");
    expect(fieldError(error, "/name")).toBe("It is empty.");
    expect(fieldError(error, "windows/0/count")).toBe("It is not positive.");
    expect(fieldError(error, "limit")).toBe("It is no number.");
  });

  test("are not those of a field whose name only begins or ends alike", () => {
    expect(fieldError(error, "nam")).toBeUndefined();
    expect(fieldError(error, "count")).toBeUndefined();
    expect(fieldError(error, "windows")).toBeUndefined();
  });

  test("do not exist where nothing or something else was thrown", () => {
    expect(fieldError(undefined, "name")).toBeUndefined();
    expect(fieldError(new Error("name"), "name")).toBeUndefined();
    expect(fieldError(new ProblemError({ ...invalid, errors: undefined }), "name")).toBeUndefined();
  });
});

describe("a banner", () => {
  test("is not needed when every fault is at a field that the form has", () => {
    expect(isAboutFields(new ProblemError(invalid), ["name", "windows/0/count", "limit"])).toBe(true);
  });

  test("is needed when one fault has no field, and when there are none", () => {
    expect(isAboutFields(new ProblemError(invalid), ["name"])).toBe(false);
    expect(isAboutFields(new ProblemError({ ...invalid, errors: [] }), ["name"])).toBe(false);
    expect(isAboutFields(new ProblemError({ ...invalid, errors: null }), ["name"])).toBe(false);
    expect(isAboutFields(new TypeError("Failed to fetch"), ["name"])).toBe(false);
  });
});
