import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Failure, NotThere } from "./layout/failure";
import { Shell } from "./layout/shell";
import type { AuditSearch } from "./pages/audit/search";
import { READS } from "./reads";
import { Waiting } from "./ui/list";

type Context = { queries: QueryClient };

const root = createRootRouteWithContext<Context>()({
  component: Shell,
  notFoundComponent: NotThere,
  errorComponent: Failure,
});

// Every page is loaded when it is opened, or when a link to it is pointed at. View state that belongs to the address (filters,
// the open item) is a page's search parameters.

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: (given: Record<string, unknown>) => given as { quickstart?: boolean },
  component: lazyRouteComponent(() => import("./pages/home/home"), "Home"),
});

const catalog = createRoute({
  getParentRoute: () => root,
  path: "/catalog",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string; tag?: string; group?: string },
  component: lazyRouteComponent(() => import("./pages/catalog/catalog"), "Catalog"),
});

const apps = createRoute({
  getParentRoute: () => root,
  path: "/apps",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string },
  component: lazyRouteComponent(() => import("./pages/app/list"), "Apps"),
});

const appsNew = createRoute({
  getParentRoute: () => root,
  path: "/apps/new",
  validateSearch: (given: Record<string, unknown>) => given as { api?: string },
  component: lazyRouteComponent(() => import("./pages/app/new"), "NewApp"),
});

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  validateSearch: (given: Record<string, unknown>) => given as { state?: string; type?: string },
  component: lazyRouteComponent(() => import("./pages/connection/connections"), "Connections"),
});

const apiClients = createRoute({
  getParentRoute: () => root,
  path: "/api-clients",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string; state?: string },
  component: lazyRouteComponent(() => import("./pages/client/list"), "Clients"),
});

const apiClientsClient = createRoute({
  getParentRoute: () => root,
  path: "/api-clients/$client",
  component: lazyRouteComponent(() => import("./pages/client/client"), "Client"),
});

const subscriptionsSubscription = createRoute({
  getParentRoute: () => root,
  path: "/subscriptions/$subscription",
  component: lazyRouteComponent(() => import("./pages/subscription/thread"), "Thread"),
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: "/inbox",
  validateSearch: (given: Record<string, unknown>) =>
    given as { item?: string; kind?: string; state?: string; mine?: string },
  component: lazyRouteComponent(() => import("./pages/inbox/inbox"), "Inbox"),
});

const dashboard = createRoute({
  getParentRoute: () => root,
  path: "/dashboard",
  validateSearch: (given: Record<string, unknown>) => given as { kind?: string },
  component: lazyRouteComponent(() => import("./pages/board/dashboard"), "Dashboard"),
});

const notifications = createRoute({
  getParentRoute: () => root,
  path: "/notifications",
  validateSearch: (given: Record<string, unknown>) => given as { unread?: boolean },
  component: lazyRouteComponent(() => import("./pages/notice/notices"), "Notices"),
});

const organizations = createRoute({
  getParentRoute: () => root,
  path: "/organizations",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("./pages/organization/list"), "Organizations"),
});

const organizationLayout = createRoute({
  getParentRoute: () => root,
  path: "/organizations/$organization",
  component: lazyRouteComponent(() => import("./pages/organization/organization"), "Organization"),
});

const organizationMembers = createRoute({
  getParentRoute: () => organizationLayout,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/organization/members"), "Members"),
});

const organizationDestinations = createRoute({
  getParentRoute: () => organizationLayout,
  path: "destinations",
  component: lazyRouteComponent(() => import("./pages/organization/destinations"), "Destinations"),
});

const organizationHoldings = createRoute({
  getParentRoute: () => organizationLayout,
  path: "holdings",
  component: lazyRouteComponent(() => import("./pages/organization/holdings"), "Holdings"),
});

const organizationGroups = createRoute({
  getParentRoute: () => organizationLayout,
  path: "groups",
  component: lazyRouteComponent(() => import("./pages/organization/groups"), "Groups"),
});

const organizationManaged = createRoute({
  getParentRoute: () => organizationLayout,
  path: "managed",
  component: lazyRouteComponent(() => import("./pages/organization/managed"), "Managed"),
});

const organizationConnections = createRoute({
  getParentRoute: () => organizationLayout,
  path: "connections",
  component: lazyRouteComponent(() => import("./pages/connection/of"), "OrganizationConnections"),
});

const organizationBoard = createRoute({
  getParentRoute: () => organizationLayout,
  path: "board",
  validateSearch: (given: Record<string, unknown>) => given as { kind?: string },
  component: lazyRouteComponent(() => import("./pages/organization/board"), "OrganizationBoard"),
});

const organizationFollowers = createRoute({
  getParentRoute: () => organizationLayout,
  path: "followers",
  component: lazyRouteComponent(() => import("./pages/organization/followers"), "OrganizationFollowers"),
});

const groupLayout = createRoute({
  getParentRoute: () => root,
  path: "/groups/$group",
  component: lazyRouteComponent(() => import("./pages/group/group"), "Group"),
});

const groupMembers = createRoute({
  getParentRoute: () => groupLayout,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/group/members"), "GroupMembers"),
});

const groupConnections = createRoute({
  getParentRoute: () => groupLayout,
  path: "connections",
  component: lazyRouteComponent(() => import("./pages/connection/of"), "GroupConnections"),
});

const groupBoard = createRoute({
  getParentRoute: () => groupLayout,
  path: "board",
  component: lazyRouteComponent(() => import("./pages/group/board"), "GroupBoard"),
});

const groupFollowers = createRoute({
  getParentRoute: () => groupLayout,
  path: "followers",
  component: lazyRouteComponent(() => import("./pages/group/followers"), "GroupFollowers"),
});

const person = createRoute({
  getParentRoute: () => root,
  path: "/people/$user",
  component: lazyRouteComponent(() => import("./pages/person/person"), "PersonPage"),
});

const org = createRoute({
  getParentRoute: () => root,
  path: "/org",
  component: lazyRouteComponent(() => import("./pages/organization/overview"), "OrgOverview"),
});

const orgPeople = createRoute({
  getParentRoute: () => root,
  path: "/org/people",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string },
  component: lazyRouteComponent(() => import("./pages/person/people"), "People"),
});

const orgEnvironments = createRoute({
  getParentRoute: () => root,
  path: "/org/environments",
  component: lazyRouteComponent(() => import("./pages/environment/environments"), "Environments"),
});

const orgWebhooks = createRoute({
  getParentRoute: () => root,
  path: "/org/webhooks",
  component: lazyRouteComponent(() => import("./pages/webhook/list"), "Webhooks"),
});

const orgWebhooksWebhook = createRoute({
  getParentRoute: () => root,
  path: "/org/webhooks/$webhook",
  validateSearch: (given: Record<string, unknown>) =>
    given as { state?: "waiting" | "delivered" | "dead"; item?: string },
  component: lazyRouteComponent(() => import("./pages/webhook/webhook"), "WebhookPage"),
});

const orgMail = createRoute({
  getParentRoute: () => root,
  path: "/org/mail",
  component: lazyRouteComponent(() => import("./pages/mail/mail"), "MailPage"),
});

const orgAudit = createRoute({
  getParentRoute: () => root,
  path: "/org/audit",
  validateSearch: (given: Record<string, unknown>) => given as AuditSearch,
  component: lazyRouteComponent(() => import("./pages/audit/audit"), "Audit"),
});

const orgExchange = createRoute({
  getParentRoute: () => root,
  path: "/org/exchange",
  component: lazyRouteComponent(() => import("./pages/exchange/exchange"), "Exchange"),
});

const provideApis = createRoute({
  getParentRoute: () => root,
  path: "/provide/apis",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string },
  component: lazyRouteComponent(() => import("./pages/provide/list"), "ProvidedApis"),
});

const provideApisNew = createRoute({
  getParentRoute: () => root,
  path: "/provide/apis/new",
  component: lazyRouteComponent(() => import("./pages/provide/new"), "NewApi"),
});

const providePlans = createRoute({
  getParentRoute: () => root,
  path: "/provide/plans",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("./pages/plan/plans"), "Plans"),
});

const provideContracts = createRoute({
  getParentRoute: () => root,
  path: "/provide/contracts",
  validateSearch: (given: Record<string, unknown>) => given as { state?: string },
  component: lazyRouteComponent(() => import("./pages/provide/contracts"), "Contracts"),
});

const orgTerms = createRoute({
  getParentRoute: () => root,
  path: "/org/terms",
  component: lazyRouteComponent(() => import("./pages/provide/terms"), "PlatformTerms"),
});

const provideLimits = createRoute({
  getParentRoute: () => root,
  path: "/provide/limits",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("./pages/plan/limits"), "LimitGroups"),
});

const provideGroups = createRoute({
  getParentRoute: () => root,
  path: "/provide/groups",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("./pages/group/groups"), "ApiGroups"),
});

const provideProfiles = createRoute({
  getParentRoute: () => root,
  path: "/provide/profiles",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("./pages/profile/profiles"), "Profiles"),
});

const orgRoles = createRoute({
  getParentRoute: () => root,
  path: "/org/roles",
  validateSearch: (given: Record<string, unknown>) => given as { q?: string },
  component: lazyRouteComponent(() => import("./pages/people/roles"), "Roles"),
});

const meProfile = createRoute({
  getParentRoute: () => root,
  path: "/me/profile",
  component: lazyRouteComponent(() => import("./pages/me/profile"), "Profile"),
});

const meSecurity = createRoute({
  getParentRoute: () => root,
  path: "/me/security",
  component: lazyRouteComponent(() => import("./pages/me/security"), "Security"),
});

const meTokens = createRoute({
  getParentRoute: () => root,
  path: "/me/tokens",
  component: lazyRouteComponent(() => import("./pages/me/tokens"), "Tokens"),
});

const meNotifications = createRoute({
  getParentRoute: () => root,
  path: "/me/notifications",
  component: lazyRouteComponent(() => import("./pages/me/notifications"), "Notifications"),
});

const meAppearance = createRoute({
  getParentRoute: () => root,
  path: "/me/appearance",
  component: lazyRouteComponent(() => import("./pages/me/appearance"), "Appearance"),
});

const reference = createRoute({
  getParentRoute: () => root,
  path: "/reference",
  validateSearch: (given: Record<string, unknown>) => given as { operation?: string; q?: string },
  component: lazyRouteComponent(() => import("./pages/reference/platform"), "PlatformReference"),
});

const apisApiRequest = createRoute({
  getParentRoute: () => root,
  path: "/apis/$api/request",
  validateSearch: (given: Record<string, unknown>) =>
    given as { plan?: string; app?: string; environment?: string; step?: number },
  component: lazyRouteComponent(() => import("./pages/request/request"), "RequestAccess"),
});

const apisApiLayout = createRoute({
  getParentRoute: () => root,
  path: "/apis/$api",
  component: lazyRouteComponent(() => import("./pages/api/api"), "Api"),
});

const apisApiOverview = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/api/overview"), "ApiOverviewPage"),
});

const apisApiReference = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "reference",
  validateSearch: (given: Record<string, unknown>) =>
    given as { operation?: string; version?: string; environment?: string; q?: string },
  component: lazyRouteComponent(() => import("./pages/api/reference"), "ApiReference"),
});

const apisApiDocs = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "docs",
  component: lazyRouteComponent(() => import("./pages/docs/reader"), "ApiDocs"),
});

const apisApiDocsPage = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "docs/$page",
  component: lazyRouteComponent(() => import("./pages/docs/reader"), "ApiDocs"),
});

const apisApiPlans = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "plans",
  component: lazyRouteComponent(() => import("./pages/api/plans"), "ApiPlans"),
});

const apisApiVersions = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "versions",
  component: lazyRouteComponent(() => import("./pages/api/versions"), "ApiVersions"),
});

const apisApiChangelog = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "changelog",
  component: lazyRouteComponent(() => import("./pages/api/changelog"), "ApiChangelog"),
});

const apisApiBoard = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "board",
  validateSearch: (given: Record<string, unknown>) => given as { kind?: string },
  component: lazyRouteComponent(() => import("./pages/api/board"), "ApiBoard"),
});

const apisApiFollowers = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "followers",
  component: lazyRouteComponent(() => import("./pages/api/followers"), "ApiFollowers"),
});

const appsAppLayout = createRoute({
  getParentRoute: () => root,
  path: "/apps/$app",
  component: lazyRouteComponent(() => import("./pages/app/app"), "App"),
});

const appsAppOverview = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/app/overview"), "AppOverviewPage"),
});

const appsAppApis = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "apis",
  validateSearch: (given: Record<string, unknown>) => given as { status?: string },
  component: lazyRouteComponent(() => import("./pages/app/apis"), "AppApis"),
});

const appsAppCredentials = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "credentials",
  component: lazyRouteComponent(() => import("./pages/app/credentials"), "AppCredentials"),
});

const appsAppCalls = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "calls",
  validateSearch: (given: Record<string, unknown>) => given as { call?: string; allowed?: boolean },
  component: lazyRouteComponent(() => import("./pages/app/calls"), "AppCalls"),
});

const appsAppBoard = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "board",
  validateSearch: (given: Record<string, unknown>) => given as { kind?: string },
  component: lazyRouteComponent(() => import("./pages/app/board"), "AppBoard"),
});

const appsAppFollowers = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "followers",
  component: lazyRouteComponent(() => import("./pages/app/followers"), "AppFollowers"),
});

const appsAppConnections = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "connections",
  component: lazyRouteComponent(() => import("./pages/connection/of"), "AppConnections"),
});

const provideApisApiConnections = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "connections",
  component: lazyRouteComponent(() => import("./pages/connection/of"), "ApiConnections"),
});

const apisApiConnections = createRoute({
  getParentRoute: () => apisApiLayout,
  path: "connections",
  component: lazyRouteComponent(() => import("./pages/connection/of"), "ApiConnections"),
});

const appsAppMembers = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "members",
  component: lazyRouteComponent(() => import("./pages/app/members"), "AppMembers"),
});

const appsAppSettings = createRoute({
  getParentRoute: () => appsAppLayout,
  path: "settings",
  component: lazyRouteComponent(() => import("./pages/app/settings"), "AppSettings"),
});

const provideApisApiLayout = createRoute({
  getParentRoute: () => root,
  path: "/provide/apis/$api",
  component: lazyRouteComponent(() => import("./pages/provide/api"), "ProvidedApi"),
});

const provideApisApiOverview = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/provide/overview"), "ProvidedOverview"),
});

const provideApisApiDefinition = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "definition",
  validateSearch: (given: Record<string, unknown>) => given as { version?: string },
  component: lazyRouteComponent(() => import("./pages/provide/definition"), "Definition"),
});

const provideApisApiDocs = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "docs",
  validateSearch: (given: Record<string, unknown>) => given as { item?: string },
  component: lazyRouteComponent(() => import("./pages/docs/writer"), "Documentation"),
});

const provideApisApiPlans = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "plans",
  component: lazyRouteComponent(() => import("./pages/provide/plans"), "OfferedPlansPage"),
});

const provideApisApiApps = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "apps",
  validateSearch: (given: Record<string, unknown>) => given as { status?: string },
  component: lazyRouteComponent(() => import("./pages/provide/apps"), "ProvidedApps"),
});

const provideApisApiCalls = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "calls",
  validateSearch: (given: Record<string, unknown>) => given as { call?: string; allowed?: boolean },
  component: lazyRouteComponent(() => import("./pages/provide/calls"), "ProvidedCalls"),
});

const provideApisApiBoard = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "board",
  validateSearch: (given: Record<string, unknown>) => given as { kind?: string },
  component: lazyRouteComponent(() => import("./pages/provide/board"), "ProvidedBoard"),
});

const provideApisApiFollowers = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "followers",
  component: lazyRouteComponent(() => import("./pages/provide/followers"), "ProvidedFollowers"),
});

const provideApisApiSettings = createRoute({
  getParentRoute: () => provideApisApiLayout,
  path: "settings",
  component: lazyRouteComponent(() => import("./pages/provide/settings"), "ProvidedSettings"),
});

// The pattern page is for those who build the console; a release has no way to it.
const development =
  import.meta.env.DEV || import.meta.env.VITE_PATTERNS
    ? [
        createRoute({
          getParentRoute: () => root,
          path: "/patterns",
          component: lazyRouteComponent(() => import("./pages/patterns/patterns"), "Patterns"),
        }),
      ]
    : [];

const tree = root.addChildren([
  home,
  catalog,
  apps,
  appsNew,
  connections,
  apiClients,
  apiClientsClient,
  subscriptionsSubscription,
  inbox,
  dashboard,
  notifications,
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
  provideApis,
  provideApisNew,
  providePlans,
  provideLimits,
  provideContracts,
  orgTerms,
  provideGroups,
  provideProfiles,
  orgRoles,
  meProfile,
  meSecurity,
  meTokens,
  meNotifications,
  meAppearance,
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
  ...development,
]);

export function makeRouter(queries: QueryClient) {
  const router = createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: Failure,
    defaultNotFoundComponent: NotThere,
    defaultPendingComponent: Waiting,
    scrollRestoration: true,
  });
  for (const [id, reads] of Object.entries(READS)) {
    const route = router.routesById[id as keyof typeof router.routesById];
    const loader = ({ params }: { params: Record<string, string> }) =>
      Promise.all(reads(params).map((one) => queries.prefetchQuery(one)));
    Object.assign(route.options, { loader });
  }
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
