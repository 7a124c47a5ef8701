import { arrived, PAGES, type signIn } from "./support/identity";
import { settled } from "./support/inspect";
import { PASSWORD } from "./support/person";
import { choose, keepSecret, makeApp, makeClient, pill, question, requestAccess, row } from "./support/steps";
import { call, fresh, supply, token } from "./support/story";
import { expect, type Language, test, WORDS } from "./support/test";

for (const language of ["en", "de"] satisfies Language[]) {
  // X09 F18 F22 F38
  test(`somebody new comes from registering to the first call, and the contract is kept at every turn: ${language}`, async ({
    program,
    visit,
  }) => {
    test.setTimeout(120_000);
    const words = WORDS[language];
    const { quick } = words.home;
    const offer = await supply(program);
    const { page } = await visit(undefined, { language });
    const step = (title: string) => page.getByRole("heading", { level: 3, name: title });
    const ticked = (title: string) => expect(step(title)).toHaveText(`${title} (${quick.done})`, { timeout: 20_000 });

    await page.goto("/");
    await arrived(page, PAGES[language].signIn);
    await register(page, language);
    await settled(page, language);
    await page.getByRole("link", { name: quick.app.action }).click();
    const app = fresh("Window shop");
    await makeApp(page, language, app, fresh("Window shops"));

    await page.getByRole("link", { name: words.shell.home, exact: true }).click();
    await ticked(quick.app.title);
    await page.getByRole("link", { name: quick.access.action }).click();
    await page.getByRole("searchbox").fill(offer.apiName);
    await expect(page).toHaveURL(/[?]q=/);
    await page.getByRole("main").getByRole("link", { name: offer.apiName, exact: true }).click();
    await page.getByRole("button", { name: `${words.common.actions.follow} ${offer.apiName}` }).click();
    await expect(page.getByRole("button", { name: `${words.common.actions.unfollow} ${offer.apiName}` })).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: words.api.request, exact: true }).click();
    const wish = { plan: offer.guarded.name, environment: "Production", app, note: "We sell pets." };
    await requestAccess(page, language, wish);
    await expect(pill(page, language, "Access Requested")).toBeVisible();

    // The API's administrator, in another browser.
    const { page: other } = await visit(offer.provider, { language });
    await other.goto("/inbox");
    await expect(other.getByText(wish.note).first()).toBeVisible();
    await other.getByRole("button", { name: words.common.actions.approve, exact: true }).click();
    await expect(page.getByText(words.common.waitsForActivation)).toBeVisible({ timeout: 15_000 });

    await page.getByRole("link", { name: words.shell.home, exact: true }).click();
    await page.getByRole("link", { name: quick.client.action }).first().click();
    await makeClient(page, language, fresh("Night run"));
    const secret = await keepSecret(page, language);
    await page.getByRole("link", { name: words.shell.home, exact: true }).click();
    await ticked(quick.client.title);
    const clientId = await page
      .getByRole("main")
      .getByText(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
      .first()
      .innerText();
    const bearer = async () => ({ Authorization: `Bearer ${await token(program, clientId, secret)}` });
    const credential = await bearer();
    await ticked(quick.token.title);

    // Approved is not active: the call is refused, and the page says why.
    expect(await call(offer, program, credential)).toMatchObject({ status: 403, code: "subscription-pending" });
    await other.getByRole("button", { name: words.common.actions.activate, exact: true }).click();
    await ticked(quick.access.title);
    expect(await call(offer, program, credential)).toMatchObject({ status: 200 });
    await ticked(quick.call.title);
    const why = page.getByRole("region", { name: words.explain.title });
    await expect(why.getByText(words.explain.done.title)).toBeVisible();

    await expect.poll(async () => (await call(offer, program, credential)).code).toBe("limit-exceeded");

    // Suspend, resume, cancel: each holds for the very next call.
    const thread = words.subscription.heading(app, offer.apiName);
    await other.goto(`/provide/apis/${offer.api}/apps`);
    await row(other.getByRole("main"), app).getByRole("link", { name: app }).first().click();
    await expect(other.getByRole("heading", { level: 1, name: thread })).toBeVisible();
    for (const [action, code] of [
      ["suspend", "subscription-suspended"],
      ["resume", undefined],
      ["cancel", "subscription-ended"],
    ] as const) {
      await choose(other, language, action);
      const dialog = question(other, language);
      const { act } = words.subscription;
      await dialog.getByRole("button", { name: words.common.actions[action], exact: true }).click();
      await expect(other.getByText(act.done[action](app, offer.apiName))).toBeVisible();
      await expect.poll(async () => (await call(offer, program, credential)).code).toBe(code);
    }
    await page.goto("/connections");
    await settled(page, language);
    await expect(page.getByText(offer.guarded.name)).toHaveCount(0);
  });
}

async function register(page: Parameters<typeof signIn>[0], language: Language): Promise<void> {
  const labels = PAGES[language];
  const username = fresh(`walker-${language}`);
  await page.getByRole("link", { name: labels.register }).click();
  await page.getByLabel(labels.yourName).fill(username);
  await page.getByLabel(labels.email).fill(`${username}@example.com`);
  await page.getByLabel(labels.username).fill(username);
  await page.getByLabel(labels.password).fill(PASSWORD);
  await page.getByRole("button", { name: labels.register }).click();
}
