// Organizations, groups and people, and what the administrators of the platform keep.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { AuditSearch } from "../pages/audit/search";
import { root } from "./root";

const organizationLayout = createRoute({
  getParentRoute: () => root,
  path: "/organizations/$organization",
  component: lazyRouteComponent(() => import("../pages/organization/organization"), "Organization"),
});

const groupLayout = createRoute({
  getParentRoute: () => root,
  path: "/groups/$group",
  component: lazyRouteComponent(() => import("../pages/group/group"), "Group"),
});

const organizations = createRoute({
  getParentRoute: () => root,
  path: "/organizations",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("../pages/organization/list"), "Organizations"),
});

const organizationMembers = createRoute({
  getParentRoute: () => organizationLayout,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/organization/members"), "Members"),
});

const organizationDestinations = createRoute({
  getParentRoute: () => organizationLayout,
  path: "destinations",
  component: lazyRouteComponent(() => import("../pages/organization/destinations"), "Destinations"),
});

const organizationHoldings = createRoute({
  getParentRoute: () => organizationLayout,
  path: "holdings",
  component: lazyRouteComponent(() => import("../pages/organization/holdings"), "Holdings"),
});

const organizationGroups = createRoute({
  getParentRoute: () => organizationLayout,
  path: "groups",
  component: lazyRouteComponent(() => import("../pages/organization/groups"), "Groups"),
});

const organizationManaged = createRoute({
  getParentRoute: () => organizationLayout,
  path: "managed",
  component: lazyRouteComponent(() => import("../pages/organization/managed"), "Managed"),
});

const organizationConnections = createRoute({
  getParentRoute: () => organizationLayout,
  path: "connections",
  component: lazyRouteComponent(() => import("../pages/connection/of"), "OrganizationConnections"),
});

const organizationBoard = createRoute({
  getParentRoute: () => organizationLayout,
  path: "board",
  validateSearch: (given: Record<string, unknown>) => given as { kind?: string },
  component: lazyRouteComponent(() => import("../pages/organization/board"), "OrganizationBoard"),
});

const organizationFollowers = createRoute({
  getParentRoute: () => organizationLayout,
  path: "followers",
  component: lazyRouteComponent(() => import("../pages/organization/followers"), "OrganizationFollowers"),
});

const groupMembers = createRoute({
  getParentRoute: () => groupLayout,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/group/members"), "GroupMembers"),
});

const groupConnections = createRoute({
  getParentRoute: () => groupLayout,
  path: "connections",
  component: lazyRouteComponent(() => import("../pages/connection/of"), "GroupConnections"),
});

const groupBoard = createRoute({
  getParentRoute: () => groupLayout,
  path: "board",
  component: lazyRouteComponent(() => import("../pages/group/board"), "GroupBoard"),
});

const groupFollowers = createRoute({
  getParentRoute: () => groupLayout,
  path: "followers",
  component: lazyRouteComponent(() => import("../pages/group/followers"), "GroupFollowers"),
});

const person = createRoute({
  getParentRoute: () => root,
  path: "/people/$user",
  component: lazyRouteComponent(() => import("../pages/person/person"), "PersonPage"),
});

const org = createRoute({
  getParentRoute: () => root,
  path: "/org",
  component: lazyRouteComponent(() => import("../pages/organization/overview"), "OrgOverview"),
});

const orgPeople = createRoute({
  getParentRoute: () => root,
  path: "/org/people",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string },
  component: lazyRouteComponent(() => import("../pages/person/people"), "People"),
});

const orgEnvironments = createRoute({
  getParentRoute: () => root,
  path: "/org/environments",
  component: lazyRouteComponent(() => import("../pages/environment/environments"), "Environments"),
});

const orgWebhooks = createRoute({
  getParentRoute: () => root,
  path: "/org/webhooks",
  component: lazyRouteComponent(() => import("../pages/webhook/list"), "Webhooks"),
});

const orgWebhooksWebhook = createRoute({
  getParentRoute: () => root,
  path: "/org/webhooks/$webhook",
  validateSearch: (given: Record<string, unknown>) =>
    given as { state?: "waiting" | "delivered" | "dead"; item?: string },
  component: lazyRouteComponent(() => import("../pages/webhook/webhook"), "WebhookPage"),
});

const orgMail = createRoute({
  getParentRoute: () => root,
  path: "/org/mail",
  component: lazyRouteComponent(() => import("../pages/mail/mail"), "MailPage"),
});

const orgAudit = createRoute({
  getParentRoute: () => root,
  path: "/org/audit",
  validateSearch: (given: Record<string, unknown>) => given as AuditSearch,
  component: lazyRouteComponent(() => import("../pages/audit/audit"), "Audit"),
});

const orgExchange = createRoute({
  getParentRoute: () => root,
  path: "/org/exchange",
  component: lazyRouteComponent(() => import("../pages/exchange/exchange"), "Exchange"),
});

const orgTerms = createRoute({
  getParentRoute: () => root,
  path: "/org/terms",
  component: lazyRouteComponent(() => import("../pages/provide/terms"), "PlatformTerms"),
});

const orgRoles = createRoute({
  getParentRoute: () => root,
  path: "/org/roles",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string },
  component: lazyRouteComponent(() => import("../pages/people/roles"), "Roles"),
});

export const organizing = [
  organizations,
  organizationLayout.addChildren([
    organizationMembers,
    organizationDestinations,
    organizationHoldings,
    organizationGroups,
    organizationManaged,
    organizationConnections,
    organizationBoard,
    organizationFollowers,
  ]),
  groupLayout.addChildren([groupMembers, groupConnections, groupBoard, groupFollowers]),
  person,
  org,
  orgPeople,
  orgEnvironments,
  orgWebhooks,
  orgWebhooksWebhook,
  orgMail,
  orgAudit,
  orgExchange,
  orgTerms,
  orgRoles,
] as const;
