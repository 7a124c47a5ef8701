import { settled } from "./support/inspect";
import { good } from "./support/person";
import { ask, story } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const { en, de } = WORDS;

// F38
test("switching the language keeps the page, its address and what is typed, and is there at the next visit", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const id = await ask(told, told.guarded);
  const { page } = await visit(told.consumer);
  await page.goto(`/subscriptions/${id}?keep=this`);
  await settled(page);
  const address = page.url();
  await page.getByLabel(en.subscription.reply).fill("Half a sentence");
  await page.getByRole("button", { name: new RegExp(`^${en.shell.language}`) }).click();
  await page.getByRole("menuitem", { name: "Deutsch" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByRole("heading", { name: de.subscription.timeline })).toBeVisible();
  await expect(page.getByLabel(de.subscription.reply)).toHaveValue("Half a sentence");
  expect(page.url()).toBe(address);
  await page.reload();
  await settled(page, "de");
  await expect(page.getByRole("heading", { name: de.subscription.timeline })).toBeVisible();
});

// F38
test("the language of the profile goes before that of the browser, on every device", async ({ program, visit }) => {
  const told = await story(program);
  await good(told.consumer.http.PATCH("/api/v1/me", { body: { language: "de" } }));
  const { page } = await visit(told.consumer, { language: "en" });
  await page.goto("/apps");
  await settled(page, "de");
  await expect(page.getByRole("heading", { level: 1, name: de.apps.title })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
});

test("theme and density are kept, and are there before the first paint", async ({ program, visit }) => {
  const told = await story(program);
  const { page } = await visit(told.consumer, { theme: "light" });
  await page.goto("/apps");
  await settled(page);
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();
  const theme = page.getByRole("button", { name: new RegExp(`^${en.shell.theme}`) });
  await theme.click();
  await page.getByRole("menuitem", { name: en.shell.themes.dark }).click();
  await expect.poll(paper).not.toBe(light);
  await theme.click();
  await page.getByRole("menuitem", { name: en.shell.densities.compact }).click();
  await page.reload();
  const root = page.locator("html");
  await expect(root).toHaveAttribute("data-theme", "dark");
  await expect(root).toHaveAttribute("data-density", "compact");
  expect(await paper()).not.toBe(light);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});
