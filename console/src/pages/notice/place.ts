import type { NavigateOptions } from "@tanstack/react-router";
import type { Notice } from "#/client/schema";

/** Where a notice leads: to the very thing that it is about, or to the nearest that has a page. */
export function placeOf({ verb, subject, names }: Notice): NavigateOptions | undefined {
  const { app, api, subscription, organization } = names;
  switch (subject.kind) {
    case "subscription":
      return { to: "/subscriptions/$subscription", params: { subscription: subject.id } };
    case "task":
      return { to: "/inbox", search: { item: subject.id } };
    case "organization":
      return { to: "/organizations/$organization", params: { organization: subject.id } };
    case "app":
      return verb === "app.member_set"
        ? { to: "/apps/$app/members", params: { app: subject.id } }
        : { to: "/apps/$app", params: { app: subject.id } };
    case "api":
      return { to: "/apis/$api", params: { api: subject.id } };
    case "webhook":
      return { to: "/org/webhooks/$webhook", params: { webhook: subject.id } };
    case "version":
      return api ? { to: "/apis/$api/versions", params: { api: api.id } } : undefined;
    default:
      if (subscription) return { to: "/subscriptions/$subscription", params: { subscription: subscription.id } };
      if (api) return { to: "/apis/$api", params: { api: api.id } };
      if (app) return { to: "/apps/$app", params: { app: app.id } };
      return organization
        ? { to: "/organizations/$organization", params: { organization: organization.id } }
        : undefined;
  }
}
