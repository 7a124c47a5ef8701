import type { Page } from "@playwright/test";
import { settled } from "./support/inspect";
import { good, refused } from "./support/person";
import { chooseIn, keepSecret, makeClient, question, row } from "./support/steps";
import { ask, call, equip, story, token } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const { clients, common } = WORDS.en;

// F18 F19 F22
test("a new client shows its secret once, with a warning and a way to copy it, and never again", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const { page } = await visit(told.consumer);
  await page.goto(`/apps/${told.app}/credentials`);
  const dialog = await makeClient(page, "en", "Night run");
  await expect(dialog.getByText(common.secret.once)).toBeVisible();
  await expect(page).toHaveURL(/\/api-clients\/cli_/);
  const secret = await keepSecret(page, "en");
  await expect(page.getByRole("heading", { level: 1, name: "Night run" })).toBeVisible();
  const clientId = await page
    .getByRole("main")
    .getByText(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
    .first()
    .innerText();
  expect(await token(program, clientId, secret)).toBeTruthy();
  expect(await traces(page, secret)).toEqual([]);
  const answers: string[] = [];
  page.on("response", async (response) => {
    if (response.url().includes("/api/")) answers.push(await response.text().catch(() => ""));
  });
  await page.reload();
  await settled(page);
  await expect(page.getByText(clients.list.hint(secret.slice(-4))).first()).toBeVisible();
  expect(await traces(page, secret)).toEqual([]);
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.filter((text) => text.includes(secret))).toEqual([]);
});

/** Where the page still has a secret: its document, its stores, the pages that its history would show again. */
async function traces(page: Page, secret: string): Promise<string[]> {
  return page.evaluate(async (text) => {
    const places: Record<string, string> = {
      document: document.documentElement.outerHTML,
      fields: [...document.querySelectorAll("input, textarea")]
        .map((field) => (field as HTMLInputElement).value)
        .join(),
      localStorage: JSON.stringify({ ...localStorage }),
      sessionStorage: JSON.stringify({ ...sessionStorage }),
      cookies: document.cookie,
      address: window.location.href,
      history: JSON.stringify(window.history.state),
      databases: JSON.stringify(await indexedDB.databases()),
      caches: JSON.stringify(await caches.keys()),
    };
    return Object.keys(places).filter((place) => places[place]?.includes(text));
  }, secret);
}

// F22
test("the secret cannot be dismissed unread: neither Escape nor a press outside nor Back loses it", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const { page } = await visit(told.consumer);
  await page.goto(`/apps/${told.app}/credentials`);
  const dialog = await makeClient(page, "en", "Stubborn");
  const close = dialog.getByRole("button", { name: common.close });
  await expect(close).toBeDisabled();
  await page.keyboard.press("Escape");
  await page.mouse.click(4, 4);
  await expect(dialog).toBeVisible();
  await page.goBack();
  await expect(dialog).toBeVisible();
  // Leaving the page asks first.
  const asked = page.waitForEvent("dialog");
  const leaving = page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.dismiss();
  await leaving;
  await expect(dialog).toBeVisible();
  await dialog.getByRole("checkbox", { name: common.secret.stored }).check();
  await close.click();
  await expect(dialog).toBeHidden();
});

test("a rotated secret and the old one work together until the old one ends", async ({ program, visit }) => {
  const told = await story(program);
  const client = await equip(told);
  const { page } = await visit(told.consumer);
  await page.goto(`/api-clients/${client.id}`);
  const list = page.getByRole("list", { name: clients.list.label(client.name) });
  await chooseIn(row(list, client.secret.slice(-4)), "en", "rotate");
  const dialog = question(page);
  await dialog.getByRole("radio", { name: clients.rotate.hour }).check();
  await dialog.getByRole("button", { name: clients.rotate.submit }).click();
  const second = await keepSecret(page, "en");
  await expect(row(list, second.slice(-4))).toBeVisible();
  expect(await token(program, client.clientId, client.secret)).toBeTruthy();
  expect(await token(program, client.clientId, second)).toBeTruthy();
  // Two are enough for an overlap.
  const params = { path: { id: client.id } };
  const third = told.consumer.http.POST("/api/v1/clients/{id}/credentials", {
    params,
    body: { kind: "client_secret" },
  });
  expect((await refused(third)).status).toBe(409);
  const { items } = await good(told.consumer.http.GET("/api/v1/clients/{id}/credentials", { params }));
  const old = items.find((one) => one.hint === client.secret.slice(-4));
  const soon = new Date(Date.now() + 1500).toISOString();
  await good(
    told.consumer.http.PATCH("/api/v1/credentials/{id}", {
      params: { path: { id: old?.id ?? "" } },
      body: { expires_at: soon },
    }),
  );
  await expect.poll(() => token(program, client.clientId, client.secret)).toBeUndefined();
  expect(await token(program, client.clientId, second)).toBeTruthy();
});

test("a disabled client gets no token and its calls are refused, an enabled one works again, a deleted one is gone", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  await ask(told, told.open);
  const client = await equip(told);
  const key = { "X-API-Key": client.key };
  const { page, watch } = await visit(told.consumer);
  // The page of a client that is gone may ask for it once more while it is left.
  watch.expects(404);
  await page.goto(`/api-clients/${client.id}`);
  await chooseIn(page.getByRole("main"), "en", "disable");
  await question(page).getByRole("button", { name: common.actions.disable, exact: true }).click();
  await expect(page.getByText(clients.banner.title)).toBeVisible();
  expect(await token(program, client.clientId, client.secret)).toBeUndefined();
  expect(await call(told, program, key)).toMatchObject({ status: 403, code: "client-disabled" });

  await chooseIn(page.getByRole("main"), "en", "enable");
  await expect(page.getByText(clients.banner.title)).toBeHidden();
  expect(await token(program, client.clientId, client.secret)).toBeTruthy();
  expect(await call(told, program, key)).toMatchObject({ status: 200 });

  await chooseIn(page.getByRole("main"), "en", "delete");
  const dialog = question(page);
  const confirm = dialog.getByRole("button", { name: common.actions.delete, exact: true });
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel(common.typeName(client.name)).fill(client.name);
  await confirm.click();
  await expect(page).toHaveURL(`${program.url}/api-clients`);
  await expect(page.getByRole("main").getByText(client.name)).toHaveCount(0);
  expect(await token(program, client.clientId, client.secret)).toBeUndefined();
  expect((await call(told, program, key)).status).toBe(401);
});
