import en from "../src/i18n/en/parties";
import { settled } from "./support/inspect";
import { good, Person } from "./support/person";
import { question, row } from "./support/steps";
import { found, fresh } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const { common, organization } = WORDS.en;
const { members, invitations, groups, managed, people, verification, connections } = en;

// C79
test("by e-mail somebody is invited, by username added, and only with a confirmed address", async ({
  program,
  admin,
  visit,
}) => {
  const owner = await Person.register(program, fresh("owner"));
  const guest = await Person.register(program, fresh("guest"));
  const id = await found(owner, fresh("house"));
  const { page, watch } = await visit(owner);
  watch.expects(422);
  await page.goto(`/organizations/${id}`);
  const add = async (who: string) => {
    await page.getByRole("main").getByRole("button", { name: members.add }).click();
    await question(page).getByLabel(members.who).fill(who);
    await question(page).getByRole("button", { name: common.add, exact: true }).click();
  };
  await add("somebody@example.com");
  const waiting = row(page.getByRole("list", { name: invitations.title }), "somebody@example.com");
  await expect(waiting.getByText(invitations.states.pending ?? "")).toBeVisible();
  await waiting.getByRole("button").click();
  await expect(waiting.getByText(invitations.states.cancelled ?? "")).toBeVisible();

  await add(guest.username);
  await expect(question(page).getByText(/has not confirmed an e-mail address/)).toBeVisible();
  await question(page).getByRole("button", { name: common.cancel, exact: true }).click();
  const office = await visit(admin);
  await office.page.goto(`/org/people?q=${guest.username}`);
  await office.page.getByRole("button", { name: people.verifyOf(guest.name) }).click();
  await question(office.page).getByRole("button", { name: people.verify, exact: true }).click();
  await expect(office.page.getByText(people.verified, { exact: true })).toBeVisible();
  await add(guest.username);
  const list = page.getByRole("list", { name: organization.people });
  await expect(row(list, guest.name)).toBeVisible();
});

// A01 A57
test("groups are a tree, and everything that ties a group or a person is listed", async ({ program, admin, visit }) => {
  const owner = await Person.register(program, fresh("owner"));
  await good(admin.http.POST("/api/v1/users/{id}/verify", { params: { path: { id: owner.id } } }));
  const id = await found(owner, fresh("house"));
  const { page } = await visit(owner);
  await page.goto(`/organizations/${id}/groups`);
  await page.getByRole("main").getByRole("button", { name: groups.add }).first().click();
  await question(page).getByLabel(groups.name, { exact: true }).fill("North");
  await question(page).getByLabel(groups.contract).fill("C-77");
  await question(page).getByRole("button", { name: groups.add, exact: true }).click();
  await page.getByRole("link", { name: "North" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "North" })).toBeVisible();
  await expect(page.getByText(groups.contractIs("C-77"))).toBeVisible();
  await page.getByRole("button", { name: groups.addBelow }).click();
  await question(page).getByLabel(groups.name, { exact: true }).fill("Desk");
  await question(page).getByRole("button", { name: groups.add, exact: true }).click();
  await page.getByRole("button", { name: groups.addMember }).click();
  await question(page).getByRole("button", { name: common.add, exact: true }).click();
  await expect(row(page.getByRole("list", { name: groups.members }), owner.name)).toBeVisible();
  await page.getByRole("link", { name: connections.title }).last().click();
  await expect(row(page.getByRole("list", { name: connections.title }), WORDS.en.connections.you)).toBeVisible();
  await page.goto(`/organizations/${id}/groups`);
  await page.getByRole("link", { name: "Desk" }).click();
  await expect(page.getByRole("main").getByRole("link", { name: "North" })).toBeVisible();
  await page.goto(`/people/${owner.id}`);
  await settled(page, "en");
  await expect(page.getByRole("list", { name: connections.title })).toContainText("North");
});

// K21
test("an organization hands its administration to another, which sees no button for clients", async ({
  program,
  visit,
}) => {
  const [reseller, customer] = [
    await Person.register(program, fresh("reseller")),
    await Person.register(program, fresh("customer")),
  ];
  const [manager, id] = [await found(reseller, fresh("manager")), await found(customer, fresh("managed"))];
  const { page } = await visit(customer);
  await page.goto(`/organizations/${id}/managed`);
  await page.getByRole("button", { name: managed.set }).click();
  await question(page).getByLabel(managed.organization).fill(manager);
  await question(page).getByRole("button", { name: managed.set, exact: true }).click();
  await expect(page.getByRole("button", { name: managed.end })).toBeVisible();
  const body = { organization: id, name: "Sold" };
  const made = await good(reseller.http.POST("/api/v1/apps", { body }));
  const shop = await visit(reseller);
  await shop.page.goto(`/organizations/${manager}/managed`);
  await expect(shop.page.getByRole("list", { name: managed.title }).getByRole("listitem")).toHaveCount(1);
  const shown = await good(reseller.http.GET("/api/v1/apps/{id}", { params: { path: { id: made.id } } }));
  expect(shown.actions.find((offer) => offer.action === "add_client")?.reason).toBe("managed");
});

// C67 C79
test("one's profile says whether the address is confirmed and asks for another link", async ({ program, visit }) => {
  const person = await Person.register(program, fresh("person"));
  const { page, watch } = await visit(person);
  watch.expects(429);
  await page.goto("/me/profile");
  await expect(page.getByText(verification.open(`${person.username}@example.com`))).toBeVisible();
  // A link was asked for when the account was made: another one has to wait.
  await page.getByRole("button", { name: verification.again }).click();
  await expect(
    page
      .getByRole("status")
      .or(page.getByRole("dialog"))
      .filter({ hasText: /\d+ seconds/ })
      .first(),
  ).toBeVisible();
});
