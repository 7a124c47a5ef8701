import type { Page } from "@playwright/test";
import { settled } from "./support/inspect";
import { good } from "./support/person";
import { ask, call, equip, letIn, type Story, story, token } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const { apps, explain } = WORDS.en;

/** Opens the newest call with this code on a list of calls, and reads why it was answered so. */
async function why(page: Page, path: string): Promise<ReturnType<Page["getByRole"]>> {
  await page.goto(path);
  await settled(page);
  await page.getByRole("list", { name: apps.calls.label }).getByRole("link").first().click();
  const region = page.getByRole("region", { name: explain.title }).last();
  await expect(region).toBeVisible();
  return region;
}

test("a refused call says why it was refused, and its one link leads to where that is mended", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const client = await equip(told);
  const { page } = await visit(told.consumer);
  const key = { "X-API-Key": client.key };
  const list = `/apps/${told.app}/calls`;
  const refusals: [string, () => Promise<unknown>, string][] = [
    ["not-subscribed", async () => {}, `/apis/${told.api}/request`],
    ["subscription-pending", async () => ask(told, told.guarded), "/subscriptions/sub_"],
    ["subscription-suspended", async () => suspend(told), "/subscriptions/sub_"],
    ["client-disabled", async () => disable(told, client.id), `/api-clients/${client.id}`],
  ];
  for (const [code, happen, leads] of refusals) {
    await test.step(code, async () => {
      await happen();
      expect((await call(told, program, key)).code).toBe(code);
      await expect.poll(async () => (await newest(told)).code, { message: "the call is in the record" }).toBe(code);
      const region = await why(page, list);
      await expect(region.getByText(explain.codes[code]?.title ?? "words for it")).toBeVisible();
      await expect(region.getByText(explain.stopped)).toBeVisible();
      await region
        .getByRole("link")
        .and(region.getByText(/→|Open|Request/))
        .first()
        .click();
      await expect(page).toHaveURL(new RegExp(leads));
      await settled(page);
    });
  }
});

test("a call over the limit and one that passed are told apart", async ({ program, visit }) => {
  const told = await story(program);
  await letIn(told);
  const client = await equip(told);
  const bearer = { Authorization: `Bearer ${await token(program, client.clientId, client.secret)}` };
  expect((await call(told, program, bearer)).status).toBe(200);
  await expect.poll(async () => (await newest(told)).status).toBe(200);
  const { page } = await visit(told.consumer);
  const passed = await why(page, `/apps/${told.app}/calls`);
  await expect(passed.getByText(explain.done.title)).toBeVisible();
  await expect.poll(async () => (await call(told, program, bearer)).code).toBe("limit-exceeded");
  await expect.poll(async () => (await newest(told)).code).toBe("limit-exceeded");
  const refused = await why(page, `/apps/${told.app}/calls`);
  await expect(refused.getByText(explain.codes["limit-exceeded"]?.title ?? "words")).toBeVisible();

  // The provider sees the same call from the other side.
  const { page: other } = await visit(told.provider);
  await other.goto(`/provide/apis/${told.api}/calls`);
  await settled(other);
  await other
    .getByRole("main")
    .getByRole("link", { name: new RegExp(`GET /${told.slug}`) })
    .first()
    .click();
  const region = other.getByRole("region", { name: explain.title }).last();
  await expect(region.getByText(explain.codes["limit-exceeded"]?.title ?? "words")).toBeVisible();
});

async function newest(told: Story) {
  const params = { path: { id: told.app } };
  const { items } = await good(told.consumer.http.GET("/api/v1/apps/{id}/decisions", { params }));
  return { code: items[0]?.code ?? undefined, status: items[0]?.status };
}

async function suspend(told: Story): Promise<void> {
  const { items } = await good(
    told.consumer.http.GET("/api/v1/apps/{id}/apis", { params: { path: { id: told.app } } }),
  );
  const id = items[0]?.id ?? "";
  for (const action of ["approve", "activate", "suspend"]) await good(told.provider.act(id, action));
}

async function disable(told: Story, client: string): Promise<void> {
  const params = { path: { id: client } };
  await good(told.consumer.http.POST("/api/v1/clients/{id}/disable", { params, body: {} }));
}
