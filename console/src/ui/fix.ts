import type { LinkProps } from "@tanstack/react-router";
import type { CallDecision } from "#/client/schema";
import type { Messages } from "#/i18n";

/** Who reads: the team of the app, or the administrators of the API. */
export type Side = "app" | "api";

/** A page on which somebody of this side can mend it. */
export type Target = {
  fix: keyof Messages["explain"]["fix"];
  to: LinkProps["to"];
  params?: Record<string, string>;
  search?: Record<string, string>;
};

function credentials({ app, api }: CallDecision): Target {
  if (app) return { fix: "credentials", to: "/apps/$app/credentials", params: { app: app.id } };
  if (api) return { fix: "api", to: "/apis/$api", params: { api: api.id } };
  return { fix: "catalog", to: "/catalog" };
}

function request({ app, api, environment }: CallDecision): Target | undefined {
  if (!api) return undefined;
  const search = { ...(app ? { app: app.id } : {}), ...(environment ? { environment: environment.id } : {}) };
  return { fix: "request", to: "/apis/$api/request", params: { api: api.id }, search };
}

function thread({ subscription }: CallDecision): Target | undefined {
  return subscription
    ? { fix: "thread", to: "/subscriptions/$subscription", params: { subscription: subscription.id } }
    : undefined;
}

function client(decision: CallDecision): Target {
  return decision.client
    ? { fix: "client", to: "/api-clients/$client", params: { client: decision.client.id } }
    : credentials(decision);
}

function reference({ api }: CallDecision): Target {
  return api
    ? { fix: "reference", to: "/apis/$api/reference", params: { api: api.id } }
    : { fix: "catalog", to: "/catalog" };
}

function ofApp(decision: CallDecision): Target | undefined {
  const { api } = decision;
  switch (decision.code) {
    case "credential-missing":
    case "credential-kind":
      return api ? { fix: "api", to: "/apis/$api", params: { api: api.id } } : credentials(decision);
    case "credential-invalid":
    case "credential-expired":
    case "credential-disabled":
    case "credential-ambiguous":
      return credentials(decision);
    case "client-disabled":
    case "wrong-environment":
    case "scope-missing":
      return client(decision);
    case "not-subscribed":
    case "subscription-ended":
      return request(decision);
    case "subscription-pending":
    case "subscription-suspended":
      return thread(decision);
    case "limit-exceeded":
      return api ? { fix: "plans", to: "/apis/$api/plans", params: { api: api.id } } : undefined;
    case "retired":
      return api ? { fix: "versions", to: "/apis/$api/versions", params: { api: api.id } } : undefined;
    case "upstream-unreachable":
    case "upstream-broken":
    case "upstream-timeout":
      return api ? { fix: "board", to: "/apis/$api/board", params: { api: api.id } } : undefined;
    default:
      return decision.rule === "route" || decision.rule === "done" ? reference(decision) : undefined;
  }
}

function ofApi(decision: CallDecision): Target | undefined {
  const { api } = decision;
  switch (decision.rule) {
    case "subscription":
      return thread(decision);
    case "limit":
      return { fix: "providerPlans", to: "/provide/plans" };
    case "route":
    case "upstream":
      return api ? { fix: "definition", to: "/provide/apis/$api/definition", params: { api: api.id } } : undefined;
    default:
      return undefined;
  }
}

/** Where this call's trouble is mended, if anywhere by this side. */
export function targetOf(decision: CallDecision, side: Side): Target | undefined {
  return side === "app" ? ofApp(decision) : ofApi(decision);
}
