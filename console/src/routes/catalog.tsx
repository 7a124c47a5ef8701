// What is offered: the catalog, the pages of an API, the platform's own reference.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

const apisApiLayout = createRoute({
  getParentRoute: () => root,
  path: "/apis/$api",
  component: lazyRouteComponent(() => import("../pages/api/api"), "Api"),
});

const catalog = createRoute({
  getParentRoute: () => root,
  path: "/catalog",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string; tag?: string; group?: string },
  component: lazyRouteComponent(() => import("../pages/catalog/catalog"), "Catalog"),
});

const reference = createRoute({
  getParentRoute: () => root,
  path: "/reference",
  validateSearch: (given: Record<string, unknown>) => given as { operation?: string; q?: string },
  component: lazyRouteComponent(() => import("../pages/reference/platform"), "PlatformReference"),
});

const apisApiRequest = createRoute({
  getParentRoute: () => root,
  path: "/apis/$api/request",
  validateSearch: (given: Record<string, unknown>) =>
    given as { plan?: string; app?: string; environment?: string; step?: number },
  component: lazyRouteComponent(() => import("../pages/request/request"), "RequestAccess"),
});

const apisApiOverview = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/api/overview"), "ApiOverviewPage"),
});

const apisApiReference = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "reference",
  validateSearch: (given: Record<string, unknown>) =>
    given as { operation?: string; version?: string; environment?: string; q?: string },
  component: lazyRouteComponent(() => import("../pages/api/reference"), "ApiReference"),
});

const apisApiDocs = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "docs",
  component: lazyRouteComponent(() => import("../pages/docs/reader"), "ApiDocs"),
});

const apisApiDocsPage = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "docs/$page",
  component: lazyRouteComponent(() => import("../pages/docs/reader"), "ApiDocs"),
});

const apisApiPlans = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "plans",
  component: lazyRouteComponent(() => import("../pages/api/plans"), "ApiPlans"),
});

const apisApiVersions = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "versions",
  component: lazyRouteComponent(() => import("../pages/api/versions"), "ApiVersions"),
});

const apisApiChangelog = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "changelog",
  component: lazyRouteComponent(() => import("../pages/api/changelog"), "ApiChangelog"),
});

const apisApiBoard = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "board",
  validateSearch: (given: Record<string, unknown>) => given as { kind?: string },
  component: lazyRouteComponent(() => import("../pages/api/board"), "ApiBoard"),
});

const apisApiFollowers = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "followers",
  component: lazyRouteComponent(() => import("../pages/api/followers"), "ApiFollowers"),
});

const apisApiConnections = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "connections",
  component: lazyRouteComponent(() => import("../pages/connection/of"), "ApiConnections"),
});

export const offered = [
  catalog,
  reference,
  apisApiRequest,
  apisApiLayout.addChildren([
    apisApiConnections,
    apisApiOverview,
    apisApiDocs,
    apisApiDocsPage,
    apisApiReference,
    apisApiPlans,
    apisApiVersions,
    apisApiChangelog,
    apisApiBoard,
    apisApiFollowers,
  ]),
] as const;
