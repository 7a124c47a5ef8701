import { settled } from "./support/inspect";
import { good, Person } from "./support/person";
import { DOCUMENTS, document } from "./support/program";
import { demand, equip, found, fresh } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const { plans, provide } = WORDS.en;

test("a provider brings an OpenAPI document, reads its check, makes a plan, publishes, and the first call passes", async ({
  program,
  visit,
}) => {
  test.setTimeout(120_000);
  const provider = await Person.register(program, fresh("publisher"));
  await found(provider, fresh("Publishing house"));
  const { page } = await visit(provider);
  const main = page.getByRole("main");
  await page.goto("/provide/apis/new");
  await settled(page);
  const chooser = page.waitForEvent("filechooser");
  await main.getByText(provide.made.choose).click();
  await (await chooser).setFiles(document("petstore").path);
  await expect(main.getByText(provide.lint.facts)).toBeVisible();
  const name = fresh("Published pets");
  const slug = fresh("published");
  await main.getByLabel(provide.made.name, { exact: true }).fill(name);
  await main.getByLabel(provide.made.slug).fill(slug);
  await main.getByRole("button", { name: provide.made.submit }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  const api = page.url().split("/").at(-1) ?? "";

  await page.goto("/provide/plans");
  await settled(page);
  await main.getByRole("button", { name: plans.create }).first().click();
  const plan = fresh("Published plan");
  const panel = page.getByRole("region", { name: plans.create });
  await panel.getByLabel(plans.name, { exact: true }).fill(plan);
  await panel.getByRole("checkbox", { name: plans.requiresApproval }).uncheck();
  await panel.getByRole("button", { name: plans.submit, exact: true }).click();
  await expect(main.getByText(plan).first()).toBeVisible();

  // It is offered whatever a new API offers here.
  await page.goto(`/provide/apis/${api}/plans`);
  await settled(page);
  await main.getByRole("radio", { name: new RegExp(`^${provide.plans.any}`) }).check();
  await main.getByRole("button", { name: provide.plans.save }).click();
  await expect(page.getByText(provide.plans.saved)).toBeVisible();

  await page.goto(`/provide/apis/${api}/definition`);
  await settled(page);
  await main.getByRole("button", { name: `${provide.definition.publish}: sandbox` }).click();
  const publishing = page.getByRole("dialog", { name: provide.definition.publishIn("v1", "sandbox") });
  await publishing.getByLabel(provide.definition.destinationName).fill("sample");
  const { upstream } = program;
  await publishing
    .getByLabel(provide.definition.destinationUrl, { exact: true })
    .fill(upstream + DOCUMENTS.petstore.mount);
  await publishing.getByRole("button", { name: provide.definition.publish, exact: true }).click();
  await expect(page.getByText(provide.definition.published("v1", "sandbox"))).toBeVisible();

  // A consumer finds it and calls it.
  const other = await demand(program);
  const { items } = await good(provider.http.GET("/api/v1/plans", { params: { query: {} } }));
  const id = items.find((one) => one.name === plan)?.id ?? "";
  const body = { apps: [other.app], api, environment: "sandbox", plan: id };
  await good(other.consumer.http.POST("/api/v1/subscriptions", { body }));
  const client = await equip(other);
  const address = `${program.gateway}/sandbox/${slug}/v1${DOCUMENTS.petstore.path}`;
  expect((await fetch(address, { headers: { "X-API-Key": client.key } })).status).toBe(200);
});
