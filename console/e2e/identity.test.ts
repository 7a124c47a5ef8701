import type { Page } from "@playwright/test";
import { arrived, PAGES, signIn } from "./support/identity";
import { inspect, settled, type View } from "./support/inspect";
import { Person } from "./support/person";
import { fresh } from "./support/story";
import { DESKTOP, expect, MOBILE, test } from "./support/test";

const VIEWS: View[] = (["en", "de"] as const).flatMap((language) => [
  { language, viewport: DESKTOP, width: "desktop" },
  { language, viewport: MOBILE, width: "mobile" },
]);

for (const view of VIEWS) {
  const words = PAGES[view.language];

  // F38
  test(`the pages of signing in are accessible, fit and speak their language: ${view.language}, ${view.width}`, async ({
    program,
    visit,
  }) => {
    const person = await Person.register(program, fresh("visitor"));
    const { page, watch } = await visit(undefined, { ...view, reducedMotion: "reduce" });
    for (const status of [404, 422]) watch.expects(status);
    const wrong: string[] = [];
    const look = async (name: string, title: string) => {
      await arrived(page, title);
      wrong.push(...(await inspect(page, name, view)).map((fault) => `${name}: ${fault}`));
    };
    await page.goto("/login");
    await look("login", words.signIn);
    await signIn(page, person.username, "not my password", view.language);
    await expect(page.getByRole("alert")).toHaveText(words.wrong);
    await look("login-wrong", words.signIn);
    await page.goto("/register");
    await look("register", words.register);
    await sendEmpty(page, words.register);
    await look("register-wrong", words.register);
    await page.goto("/problems/nothing");
    await look("error", words.nothing);
    await page.goto("/login");
    await signIn(page, person.username, person.password, view.language);
    await settled(page, view.language);
    await page.goto("/logout");
    await look("logout", words.signOut);
    await page.getByRole("button", { name: words.signOut }).click();
    await look("signed-out", words.signedOut);
    expect(wrong).toEqual([]);
  });
}

/** Sends what the browser would let through and the server does not. */
async function sendEmpty(page: Page, button: string): Promise<void> {
  for (const field of await page.getByRole("textbox").all()) await field.fill("x@y");
  await page.locator("input[type=password]").fill("short");
  await page.getByRole("button", { name: button }).click();
  await expect(page.getByRole("alert")).toBeVisible();
}

test("registering and signing in need no script", async ({ program, visit }) => {
  const { page, watch } = await visit(undefined, { javaScriptEnabled: false });
  // What a browser without scripts says of the console's scripts.
  watch.pardons(/^GET .*\/assets\/.*\.js: csp$/);
  const words = PAGES.en;
  const username = fresh("scriptless");
  await page.goto("/login");
  await page.getByRole("link", { name: words.register }).click();
  await page.getByLabel(words.yourName).fill("Scriptless");
  await page.getByLabel(words.email).fill(`${username}@example.com`);
  await page.getByLabel(words.username).fill(username);
  await page.getByLabel(words.password).fill("correct horse battery");
  await page.getByRole("button", { name: words.register }).click();
  await expect(page).toHaveURL(`${program.url}/`);
  await page.goto("/logout");
  await page.getByRole("button", { name: words.signOut }).click();
  await page.goto("/login");
  await signIn(page, username, "correct horse battery");
  await expect(page).toHaveURL(`${program.url}/`);
});

// F38
test("the language is chosen on the page before signing in, and the console keeps it", async ({ program, visit }) => {
  const person = await Person.register(program, fresh("german"));
  const { page } = await visit();
  await page.goto("/login?return_to=%2Fapps");
  await page.getByRole("link", { name: "Deutsch" }).click();
  await arrived(page, PAGES.de.signIn);
  await signIn(page, person.username, person.password, "de");
  await settled(page, "de");
  await expect(page).toHaveURL(`${program.url}/apps`);
  await expect(page.getByRole("navigation", { name: "Hauptnavigation" })).toBeVisible();
});
