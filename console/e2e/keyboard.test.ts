import { signIn } from "./support/identity";
import { settled } from "./support/inspect";
import { pick, press, reach, type } from "./support/keys";
import { good, PASSWORD, Person } from "./support/person";
import { pill, question } from "./support/steps";
import { ask, equip, fresh, story, supply, token } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const words = WORDS.en;
const { apps, clients, common, inbox, request, shell } = words;

test("without a mouse: from signing in over an app to a request for access", async ({ program, visit }) => {
  test.setTimeout(120_000);
  const offer = await supply(program);
  const person = await Person.register(program, fresh("typist"));
  const { page } = await visit();
  await page.goto("/login");
  await expect(page.getByLabel("Username")).toBeFocused();
  await page.keyboard.type(person.username);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await settled(page);
  await press(page, page.getByRole("link", { name: words.home.quick.app.action }));
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText(apps.form.title);
  await expect(heading).toBeFocused();
  await type(page, page.getByLabel(apps.form.organizationName), fresh("Typing pool"));
  const app = fresh("Typed app");
  await type(page, page.getByLabel(apps.form.name, { exact: true }), app);
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText(app);
  await expect(heading).toBeFocused();

  // The palette finds the API by its name.
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: shell.find })).toBeFocused();
  await page.keyboard.type(offer.apiName);
  await expect(page.getByRole("option", { name: new RegExp(offer.apiName) }).first()).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText(offer.apiName);
  await expect(heading).toBeFocused();
  await press(page, page.getByRole("main").getByRole("link", { name: request.short, exact: true }).first());
  await pick(page, page.getByRole("radio", { name: offer.guarded.name }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: request.steps.where })).toBeFocused();
  await pick(page, page.getByRole("radio", { name: "production" }));
  await press(page, page.getByRole("checkbox", { name: app }), "Space");
  await press(page, page.getByRole("button", { name: common.next, exact: true }));
  await type(page, page.getByLabel(request.note), "Typed.");
  await press(page, page.getByRole("button", { name: common.next, exact: true }));
  await press(page, page.getByRole("button", { name: request.send }));
  await expect(page).toHaveURL(/\/subscriptions\/sub_/);
  await expect(pill(page, "en", "Access Requested")).toBeVisible();
});

test("without a mouse: a client, its secret, rotating and disabling it; the focus comes back from every dialog", async ({
  program,
  visit,
}) => {
  test.setTimeout(120_000);
  const told = await story(program);
  const { page } = await visit(told.consumer);
  await page.goto(`/apps/${told.app}/credentials`);
  await settled(page);
  const create = page.getByRole("button", { name: clients.create });
  await press(page, create);
  await expect(question(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(create).toBeFocused();
  await page.keyboard.press("Enter");
  await type(page, page.getByLabel(clients.new.name), "Typed client");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: common.secret.title });
  await expect(dialog).toBeVisible();
  const secret = await dialog.getByRole("code").first().innerText();
  await press(page, dialog.getByRole("checkbox", { name: common.secret.stored }), "Space");
  await press(page, dialog.getByRole("button", { name: common.close }));
  await expect(dialog).toBeHidden();
  const clientId = await page
    .getByRole("main")
    .getByText(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
    .first()
    .innerText();
  expect(await token(program, clientId, secret)).toBeTruthy();

  const more = page.getByRole("button", { name: common.moreActions("Typed client") });
  await press(page, more);
  await expect(page.getByRole("menu")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: common.actions.disable }).focus();
  await page.keyboard.press("Enter");
  await press(page, question(page).getByRole("button", { name: common.actions.disable, exact: true }));
  await expect(page.getByText(clients.banner.title)).toBeVisible();
  expect(await token(program, clientId, secret)).toBeUndefined();
});

test("the skip link leads past the navigation, and what is not allowed can be read with the keyboard", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const id = await ask(told, told.guarded);
  const { page } = await visit(told.consumer);
  await page.goto(`/subscriptions/${id}`);
  await settled(page);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: shell.skip });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  const title = words.subscription.heading(told.appName, told.apiName);
  await press(page, page.getByRole("button", { name: common.moreActions(title) }));
  const menu = page.getByRole("menu");
  await expect(menu).toBeVisible();
  const refused = menu.getByRole("menuitem", { disabled: true }).first();
  for (let step = 0; step < 8; step += 1) {
    if (await refused.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press("ArrowDown");
  }
  await expect(refused).toBeFocused();
});

test("the inbox is worked through with single keys, which can be turned off", async ({ program, visit }) => {
  const told = await story(program);
  const [first, second] = [await ask(told, told.guarded), await ask(told, told.guarded, "sandbox")];
  const { page } = await visit(told.provider);
  await page.goto("/inbox");
  await settled(page);
  await expect(page.getByRole("main").getByText(inbox.waiting(2))).toBeVisible();
  const current = () =>
    page
      .getByRole("link", { name: inbox.itemTitle(told.apiName, told.guarded.name) })
      .and(page.locator("[aria-current]"));
  await page.keyboard.press("j");
  await expect(current()).toBeFocused();
  const before = page.url();
  await page.keyboard.press("k");
  await expect(page).not.toHaveURL(before);
  await page.keyboard.press("c");
  await expect(page.getByLabel(inbox.note)).toBeFocused();
  await page.keyboard.type("ja");
  await expect(page.getByLabel(inbox.note)).toHaveValue("ja");
  await page.getByLabel(inbox.note).fill("");
  await reach(page, page.getByRole("main").getByRole("button", { name: common.actions.approve, exact: true }));
  await page.keyboard.press("a");
  await press(page, question(page).getByRole("button", { name: common.actions.approve, exact: true }));
  const states = async () =>
    (
      await Promise.all(
        [first, second].map((id) =>
          good(told.provider.http.GET("/api/v1/subscriptions/{id}", { params: { path: { id } } })),
        ),
      )
    )
      .map((one) => one.state)
      .sort();
  await expect.poll(states).toEqual(["approved", "requested"]);
  await expect(current()).toBeFocused();

  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: inbox.keys });
  await help.getByRole("checkbox", { name: inbox.keysOn }).uncheck();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  const here = page.url();
  await page.keyboard.press("j");
  await page.keyboard.press("a");
  await expect(question(page)).toHaveCount(0);
  expect(page.url()).toBe(here);
});

test("on a phone the navigation is a sheet that gives the focus back", async ({ program, visit }) => {
  const told = await story(program);
  await equip(told);
  const { page } = await visit(told.consumer, { viewport: { width: 390, height: 844 } });
  await page.goto("/apps");
  await settled(page);
  const menu = page.getByRole("button", { name: shell.menu, exact: true });
  await press(page, menu);
  const sheet = page.getByRole("dialog", { name: shell.menu });
  await expect(sheet).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
  await page.keyboard.press("Enter");
  await press(page, sheet.getByRole("link", { name: shell.clients }));
  await expect(sheet).toBeHidden();
  await expect(page.getByRole("heading", { level: 1, name: clients.title })).toBeFocused();
});

test("who signs in elsewhere with the wrong name hears it where the focus is", async ({ visit }) => {
  const { page, watch } = await visit();
  watch.expects(422);
  await page.goto("/login");
  await signIn(page, fresh("nobody"), "not a password");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("Password")).toBeFocused();
});
