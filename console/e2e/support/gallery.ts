import { good, Person } from "./person";
import { ownTags, type Program } from "./program";
import { ask, call, demand, equip, fresh, letIn, type Story, said, supply, token } from "./story";

/** A world in which every screen has something to show: all states, comments, followers, calls that passed and failed. */
export type Gallery = Story & {
  client: string;
  active: string;
  requested: string;
  suspended: string;
  rejected: string;
  approved: string;
  webhook: string;
  /** An API group, and a profile with limits. */
  apiGroup: string;
  fence: string;
  /** Somebody who has just registered and has nothing yet. */
  newcomer: Person;
  admin: Person;
  /** A group of people in the provider's organization, with a group below it. */
  group: string;
};

const LONG = "Rechnungsverarbeitungsschnittstelle für Zahlungsdienstleister";

async function comment(who: Person, subscription: string, text: string): Promise<void> {
  const params = { path: { id: subscription } };
  await good(who.http.POST("/api/v1/subscriptions/{id}/comments", { params, body: { comment: said(text) } }));
}

/** Another consumer asks for access to the same API. */
async function another(program: Program, told: Story): Promise<Story> {
  return { ...told, ...(await demand(program)) };
}

async function agreement(told: Story): Promise<void> {
  const text = "# Terms\n\n1. Keep keys to yourself.\n2. Stay within the limits.\n";
  const params = { path: { id: told.api } };
  await good(
    told.provider.http.POST("/api/v1/apis/{id}/agreements", { params, body: { title: said("Fair use"), text } }),
  );
}

/** A webhook that leads nowhere, with a delivery that says so. */
async function hook(told: Story): Promise<string> {
  const body = { organization: told.supplier, url: "https://localhost:1/hooks", description: said("Order desk") };
  const { id } = await good(told.provider.http.POST("/api/v1/webhooks", { body }));
  await good(told.provider.http.POST("/api/v1/webhooks/{id}/test", { params: { path: { id } } }));
  return id;
}

/** Tags, a page, a group, and a profile that leaves little; the administrator holds a privilege. */
async function catalogue(told: Story, admin: Person): Promise<{ apiGroup: string; fence: string }> {
  const { http } = told.provider;
  const params = { path: { id: told.api } };
  await good(http.PATCH("/api/v1/apis/{id}", { params, body: { tags: ["pets"] } }));
  const page = { title: said("Start"), slug: "start", text: "# Hello\n\nA *page* with `code`.\n" };
  await good(http.POST("/api/v1/apis/{id}/pages", { params, body: page }));
  const body = { organization: told.supplier, name: said("Animals") };
  const apiGroup = (await good(http.POST("/api/v1/api_groups", { body }))).id;
  const member = { path: { id: apiGroup, api: told.api } };
  await good(http.PUT("/api/v1/api_groups/{id}/apis/{api}", { params: member }));
  const headers = { remove: [], set: [{ name: "X-Audited", value: "yes" }], add: [] };
  const rule = { specify_defaults: true, allow_override: false };
  const strict = {
    name: fresh("Strict"),
    roles: ["auditor"],
    // The members of defaults are free.
    requestmod: { ...rule, defaults: { headers } as never },
    security: { ...rule, allow_override_per_operation: false, defaults: { schemes: [{ scheme: "api_key" }] } as never },
  };
  const fence = (await good(admin.http.POST("/api/v1/profiles", { body: strict }))).id;
  return { apiGroup, fence };
}

async function follows(told: Story): Promise<void> {
  const [api, app] = [{ path: { id: told.api } }, { path: { id: told.app } }];
  await good(told.consumer.http.PUT("/api/v1/apis/{id}/follow", { params: api }));
  await good(told.provider.http.PUT("/api/v1/apis/{id}/follow", { params: api }));
  await good(told.consumer.http.PUT("/api/v1/apps/{id}/follow", { params: app }));
}

export async function gallery(program: Program, admin: Person): Promise<Gallery> {
  const [one, other, newcomer] = await Promise.all([
    supply(program),
    demand(program),
    Person.register(program, fresh("newcomer")),
  ]);
  const told: Story = { ...one, ...other, supplier: one.organization };
  const active = await letIn(told);
  const suspended = await ask(told, told.open, "sandbox");
  await good(told.provider.act(suspended, "suspend", said("Too many calls at night.")));
  const [second, third, fourth] = await Promise.all([1, 2, 3].map(() => another(program, told)));
  if (!second || !third || !fourth) throw new Error("three were asked for");
  const requested = await ask(second, told.guarded, "production", "We would like to show pets in our shop window.");
  await comment(second.consumer, requested, "Is there anything else that you need to know?");
  await comment(told.provider, requested, "Which of your customers will see them?");
  const rejected = await ask(third, told.guarded);
  await good(told.provider.act(rejected, "reject", said("Please use the sandbox first.")));
  const approved = await ask(fourth, told.guarded);
  await good(told.provider.act(approved, "approve", said("Welcome.")));
  await follows(told);
  await agreement(told);
  const group = await parties(told);
  const arranged = await catalogue(told, admin);
  const { http } = told.consumer;
  const body = { organization: told.organization, name: said(LONG), description: said(`${LONG}, zweite Fassung`) };
  await good(http.POST("/api/v1/apps", { body }));
  const client = await equip(told);
  await call(told, program, { "X-API-Key": client.key });
  await call(told, program, { "X-API-Key": client.key }, "/sandbox");
  await call(told, program, { Authorization: `Bearer ${await token(program, client.clientId, client.secret)}` });
  const webhook = await hook(told);
  return {
    ...told,
    ...arranged,
    webhook,
    client: client.id,
    active,
    requested,
    suspended,
    rejected,
    approved,
    newcomer,
    admin,
    group,
  };
}

/** Groups, somebody in one, and an invitation; answers the upper group. */
async function parties({ provider, supplier }: Story): Promise<string> {
  const { http } = provider;
  const body = { organization: supplier, name: said("Northern branch"), contract_number: said("C-2031") };
  const { id } = await good(http.POST("/api/v1/groups", { body }));
  await good(http.POST("/api/v1/groups", { body: { ...body, parent: id, name: said(LONG) } }));
  await good(http.PUT("/api/v1/groups/{id}/members/{user}", { params: { path: { id, user: provider.id } } }));
  const params = { path: { id: supplier } };
  const invited = { email: said("somebody@example.com"), role: "READ_ONLY" as const };
  await good(http.POST("/api/v1/organizations/{id}/invitations", { params, body: invited }));
  return id;
}

/** A screen: its name and where it is; `quotes` are texts that it shows in the words of an OpenAPI document. */
export type Screen = { name: string; path: string; quotes?: string[] };

/** What a consumer looks at. */
export function consumerScreens(world: Gallery): Screen[] {
  const [app, api] = [`/apps/${world.app}`, `/apis/${world.api}`];
  return [
    { name: "home", path: "/" },
    { name: "catalog", path: "/catalog" },
    { name: "catalog-nothing", path: "/catalog?q=nothing-has-this-name" },
    { name: "api", path: api },
    { name: "api-docs", path: `${api}/docs` },
    { name: "api-docs-page", path: `${api}/docs/start` },
    { name: "catalog-tag", path: "/catalog?tag=pets" },
    { name: "api-reference", path: `${api}/reference` },
    { name: "api-plans", path: `${api}/plans` },
    { name: "api-versions", path: `${api}/versions` },
    { name: "api-changelog", path: `${api}/changelog` },
    { name: "api-board", path: `${api}/board` },
    { name: "api-connections", path: `${api}/connections` },
    { name: "api-followers", path: `${api}/followers` },
    { name: "request", path: `${api}/request` },
    { name: "apps", path: "/apps" },
    { name: "apps-new", path: "/apps/new" },
    { name: "app", path: app },
    { name: "app-apis", path: `${app}/apis` },
    { name: "app-credentials", path: `${app}/credentials` },
    { name: "app-calls", path: `${app}/calls` },
    { name: "app-board", path: `${app}/board` },
    { name: "app-followers", path: `${app}/followers` },
    { name: "app-connections", path: `${app}/connections` },
    { name: "app-members", path: `${app}/members` },
    { name: "app-settings", path: `${app}/settings` },
    { name: "client", path: `/api-clients/${world.client}` },
    { name: "clients", path: "/api-clients" },
    { name: "connections", path: "/connections" },
    { name: "requests", path: "/requests" },
    { name: "subscription", path: `/subscriptions/${world.active}` },
    { name: "subscription-connections", path: `/subscriptions/${world.active}/connections` },
    { name: "subscription-suspended", path: `/subscriptions/${world.suspended}` },
    { name: "dashboard", path: "/dashboard" },
    { name: "audit-own", path: "/org/audit" },
    { name: "notifications", path: "/notifications" },
  ];
}

/** What a provider looks at. */
export function providerScreens(world: Gallery): Screen[] {
  const api = `/provide/apis/${world.api}`;
  return [
    { name: "inbox", path: "/inbox" },
    { name: "provide-apis", path: "/provide/apis" },
    { name: "provide-new", path: "/provide/apis/new" },
    { name: "provide-api", path: api },
    { name: "provide-definition", path: `${api}/definition` },
    { name: "provide-docs", path: `${api}/docs` },
    { name: "provide-docs-new", path: `${api}/docs?item=new` },
    { name: "provide-docs-edit", path: `${api}/docs?item=start` },
    { name: "provide-plans", path: `${api}/plans` },
    { name: "provide-apps", path: `${api}/apps` },
    { name: "provide-calls", path: `${api}/calls` },
    { name: "provide-board", path: `${api}/board` },
    { name: "provide-connections", path: `${api}/connections` },
    { name: "provide-followers", path: `${api}/followers` },
    { name: "provide-settings", path: `${api}/settings` },
    { name: "plans", path: "/provide/plans" },
    { name: "limits", path: "/provide/limits" },
    { name: "api-groups", path: "/provide/groups" },
    { name: "api-group", path: `/provide/groups?item=${world.apiGroup}` },
    { name: "api-group-new", path: "/provide/groups?item=new" },
    { name: "profiles", path: "/provide/profiles" },
    { name: "profile-fenced", path: `/provide/profiles?item=${world.fence}` },
    { name: "contracts", path: "/provide/contracts" },
    { name: "thread-requested", path: `/subscriptions/${world.requested}` },
    { name: "thread-rejected", path: `/subscriptions/${world.rejected}` },
    { name: "thread-approved", path: `/subscriptions/${world.approved}` },
    { name: "provider-home", path: "/" },
    { name: "organizations", path: "/organizations" },
    { name: "organization", path: `/organizations/${world.supplier}` },
    { name: "organization-groups", path: `/organizations/${world.supplier}/groups` },
    { name: "organization-destinations", path: `/organizations/${world.supplier}/destinations` },
    { name: "organization-holdings", path: `/organizations/${world.supplier}/holdings` },
    { name: "organization-managed", path: `/organizations/${world.supplier}/managed` },
    { name: "organization-connections", path: `/organizations/${world.supplier}/connections` },
    { name: "organization-board", path: `/organizations/${world.supplier}/board` },
    { name: "organization-followers", path: `/organizations/${world.supplier}/followers` },
    { name: "group", path: `/groups/${world.group}` },
    { name: "group-connections", path: `/groups/${world.group}/connections` },
    { name: "group-followers", path: `/groups/${world.group}/followers` },
    { name: "group-board", path: `/groups/${world.group}/board` },
    { name: "person", path: `/people/${world.provider.id}` },
    { name: "org", path: "/org" },
    { name: "profile", path: "/me/profile" },
    { name: "security", path: "/me/security" },
    { name: "tokens", path: "/me/tokens" },
    { name: "appearance", path: "/me/appearance" },
    { name: "channels", path: "/me/notifications" },
    { name: "webhooks", path: "/org/webhooks" },
    { name: "webhook", path: `/org/webhooks/${world.webhook}` },
    { name: "reference", path: "/reference", quotes: ownTags() },
  ];
}

/** Screens of site administrators, as everybody else finds them. */
const REFUSED_SCREENS: Screen[] = ["people", "roles", "mail", "terms", "exchange"].map((name) => ({
  name: `${name}-refused`,
  path: `/org/${name}`,
}));

/** Screens with nothing in them yet, of somebody new; and what is not there at all. */
export const NEWCOMER_SCREENS: Screen[] = [
  { name: "home-new", path: "/" },
  { name: "apps-empty", path: "/apps" },
  { name: "clients-empty", path: "/api-clients" },
  { name: "connections-empty", path: "/connections" },
  { name: "requests-empty", path: "/requests" },
  { name: "dashboard-empty", path: "/dashboard" },
  { name: "notifications-empty", path: "/notifications" },
  { name: "organizations-empty", path: "/organizations" },
  { name: "tokens-empty", path: "/me/tokens" },
  { name: "webhooks-empty", path: "/org/webhooks" },
  { name: "inbox-empty", path: "/inbox" },
  { name: "not-there", path: "/there/is/nothing" },
  ...REFUSED_SCREENS,
];

/** What the site administrator looks at. */
export function adminScreens(world: Gallery): Screen[] {
  return [
    { name: "audit", path: "/org/audit" },
    { name: "people", path: "/org/people" },
    { name: "roles", path: "/org/roles" },
    { name: "profile-new", path: "/provide/profiles?item=new" },
    { name: "profile-edit", path: `/provide/profiles?item=${world.fence}` },
    { name: "environments", path: "/org/environments" },
    { name: "terms", path: "/org/terms" },
    { name: "mail", path: "/org/mail" },
    { name: "exchange", path: "/org/exchange" },
  ];
}
