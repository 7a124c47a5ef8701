// What a developer keeps: apps, clients, connections, subscriptions.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

const appsAppLayout = createRoute({
  getParentRoute: () => root,
  path: "/apps/$app",
  component: lazyRouteComponent(() => import("../pages/app/app"), "App"),
});

const apps = createRoute({
  getParentRoute: () => root,
  path: "/apps",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string },
  component: lazyRouteComponent(() => import("../pages/app/list"), "Apps"),
});

const appsNew = createRoute({
  getParentRoute: () => root,
  path: "/apps/new",
  validateSearch: (given: Record<string, unknown>) => given as { api?: string },
  component: lazyRouteComponent(() => import("../pages/app/new"), "NewApp"),
});

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  validateSearch: (given: Record<string, unknown>) => given as { state?: string; type?: string },
  component: lazyRouteComponent(() => import("../pages/connection/connections"), "Connections"),
});

const requests = createRoute({
  getParentRoute: () => root,
  path: "/requests",
  validateSearch: (given: Record<string, unknown>) => given as { state?: string; unread?: boolean },
  component: lazyRouteComponent(() => import("../pages/requests/requests"), "Requests"),
});

const apiClients = createRoute({
  getParentRoute: () => root,
  path: "/api-clients",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string; state?: string },
  component: lazyRouteComponent(() => import("../pages/client/list"), "Clients"),
});

const apiClientsClient = createRoute({
  getParentRoute: () => root,
  path: "/api-clients/$client",
  component: lazyRouteComponent(() => import("../pages/client/client"), "Client"),
});

const subscriptionLayout = createRoute({
  getParentRoute: () => root,
  path: "/subscriptions/$subscription",
  component: lazyRouteComponent(() => import("../pages/subscription/thread"), "Thread"),
});

const subscriptionHistory = createRoute({
  getParentRoute: () => subscriptionLayout,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/subscription/thread"), "ThreadHistory"),
});

const subscriptionConnections = createRoute({
  getParentRoute: () => subscriptionLayout,
  path: "connections",
  component: lazyRouteComponent(() => import("../pages/connection/of"), "SubscriptionConnections"),
});

const appsAppOverview = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/app/overview"), "AppOverviewPage"),
});

const appsAppApis = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "apis",
  validateSearch: (given: Record<string, unknown>) => given as { status?: string },
  component: lazyRouteComponent(() => import("../pages/app/apis"), "AppApis"),
});

const appsAppCredentials = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "credentials",
  component: lazyRouteComponent(() => import("../pages/app/credentials"), "AppCredentials"),
});

const appsAppCalls = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "calls",
  validateSearch: (given: Record<string, unknown>) => given as { call?: string; allowed?: boolean },
  component: lazyRouteComponent(() => import("../pages/app/calls"), "AppCalls"),
});

const appsAppBoard = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "board",
  validateSearch: (given: Record<string, unknown>) => given as { kind?: string },
  component: lazyRouteComponent(() => import("../pages/app/board"), "AppBoard"),
});

const appsAppFollowers = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "followers",
  component: lazyRouteComponent(() => import("../pages/app/followers"), "AppFollowers"),
});

const appsAppConnections = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "connections",
  component: lazyRouteComponent(() => import("../pages/connection/of"), "AppConnections"),
});

const appsAppMembers = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "members",
  component: lazyRouteComponent(() => import("../pages/app/members"), "AppMembers"),
});

const appsAppSettings = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "settings",
  component: lazyRouteComponent(() => import("../pages/app/settings"), "AppSettings"),
});

export const building = [
  apps,
  appsNew,
  connections,
  requests,
  apiClients,
  apiClientsClient,
  subscriptionLayout.addChildren([subscriptionHistory, subscriptionConnections]),
  appsAppLayout.addChildren([
    appsAppConnections,
    appsAppOverview,
    appsAppApis,
    appsAppCredentials,
    appsAppCalls,
    appsAppBoard,
    appsAppFollowers,
    appsAppMembers,
    appsAppSettings,
  ]),
] as const;
