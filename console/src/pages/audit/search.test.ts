import { describe, expect, test } from "vitest";
import { exportOf, queryOf } from "./search";

describe("a search", () => {
  test("goes from the beginning of its first day to the end of its last", () => {
    const { since, until } = queryOf({ since: "2026-03-01", until: "2026-03-01" });
    const hours = (new Date(until ?? "").getTime() - new Date(since ?? "").getTime()) / 3_600_000;
    expect(hours).toBe(24);
    expect(new Date(since ?? "").getHours()).toBe(0);
  });

  test("leaves out days that are none", () => {
    expect(queryOf({ since: "yesterday", until: "" })).toEqual({ since: undefined, until: undefined });
  });

  test("is exported with all its conditions, and always oldest first", () => {
    const address = exportOf({ organization: "org_1", verb: "app.", text: "a b&c", order: "oldest" }, "csv");
    expect(address).toBe("/api/v1/trail/export?organization=org_1&verb=app.&text=a+b%26c&format=csv");
  });
});
