import type { Locator, Page } from "@playwright/test";
import { settled } from "./inspect";
import { expect, type Language, WORDS } from "./test";

/** The row or the list item that has this text in it. */
export function row(where: Page | Locator, text: string | RegExp): Locator {
  return where.getByRole("listitem").filter({ hasText: text }).last();
}

/** The pill that says how a subscription stands; `code` is the server's. */
export function pill(where: Page | Locator, language: Language, code: string): Locator {
  const word = WORDS[language].common.status[code] ?? code;
  return where.getByText(new RegExp(`^[●○◐‖×–]\\s*${word}$`));
}

/** The dialog that asks something; messages that pass by are dialogs, too, but nothing can be cancelled there. */
export function question(page: Page, language: Language = "en"): Locator {
  const cancel = page.getByRole("button", { name: WORDS[language].common.cancel, exact: true });
  return page.getByRole("dialog").filter({ has: cancel });
}

/** The entry of an open menu with this verb; it may say a reason as well. */
export function entry(page: Page, verb: string): Locator {
  return page.getByRole("menuitem", { name: new RegExp(`^${verb}`) });
}

/** Fills the page of a new app, founding an organization for it. */
export async function makeApp(page: Page, language: Language, app: string, organization: string): Promise<void> {
  const { form } = WORDS[language].apps;
  await page.getByLabel(form.organizationName).fill(organization);
  await page.getByLabel(form.name, { exact: true }).fill(app);
  await page.getByRole("button", { name: form.submit }).click();
  await expect(page.getByRole("heading", { level: 1, name: app })).toBeVisible();
}

export type Wish = { plan: string; environment: string; app: string; note: string };

/** Goes through the four steps of a request; ends in its thread. */
export async function requestAccess(page: Page, language: Language, wish: Wish): Promise<void> {
  const { request, common } = WORDS[language];
  const next = page.getByRole("button", { name: common.next, exact: true });
  await page.getByRole("radio", { name: wish.plan }).check();
  await next.click();
  await page.getByRole("radio", { name: wish.environment }).check();
  await page.getByRole("checkbox", { name: wish.app }).check();
  await next.click();
  await page.getByLabel(request.note).fill(wish.note);
  await next.click();
  await expect(page.getByRole("heading", { name: request.review })).toBeVisible();
  await page.getByRole("button", { name: request.send }).click();
  await expect(page).toHaveURL(/\/subscriptions\/sub_/);
  await settled(page, language);
}

/** Makes a client with a secret on the page of the app's credentials; the dialog with the secret is open then. */
export async function makeClient(page: Page, language: Language, name: string): Promise<Locator> {
  const { clients, common } = WORDS[language];
  await page.getByRole("button", { name: clients.create }).click();
  const dialog = page.getByRole("dialog", { name: clients.new.title });
  await dialog.getByLabel(clients.new.name).fill(name);
  await dialog.getByRole("button", { name: clients.new.submit }).click();
  return page.getByRole("dialog", { name: common.secret.title });
}

/** Copies the secret that is shown, says that it is stored, and closes the dialog. */
export async function keepSecret(page: Page, language: Language, kind?: string): Promise<string> {
  const { clients, common } = WORDS[language];
  const name = common.copyThis(kind ?? clients.kinds.client_secret ?? "");
  const dialog = page.getByRole("dialog", { name: common.secret.title });
  const secret = await dialog.getByRole("code").first().innerText();
  await dialog.getByRole("button", { name }).click();
  await expect(page.getByRole("status").filter({ hasText: common.copied })).toBeVisible();
  await dialog.getByRole("checkbox", { name: common.secret.stored }).check();
  await dialog.getByRole("button", { name: common.close }).click();
  await expect(dialog).toBeHidden();
  return secret;
}

/** Chooses an action that is offered within `where`, be it a button or in the menu beside it. */
export async function chooseIn(where: Locator, language: Language, action: string): Promise<void> {
  const { common } = WORDS[language];
  const verb = common.actions[action] ?? action;
  const [before, after] = common.moreActions("\u0001").split("\u0001");
  const button = where.getByRole("button", { name: verb, exact: true });
  const menu = where.getByRole("button", { name: new RegExp(`^${before}.*${after}$`) }).first();
  const wanted = entry(where.page(), verb);
  await expect(button.or(menu).first()).toBeVisible();
  // What was just done may not be on the page yet: then the menu is that of the state before, and is opened again.
  await expect(async () => {
    if (await button.count()) return;
    if (!(await wanted.count())) {
      await where.page().keyboard.press("Escape");
      await menu.click({ timeout: 1000 });
    }
    await expect(wanted.or(button).first()).toBeVisible({ timeout: 1000 });
  }).toPass();
  await ((await button.count()) ? button : wanted).click();
}

/** The same on a page that is about one resource. */
export async function choose(page: Page, language: Language, action: string): Promise<void> {
  await chooseIn(page.getByRole("main"), language, action);
}
