import { settled } from "./support/inspect";
import { entry, keepSecret, question, row } from "./support/steps";
import { story } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const { common, webhooks, mail } = WORDS.en;
/** A name of this machine: nothing is sent there, which is what the list then shows. */
const NOWHERE = "https://localhost:1/hooks";

// X06
test("a webhook shows its secret once, tells why a delivery fails, and goes with all that belongs to it", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const { page, watch } = await visit(told.provider);
  watch.expects(422);
  await page.goto("/org/webhooks");
  await page.getByRole("button", { name: webhooks.add }).click();
  const dialog = question(page);
  await dialog.getByLabel(webhooks.url).fill("https://10.0.0.1/");
  await dialog.getByLabel(webhooks.description).fill("Night shift");
  await dialog.getByRole("button", { name: webhooks.add }).click();
  await expect(dialog.getByText(/not public/)).toBeVisible();
  await dialog.getByLabel(webhooks.url).fill(NOWHERE);
  await dialog.getByRole("button", { name: webhooks.add }).click();
  const secret = await keepSecret(page, "en", webhooks.secret);
  expect(secret).toMatch(/^whsec_/);
  await page.getByRole("link", { name: "Night shift" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Night shift" })).toBeVisible();
  await settled(page);
  expect(await page.content()).not.toContain(secret);

  await page.getByRole("button", { name: common.actions.test }).click();
  const delivery = row(page, webhooks.test);
  await expect(delivery).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(delivery.getByText(webhooks.noAnswer)).toBeVisible({ timeout: 1000 });
  }).toPass();
  await delivery.getByRole("link").click();
  await expect(page.getByText(/no address that is public/)).toBeVisible();
  await expect(page.getByText('"type": "webhook.test"')).toBeVisible();

  await page.getByRole("button", { name: common.moreActions("Night shift") }).click();
  await entry(page, common.actions.disable ?? "").click();
  await question(page).getByRole("button", { name: common.actions.disable, exact: true }).click();
  await expect(page.getByRole("button", { name: common.actions.enable })).toBeVisible();
  await page.getByRole("button", { name: common.moreActions("Night shift") }).click();
  await entry(page, common.actions.delete ?? "").click();
  await question(page).getByRole("button", { name: common.actions.delete, exact: true }).click();
  await expect(page).toHaveURL(/\/org\/webhooks$/);
  await expect(page.getByText(webhooks.empty)).toBeVisible();
});

// A52
test("what comes by mail is chosen in both languages and kept", async ({ program, visit }) => {
  const told = await story(program);
  for (const language of ["en", "de"] as const) {
    const { page } = await visit(told.consumer, { language });
    const words = WORDS[language];
    await page.goto("/me/notifications");
    await page.getByRole("radio", { name: words.mail.modes.daily }).check();
    const news = page.getByRole("checkbox", { name: words.mail.topics.news });
    await news.setChecked(language === "de");
    await page.getByRole("button", { name: words.common.save }).click();
    await expect(page.getByRole("heading", { name: words.mail.saved, exact: true })).toBeVisible();
    await page.reload();
    await expect(news).toBeChecked({ checked: language === "de" });
    await expect(page.getByRole("radio", { name: words.mail.modes.daily })).toBeChecked();
  }
});

test("a site administrator sees that mail is not set up, and what to do", async ({ admin, visit }) => {
  const { page } = await visit(admin);
  await page.goto("/org/mail");
  await expect(page.getByText(mail.off).first()).toBeVisible();
  await expect(page.getByText(/smtp_host/)).toBeVisible();
});
