import { describe, expect, it } from "vitest";
import { dateOf, endOf, scopesOf } from "./entered";

const NOW = Date.parse("2026-11-22T08:00:00Z");

describe("the end of a secret or key", () => {
  it("is none when it never ends, and so many days from now when a number is chosen", () => {
    expect(endOf({ description: "", end: "never", date: "" }, NOW)).toBeUndefined();
    expect(endOf({ description: "", end: "30", date: "" }, NOW)).toBe("2026-12-22T08:00:00.000Z");
  });

  it("is the last second of a chosen day, and that day is shown again when it is edited", () => {
    const end = endOf({ description: "", end: "date", date: "2027-02-01" }, NOW);
    expect(end).toBeDefined();
    expect(dateOf(end ?? "")).toBe("2027-02-01");
    expect(new Date(end ?? "").getSeconds()).toBe(59);
  });

  it("is none while the day is half typed", () => {
    expect(endOf({ description: "", end: "date", date: "" }, NOW)).toBeUndefined();
  });
});

describe("scopes that people type", () => {
  it("are taken one a line or with spaces between, each once", () => {
    expect(scopesOf("orders:read\n orders:write  orders:read\n\n")).toEqual(["orders:read", "orders:write"]);
    expect(scopesOf("  \n ")).toEqual([]);
  });
});
