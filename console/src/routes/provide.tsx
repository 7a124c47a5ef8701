// What a provider keeps: APIs, plans, limits, groups, profiles, contracts.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

const provideApisApiLayout = createRoute({
  getParentRoute: () => root,
  path: "/provide/apis/$api",
  component: lazyRouteComponent(() => import("../pages/provide/api"), "ProvidedApi"),
});

const provideApis = createRoute({
  getParentRoute: () => root,
  path: "/provide/apis",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string },
  component: lazyRouteComponent(() => import("../pages/provide/list"), "ProvidedApis"),
});

const provideApisNew = createRoute({
  getParentRoute: () => root,
  path: "/provide/apis/new",
  component: lazyRouteComponent(() => import("../pages/provide/new"), "NewApi"),
});

const providePlans = createRoute({
  getParentRoute: () => root,
  path: "/provide/plans",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("../pages/plan/plans"), "Plans"),
});

const provideContracts = createRoute({
  getParentRoute: () => root,
  path: "/provide/contracts",
  validateSearch: (given: Record<string, unknown>) => given as { state?: string },
  component: lazyRouteComponent(() => import("../pages/provide/contracts"), "Contracts"),
});

const provideLimits = createRoute({
  getParentRoute: () => root,
  path: "/provide/limits",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("../pages/plan/limits"), "LimitGroups"),
});

const provideGroups = createRoute({
  getParentRoute: () => root,
  path: "/provide/groups",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("../pages/group/groups"), "ApiGroups"),
});

const provideProfiles = createRoute({
  getParentRoute: () => root,
  path: "/provide/profiles",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("../pages/profile/profiles"), "Profiles"),
});

const provideApisApiConnections = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "connections",
  component: lazyRouteComponent(() => import("../pages/connection/of"), "ApiConnections"),
});

const provideApisApiOverview = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/provide/overview"), "ProvidedOverview"),
});

const provideApisApiDefinition = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "definition",
  validateSearch: (given: Record<string, unknown>) => given as { version?: string },
  component: lazyRouteComponent(() => import("../pages/provide/definition"), "Definition"),
});

const provideApisApiDocs = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "docs",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("../pages/docs/writer"), "Documentation"),
});

const provideApisApiPlans = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "plans",
  component: lazyRouteComponent(() => import("../pages/provide/plans"), "OfferedPlansPage"),
});

const provideApisApiApps = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "apps",
  validateSearch: (given: Record<string, unknown>) => given as { status?: string },
  component: lazyRouteComponent(() => import("../pages/provide/apps"), "ProvidedApps"),
});

const provideApisApiCalls = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "calls",
  validateSearch: (given: Record<string, unknown>) => given as { call?: string; allowed?: boolean },
  component: lazyRouteComponent(() => import("../pages/provide/calls"), "ProvidedCalls"),
});

const provideApisApiBoard = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "board",
  validateSearch: (given: Record<string, unknown>) => given as { kind?: string },
  component: lazyRouteComponent(() => import("../pages/provide/board"), "ProvidedBoard"),
});

const provideApisApiFollowers = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "followers",
  component: lazyRouteComponent(() => import("../pages/provide/followers"), "ProvidedFollowers"),
});

const provideApisApiSettings = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "settings",
  component: lazyRouteComponent(() => import("../pages/provide/settings"), "ProvidedSettings"),
});

export const providing = [
  provideApis,
  provideApisNew,
  providePlans,
  provideLimits,
  provideContracts,
  provideGroups,
  provideProfiles,
  provideApisApiLayout.addChildren([
    provideApisApiConnections,
    provideApisApiOverview,
    provideApisApiDefinition,
    provideApisApiDocs,
    provideApisApiPlans,
    provideApisApiApps,
    provideApisApiCalls,
    provideApisApiBoard,
    provideApisApiFollowers,
    provideApisApiSettings,
  ]),
] as const;
