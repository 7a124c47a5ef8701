import { expect, test } from "vitest";
import type { CallDecision } from "#/client/schema";
import { targetOf } from "./fix";

const call = (more: Partial<CallDecision>): CallDecision => ({
  id: "dec_1",
  at: "2026-01-01T00:00:00Z",
  request: "r",
  allowed: false,
  rule: "subscription",
  detail: "",
  status: 403,
  method: "GET",
  path: "/pets",
  change: 1,
  duration_micros: 1,
  api: { kind: "api", id: "api_1", name: "Pets" },
  app: { kind: "app", id: "app_1", name: "Shop" },
  environment: { kind: "environment", id: "env_1", name: "Sandbox" },
  ...more,
});

test("without access the way leads to a request that knows app and environment", () => {
  expect(targetOf(call({ code: "not-subscribed" }), "app")).toEqual({
    fix: "request",
    to: "/apis/$api/request",
    params: { api: "api_1" },
    search: { app: "app_1", environment: "env_1" },
  });
});

test("a suspended access leads both sides to its thread", () => {
  const subscription = { kind: "subscription", id: "sub_1", name: "Shop > Pets" };
  for (const side of ["app", "api"] as const)
    expect(targetOf(call({ code: "subscription-suspended", subscription }), side)?.params).toEqual({
      subscription: "sub_1",
    });
});

test("a used-up limit shows a consumer the plans of the API and a provider its own", () => {
  const limited = call({ code: "limit-exceeded", rule: "limit", status: 429 });
  expect(targetOf(limited, "app")?.to).toBe("/apis/$api/plans");
  expect(targetOf(limited, "api")?.to).toBe("/provide/plans");
});

test("an unknown address of no API leads to the catalogue", () => {
  expect(targetOf(call({ code: "no-route", rule: "route", api: null, app: null }), "app")?.to).toBe("/catalog");
});
