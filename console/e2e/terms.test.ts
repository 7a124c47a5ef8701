import { settled } from "./support/inspect";
import { good } from "./support/person";
import { row } from "./support/steps";
import { letIn, type Story, said, story } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const words = WORDS.en;
const { common, subscription } = words;

/** The consumer has access under the guarded plan, and asks for another one that waits. */
async function reviseable(told: Story): Promise<string> {
  const id = await letIn(told);
  const http = told.provider.http;
  const fast = said(`${told.guarded.name} plus`);
  const body = { organization: told.supplier, name: fast, requires_approval: true };
  const { id: plan } = await good(http.POST("/api/v1/plans", { body }));
  const plans = [told.open.id, told.guarded.id, plan];
  await good(http.PUT("/api/v1/apis/{id}/plans", { params: { path: { id: told.api } }, body: { plans } }));
  const params = { path: { id } };
  await good(
    told.consumer.http.POST("/api/v1/subscriptions/{id}/revisions", {
      params,
      body: { plan, comment: said("We grow.") },
    }),
  );
  return id;
}

// A20 A46 C59
test("other terms that are approved wait for activation in the inbox, and hold once they are activated", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const id = await reviseable(told);
  const fast = `${told.guarded.name} plus`;
  const { page } = await visit(told.provider);
  await page.goto("/inbox");
  await settled(page);
  const main = page.getByRole("main");
  const item = words.inbox.itemTitle(told.apiName, fast);
  const asked = page.getByRole("list", { name: words.inbox.groups.revision });
  await expect(row(asked, item)).toContainText("Production");
  await asked.getByRole("link", { name: item }).click();
  await main.getByRole("button", { name: common.actions.approve, exact: true }).click();
  const approved = page.getByRole("list", { name: words.inbox.groups.activate });
  await expect(row(approved, item)).toContainText(subscription.revision.title);
  await expect(asked).toHaveCount(0);

  await page.goto("/inbox?kind=activate");
  await approved.getByRole("link", { name: item }).click();
  await expect(main.getByText(subscription.revision.waitsForActivation)).toBeVisible();
  await main.getByRole("button", { name: common.actions.activate, exact: true }).click();
  await expect(approved).toHaveCount(0);
  const { plan } = await good(told.consumer.http.GET("/api/v1/subscriptions/{id}", { params: { path: { id } } }));
  expect(plan.name).toBe(fast);
});

// A10 C63
test("one's own requests are listed over all apps, with unread answers and other terms that wait", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const id = await reviseable(told);
  const { requests } = words;
  const heading = subscription.heading(told.appName, told.apiName);
  const wanted = requests.revising.requested(`${told.guarded.name} plus`);
  const { page } = await visit(told.consumer);
  await page.goto("/");
  await settled(page);
  await expect(row(page.getByRole("list", { name: requests.title }), heading)).toContainText(wanted);
  await page.getByRole("link", { name: requests.all }).click();
  await expect(page).toHaveURL(`${program.url}/requests`);
  const line = row(page.getByRole("list", { name: requests.title }), heading);
  await expect(line).toContainText("Production");
  await expect(line.getByText(common.unread)).toBeAttached();

  await page.goto("/requests?unread=true");
  await line.getByRole("link", { name: wanted }).click();
  await expect(page).toHaveURL(`${program.url}/subscriptions/${id}#revision`);
  await expect(page.getByText(subscription.revision.waits)).toBeVisible();
  await page.goto("/requests?state=rejected");
  await expect(page.getByText(requests.access.emptyFiltered)).toBeVisible();

  await page.goto(`/apps/${told.app}/apis`);
  await expect(row(page.getByRole("list", { name: requests.access.label }), told.apiName)).toContainText(wanted);
});
