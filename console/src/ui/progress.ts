import type { Quickstart } from "#/client/schema";
import type { Way } from "./commands";

/** How often the facts are asked for while somebody is on the way to the first call, in milliseconds. */
const LISTEN = 1500;

/** When to ask again: as long as there is a client and no call has passed yet. */
export function listening(facts: Quickstart | undefined): number | false {
  return facts?.client && !facts.first_success_at ? LISTEN : false;
}

/** The way on which this person is: that of the credential they have, else the first that the version takes. */
export function usualWay(facts: Quickstart, ways: Way[]): Way | undefined {
  const { client } = facts;
  if (client?.has_secret && ways.includes("oauth")) return "oauth";
  if (client?.has_api_key && ways.includes("api_key")) return "api_key";
  if (client?.has_secret && ways.includes("basic")) return "basic";
  return ways[0];
}

/** Whether the client has what this way wants. */
export function hasCredential(facts: Quickstart, way: Way | undefined): boolean {
  const { client } = facts;
  if (!client) return false;
  return way === "api_key" ? client.has_api_key : client.has_secret;
}

type StepState = { done: boolean; key: string };

/** The five steps and whether each is so, by the server's facts alone. */
export function stepsOf(facts: Quickstart, way: Way | undefined): StepState[] {
  const token = way === "oauth" ? facts.first_token_at != null : hasCredential(facts, way);
  const success = facts.first_success_at != null;
  return [
    { key: "app", done: facts.app != null },
    { key: "access", done: facts.subscription?.status === "Active" },
    { key: "client", done: facts.client != null && (way !== "oauth" || facts.client.has_secret || success) },
    { key: "token", done: token || success },
    { key: "call", done: success },
  ];
}
