import type { Page } from "@playwright/test";
import { inspect, settled, type View } from "./support/inspect";
import { chooseIn, makeClient, question } from "./support/steps";
import { ask, equip, story } from "./support/story";
import { DESKTOP, expect, MOBILE, test, type Visitor, WORDS } from "./support/test";

const VIEWS: View[] = [
  { language: "en", viewport: DESKTOP, width: "desktop" },
  { language: "de", viewport: MOBILE, width: "mobile" },
];

/** Looks at one moment of a page; what is wrong with it is told with its name. */
function looker(page: Page, view: View) {
  const wrong: string[] = [];
  const look = async (name: string) => {
    wrong.push(...(await inspect(page, `state-${name}`, view)).map((fault) => `${name}: ${fault}`));
  };
  return { wrong, look };
}

for (const view of VIEWS) {
  const { language, width } = view;
  const words = WORDS[language];
  const { common, shell } = words;

  test(`with a menu, a dialog, a message, a fault or the palette open it is accessible, too: ${language}, ${width}`, async ({
    program,
    visit,
  }) => {
    test.setTimeout(120_000);
    const told = await story(program);
    await ask(told, told.guarded);
    const client = await equip(told);
    const { page, watch }: Visitor = await visit(told.consumer, { ...view, reducedMotion: "reduce" });
    watch.expects(422);
    const { wrong, look } = looker(page, view);

    await page.goto(`/apps/${told.app}/apis`);
    await settled(page, language);
    const main = page.getByRole("main");
    const [before, after] = common.moreActions("\u0001").split("\u0001");
    await main
      .getByRole("button", { name: new RegExp(`^${before}.*${after}$`) })
      .first()
      .click();
    await expect(page.getByRole("menu")).toBeVisible();
    await look("menu");
    await page.keyboard.press("Escape");
    await chooseIn(main, language, "cancel");
    await expect(question(page, language)).toBeVisible();
    await look("consequence");
    await question(page, language).getByRole("button", { name: common.actions.cancel, exact: true }).click();
    await expect(page.getByRole("region", { name: shell.notifications }).getByRole("dialog")).toBeVisible();
    await look("message");

    await page.goto("/apps/new");
    await settled(page, language);
    await page.getByLabel(words.apps.form.name, { exact: true }).fill(" ");
    await page.getByRole("button", { name: words.apps.form.submit }).click();
    await expect(page.getByRole("textbox", { name: words.apps.form.name })).toHaveAttribute("aria-invalid", "true");
    await look("fault");

    await page.goto(`/apps/${told.app}/credentials`);
    await settled(page, language);
    await makeClient(page, language, "Shown once");
    const secret = page.getByRole("dialog", { name: common.secret.title });
    await expect(secret).toBeVisible();
    await look("secret");
    await secret.getByRole("checkbox", { name: common.secret.stored }).check();
    await secret.getByRole("button", { name: common.close }).click();
    await expect(secret).toBeHidden();

    await page.goto(`/api-clients/${client.id}`);
    await settled(page, language);
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("combobox", { name: shell.find })).toBeFocused();
    await look("palette");
    await page.keyboard.press("Escape");
    if (width === "mobile") {
      await page.getByRole("button", { name: shell.menu, exact: true }).click();
      await expect(page.getByRole("dialog", { name: shell.menu })).toBeVisible();
      await look("sheet");
    } else {
      await page.getByRole("button", { name: new RegExp(`^${shell.account}`) }).click();
      await look("account");
    }
    expect(wrong).toEqual([]);
  });
}

test("with forced colours every control keeps its edge, and with reduced motion nothing moves", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  await ask(told, told.guarded);
  const { page } = await visit(told.consumer, { forcedColors: "active", reducedMotion: "reduce" });
  for (const path of ["/", `/apps/${told.app}/apis`, "/apps/new"]) {
    await page.goto(path);
    await settled(page);
    const bare = await page
      .getByRole("main")
      .getByRole("button")
      .evaluateAll((buttons) =>
        buttons
          .filter((button) => getComputedStyle(button).borderStyle === "none" && !button.querySelector("svg"))
          .map((button) => button.textContent),
      );
    expect(bare, `buttons without an edge at ${path}`).toEqual([]);
    const moving = await page.evaluate(
      () => document.getAnimations().filter((one) => Number(one.effect?.getComputedTiming().duration ?? 0) > 50).length,
    );
    expect(moving, `movement at ${path}`).toBe(0);
  }
  // The state of a subscription is a word, whatever becomes of colours.
  await page.goto(`/apps/${told.app}/apis`);
  await expect(page.getByText(WORDS.en.common.status["Access Requested"] ?? "").first()).toBeVisible();
});
