import type { FetchQueryOptions } from "@tanstack/react-query";
import { session } from "./client/session";
import { type Answer, type GetPath, read } from "./client/use";

type Params = Record<string, string | undefined>;
type Read = FetchQueryOptions<Answer<GetPath>, Error, Answer<GetPath>, readonly unknown[]>;

const of = (id: string | undefined) => ({ params: { path: { id: id ?? "" } } });
const all = (...reads: unknown[]) => reads as Read[];

/**
 * What the page of a route cannot be drawn without. It is read while the page before is still there, and already when a
 * link to it is pointed at; so nothing is blank in between. What is refused here the page itself says when it asks again.
 */
export const READS: Record<string, (params: Params) => Read[]> = {
  "/": () =>
    all(
      read("/api/v1/me/quickstart"),
      read("/api/v1/me/pulse"),
      read("/api/v1/subscriptions", { params: { query: { unread: true, mine: true, limit: 50 } } }),
      read("/api/v1/clients", { params: { query: { enabled: true, limit: 200 } } }),
      read("/api/v1/subscriptions", { params: { query: { status: "Access Requested", mine: true, limit: 50 } } }),
    ),
  "/apps/$app": ({ app }) => all(read("/api/v1/apps/{id}", of(app))),
  "/apps/$app/credentials": ({ app }) => all(read("/api/v1/apps/{id}/clients", of(app))),
  "/apps/$app/members": ({ app }) => all(read("/api/v1/apps/{id}/team", of(app))),
  "/apps/new": () => all(read("/api/v1/organizations", { params: { query: { limit: 200 } } })),
  "/api-clients/$client": ({ client }) => all(read("/api/v1/clients/{id}", of(client))),
  "/apis/$api": ({ api }) => all(read("/api/v1/apis/{id}", of(api))),
  "/apis/$api/": ({ api }) => all(read("/api/v1/apis/{id}/versions", of(api))),
  "/apis/$api/reference": ({ api }) => all(read("/api/v1/apis/{id}/versions", of(api))),
  "/apis/$api/versions": ({ api }) => all(read("/api/v1/apis/{id}/versions", of(api))),
  "/apis/$api/request": ({ api }) =>
    all(read("/api/v1/apis/{id}", of(api)), read("/api/v1/apis/{id}/agreements", of(api))),
  "/provide/apis/$api": ({ api }) => all(read("/api/v1/apis/{id}", of(api))),
  "/provide/apis/$api/plans": () => all(read("/api/v1/plans", { params: { query: { limit: 200 } } })),
  "/subscriptions/$subscription": ({ subscription }) => all(read("/api/v1/subscriptions/{id}", of(subscription))),
  "/organizations/$organization": ({ organization }) => all(read("/api/v1/organizations/{id}", of(organization))),
  "/organizations/$organization/": ({ organization }) =>
    all(read("/api/v1/organizations/{id}/roles", of(organization))),
  "/groups/$group": ({ group }) => all(read("/api/v1/groups/{id}", of(group))),
  "/people/$user": ({ user }) => all(read("/api/v1/users/{id}", of(user))),
  "/organizations/$organization/destinations": ({ organization }) =>
    all(read("/api/v1/organizations/{id}/destinations", of(organization))),
  "/org/environments": () => all(read("/api/v1/environments")),
  "/org/webhooks/$webhook": ({ webhook }) => all(read("/api/v1/webhooks/{id}", of(webhook))),
  "/org/mail": () => (session().user.site_admin ? all(read("/api/v1/mail")) : []),
  "/me/notifications": () => all(read("/api/v1/me/notification_settings")),
  "/org/exchange": () => all(read("/api/v1/environments")),
  "/me/profile": () => all(read("/api/v1/me")),
  "/me/security": () => all(read("/api/v1/me/sessions")),
  "/me/tokens": () => all(read("/api/v1/me/tokens")),
};
