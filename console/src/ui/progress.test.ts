import { expect, test } from "vitest";
import type { Quickstart } from "#/client/schema";
import { listening, stepsOf, usualWay } from "./progress";

const facts = (more: Partial<Quickstart>): Quickstart => ({
  token_url: "http://portal/oauth2/token",
  gateway_url: "http://gateway",
  ...more,
});
const app = { id: "app_1", name: "Shop" };
const client = { id: "cli_1", client_id: "c", has_secret: true, has_api_key: false };
const subscription = {
  id: "sub_1",
  api: { id: "api_1", name: "Pets" },
  environment: { id: "env_1", name: "sandbox" },
  plan: { id: "pln_1", name: "Gold" },
  status: "Active" as const,
  state: "active",
  waits_for_activation: false,
};
const done = (given: Quickstart, way: Parameters<typeof stepsOf>[1] = "oauth") =>
  stepsOf(given, way).map((step) => step.done);

test("each step ticks by its own fact", () => {
  expect(done(facts({}))).toEqual([false, false, false, false, false]);
  expect(done(facts({ app }))).toEqual([true, false, false, false, false]);
  expect(done(facts({ app, subscription: { ...subscription, status: "Access Requested" } }))[1]).toBe(false);
  expect(done(facts({ app, subscription, client }))).toEqual([true, true, true, false, false]);
  expect(done(facts({ app, subscription, client, first_token_at: "2026-01-01T00:00:00Z" }))[3]).toBe(true);
});

test("with an API key the key itself is the fourth step", () => {
  const keyed = { ...client, has_secret: false, has_api_key: true };
  expect(done(facts({ app, subscription, client: keyed }), "api_key")).toEqual([true, true, true, true, false]);
  expect(done(facts({ app, subscription, client: { ...keyed, has_api_key: false } }), "api_key")[3]).toBe(false);
});

test("the way is that of the credential one has", () => {
  expect(usualWay(facts({ client: { ...client, has_secret: false, has_api_key: true } }), ["oauth", "api_key"])).toBe(
    "api_key",
  );
  expect(usualWay(facts({ client }), ["oauth", "api_key"])).toBe("oauth");
  expect(usualWay(facts({ client }), ["api_key", "basic"])).toBe("basic");
  expect(usualWay(facts({}), ["api_key"])).toBe("api_key");
});

test("it listens from the client on until a call has passed", () => {
  expect(listening(undefined)).toBe(false);
  expect(listening(facts({ app }))).toBe(false);
  expect(listening(facts({ app, client }))).toBe(1500);
  expect(listening(facts({ app, client, first_success_at: "2026-01-01T00:00:00Z" }))).toBe(false);
});
