import { settled } from "./support/inspect";
import { good, Person } from "./support/person";
import { equip, fresh, letIn, type Story, story } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const { apps, common, organization } = WORDS.en;

/** Somebody on the team of the app, in this role. */
async function member(admin: Person, told: Story, role: "DEVELOPER" | "READ_ONLY"): Promise<Person> {
  const person = await Person.register(told.consumer.program, fresh(role.toLowerCase().replace("_", "-")));
  await good(admin.http.POST("/api/v1/users/{id}/verify", { params: { path: { id: person.id } } }));
  const params = { path: { id: told.app, user: person.id } };
  await good(told.consumer.http.PUT("/api/v1/apps/{id}/team/{user}", { params, body: { role } }));
  return person;
}

type Role = "stranger" | "reader" | "developer" | "owner" | "provider" | "administrator";
const EVERYBODY: Role[] = ["stranger", "reader", "developer", "owner", "provider", "administrator"];
const TEAM: Role[] = ["reader", "developer", "owner", "administrator"];

/** Addresses that are everybody's own. */
const OWN = [
  ...[
    "/",
    "/catalog",
    "/apps",
    "/apps/new",
    "/api-clients",
    "/connections",
    "/requests",
    "/inbox",
    "/dashboard",
    "/notifications",
  ],
  ...["/organizations", "/org", "/me/profile", "/me/security", "/me/tokens", "/org/environments"],
  ...["/provide/apis", "/provide/apis/new", "/provide/plans", "/provide/limits"],
];

/** Addresses of somebody's things, and who finds a page there; everybody else is told that there is nothing for them. */
function addresses(told: Story, client: string, subscription: string): [string, Role[]][] {
  const api = ["", "/followers", "/request"].map((part) => `/apis/${told.api}${part}`);
  const app = ["", "/apis", "/credentials", "/members", "/settings"].map((part) => `/apps/${told.app}${part}`);
  return [
    ...api.map((path): [string, Role[]] => [path, EVERYBODY]),
    ...app.map((path): [string, Role[]] => [path, TEAM]),
    [`/api-clients/${client}`, TEAM],
    [`/subscriptions/${subscription}`, [...TEAM, "provider"]],
    [`/organizations/${told.organization}`, ["owner", "administrator"]],
    ["/apps/app_00000000000000000000000000", []],
  ];
}

for (const roles of [EVERYBODY.slice(0, 3), EVERYBODY.slice(3)]) {
  test(`every address is a page for whom it concerns, and a helpful refusal for others: ${roles.join(", ")}`, async ({
    program,
    admin,
    visit,
  }) => {
    test.setTimeout(150_000);
    const told = await story(program);
    const subscription = await letIn(told);
    const client = await equip(told);
    const people: Record<Role, Person> = {
      stranger: await Person.register(program, fresh("stranger")),
      reader: await member(admin, told, "READ_ONLY"),
      developer: await member(admin, told, "DEVELOPER"),
      owner: told.consumer,
      provider: told.provider,
      administrator: admin,
    };
    const wrong: string[] = [];
    for (const role of roles) {
      const { page, watch } = await visit(people[role]);
      for (const status of [403, 404]) watch.expects(status);
      // A page that is refused is no fault of the page.
      watch.pardons(/ProblemError/);
      const own = role === "stranger" || role === "administrator" ? OWN : [];
      const list = [
        ...own.map((path): [string, Role[]] => [path, [role]]),
        ...addresses(told, client.id, subscription),
      ];
      for (const [path, who] of list) {
        await page.goto(path);
        await settled(page);
        const title = await page.getByRole("heading", { level: 1 }).innerText();
        if ((title !== common.notThere) !== who.includes(role)) wrong.push(`${role} finds "${title}" at ${path}`);
        if (title === common.failed) wrong.push(`${role} is told nothing helpful at ${path}`);
      }
    }
    expect(wrong).toEqual([]);
  });
}

test("whoever has not signed in is sent to do so, and comes back to the same address", async ({ program }) => {
  const told = await story(program);
  for (const path of [...OWN, ...addresses(told, "cli_x", "sub_x").map(([path]) => path)]) {
    const answer = await fetch(`${program.url}${path}`, { headers: { Accept: "text/html" }, redirect: "manual" });
    expect(answer.status, path).toBe(303);
    const to = new URL(answer.headers.get("location") ?? "", program.url);
    expect(to.pathname, path).toBe("/login");
    if (path !== "/") expect(to.searchParams.get("return_to")).toBe(path);
  }
});

// X08
test("a reader sees the app whole, and of every control that is not for readers the reason", async ({
  program,
  admin,
  visit,
}) => {
  const told = await story(program);
  await equip(told);
  const reader = await member(admin, told, "READ_ONLY");
  const { page } = await visit(reader);
  await page.goto(`/apps/${told.app}`);
  const main = page.getByRole("main");
  await expect(main.getByText(apps.requestDenied)).toBeAttached();
  await page.goto(`/apps/${told.app}/credentials`);
  await expect(main.getByText(WORDS.en.clients.credentials.denied)).toBeAttached();
  await expect(main.getByRole("button", { name: WORDS.en.clients.create })).toBeDisabled();
  await page.goto(`/apps/${told.app}/members`);
  await expect(main.getByText(apps.members.denied)).toBeAttached();
  await page.goto(`/apps/${told.app}/settings`);
  await expect(main.getByText(apps.settings.denied)).toBeAttached();
  await page.goto("/org/environments");
  await expect(main.getByText(organization.onlySite).first()).toBeAttached();
});
