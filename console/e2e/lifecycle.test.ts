import type { Page } from "@playwright/test";
import { settled } from "./support/inspect";
import { good, Person, refused } from "./support/person";
import { choose, chooseIn, entry, pill, question, requestAccess, row } from "./support/steps";
import { ask, fresh, letIn, type Story, story } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const words = WORDS.en;
const { common, subscription } = words;

// A10 A11 A15 A26 C58
test("a request made from the page of the API is on both sides before anybody decides", async ({ program, visit }) => {
  const told = await story(program);
  await ask(told, told.open, "sandbox");
  const { page } = await visit(told.consumer);
  await page.goto(`/apis/${told.api}`);
  await page.getByRole("main").getByRole("link", { name: words.api.request, exact: true }).click();
  await settled(page);
  const note = "For the shop window.";
  await requestAccess(page, "en", { plan: told.guarded.name, environment: "Production", app: told.appName, note });

  await page.goto(`/apps/${told.app}/apis`);
  const own = page.getByRole("list", { name: words.requests.access.label });
  await expect(pill(row(own, told.guarded.name), "en", "Access Requested")).toBeVisible();
  await expect(pill(row(own, told.open.name), "en", "Active")).toBeVisible();

  const { page: other } = await visit(told.provider);
  await other.goto(`/provide/apis/${told.api}/apps`);
  const waiting = other.getByRole("list", { name: words.provide.apps.title });
  await expect(pill(row(waiting, told.guarded.name), "en", "Access Requested")).toBeVisible();
  await expect(row(waiting, told.guarded.name)).toContainText(note);
});

// A20 A41
test("on API > Apps requests are approved, rejected and activated where they stand", async ({ program, visit }) => {
  const told = await story(program);
  const [first, second] = [await ask(told, told.guarded), await ask(told, told.guarded, "sandbox")];
  const { page } = await visit(told.provider);
  await page.goto(`/provide/apis/${told.api}/apps`);
  const of = (environment: string) => row(page.getByRole("main"), new RegExp(environment, "i"));
  await of("production").getByRole("button", { name: common.actions.approve }).click();
  await confirm(page, "approve");
  await expect(of("production").getByText(common.waitsForActivation)).toBeVisible();
  await of("production").getByRole("button", { name: common.actions.activate }).click();
  await confirm(page, "activate");
  await expect(pill(of("production"), "en", "Active")).toBeVisible();
  await chooseIn(of("sandbox"), "en", "reject");
  const dialog = question(page);
  await dialog.getByLabel(subscription.act.reason).fill("Not without a contract.");
  await confirm(page, "reject");
  await expect(pill(of("sandbox"), "en", "Rejected")).toBeVisible();
  const states = await Promise.all([first, second].map((id) => stateOf(told.provider, id)));
  expect(states).toEqual(["active", "rejected"]);
});

/** The ways to every state that people can bring a subscription to. */
const WAYS: [string, ((told: Story, id: string) => Promise<unknown>)[]][] = [
  ["requested", []],
  ["approved", [(told, id) => good(told.provider.act(id, "approve"))]],
  ["active", [(told, id) => good(told.provider.act(id, "activate"))]],
  ["suspended by the consumer", [(told, id) => good(told.consumer.act(id, "suspend"))]],
  [
    "suspended by the provider",
    [(told, id) => good(told.consumer.act(id, "resume")), (told, id) => good(told.provider.act(id, "suspend"))],
  ],
];

// A40 A41 X08
test("in every state each side sees what it may do, and why not the rest; what is greyed out the server refuses", async ({
  program,
  visit,
}) => {
  test.setTimeout(120_000);
  const told = await story(program);
  const id = await ask(told, told.guarded);
  const sides = [told.consumer, told.provider];
  const pages = await Promise.all(sides.map(async (side) => (await visit(side)).page));
  for (const [state, way] of WAYS) {
    for (const step of way) await step(told, id);
    for (const [index, side] of sides.entries()) {
      await test.step(`${state}: ${side.username}`, () => compare(pages[index] as Page, side, id));
    }
  }
  await good(told.provider.act(id, "cancel"));
  const again = await ask(told, told.guarded);
  await good(told.provider.act(again, "reject"));
  for (const [index, side] of sides.entries()) {
    await test.step(`rejected: ${side.username}`, () => compare(pages[index] as Page, side, again));
  }
});

/** The buttons of a thread are the server's actions; every one that is not allowed says why, and is refused over HTTP. */
async function compare(page: Page, side: Person, id: string): Promise<void> {
  await page.goto(`/subscriptions/${id}`);
  await settled(page);
  const params = { path: { id } };
  const { actions } = await good(side.http.GET("/api/v1/subscriptions/{id}", { params }));
  const main = page.getByRole("main");
  const title = await page.getByRole("heading", { level: 1 }).innerText();
  await main.getByRole("button", { name: common.moreActions(title) }).click();
  for (const { action, allowed, reason } of actions) {
    const verb = common.actions[action] ?? action;
    const offer = entry(page, verb);
    const button = main.getByRole("button", { name: verb, exact: true });
    if (allowed) {
      await expect(offer.or(button)).toBeEnabled();
      continue;
    }
    await expect(offer).toBeDisabled();
    await expect(offer).toContainText(common.reasons[reason ?? ""] ?? "a reason in words");
    const params = { path: { id, action } };
    const answer = await refused(
      action === "modify"
        ? side.http.PATCH("/api/v1/subscriptions/{id}", { params: { path: { id } }, body: { plan: "pln_none" } })
        : side.http.POST("/api/v1/subscriptions/{id}/{action}", { params, body: {} }),
    );
    expect([403, 404, 409, 422]).toContain(answer.status);
  }
  await page.keyboard.press("Escape");
}

// A40
test("the app's side suspends, resumes and cancels, and has no button to decide", async ({ program, visit }) => {
  const told = await story(program);
  const id = await letIn(told);
  const { page } = await visit(told.consumer);
  await page.goto(`/apps/${told.app}/apis`);
  const own = page.getByRole("list", { name: words.requests.access.label });
  const line = row(own, told.guarded.name);
  for (const verb of ["approve", "reject", "activate"]) {
    await line.getByRole("button", { name: common.moreActions(told.apiName) }).click();
    await expect(page.getByRole("menuitem", { name: common.actions[verb], exact: true })).toHaveCount(0);
    await page.keyboard.press("Escape");
    const answer = await refused(told.consumer.act(id, verb));
    expect(answer.status).toBe(403);
  }
  await chooseIn(line, "en", "suspend");
  await confirm(page, "suspend");
  await expect(pill(line, "en", "Suspended")).toBeVisible();
  await line.getByRole("button", { name: common.actions.resume }).click();
  await expect(pill(line, "en", "Active")).toBeVisible();
  await chooseIn(line, "en", "cancel");
  await confirm(page, "cancel");
  await expect(own.getByText(told.guarded.name)).toHaveCount(0);
  expect(await stateOf(told.consumer, id)).toBe("cancelled");
});

// A46
test("other terms are chosen before they are sent, which the dialog says, and hold then", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const id = await letIn(told);
  const { page } = await visit(told.provider);
  await page.goto(`/subscriptions/${id}`);
  await choose(page, "en", "modify");
  const dialog = question(page);
  const send = dialog.getByRole("button", { name: common.actions.modify, exact: true });
  await send.click();
  await expect(dialog.getByRole("alert")).toHaveText(subscription.act.needsChange);
  expect((await lookAt(told, id)).plan.id).toBe(told.guarded.id);
  await dialog.getByRole("radio", { name: told.open.name }).check();
  await expect(dialog.getByRole("alert")).toBeHidden();
  await send.click();
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await lookAt(told, id)).plan.id).toBe(told.open.id);
});

// A20 C62
test("of two who decide at once the late one is told who was faster", async ({ program, visit }) => {
  const told = await story(program);
  const colleague = await Person.register(program, fresh("colleague"));
  const params = { path: { id: told.api, user: colleague.id } };
  await good(told.provider.http.PUT("/api/v1/apis/{id}/administrators/{user}", { params }));
  const id = await ask(told, told.guarded);
  const { page, watch } = await visit(colleague);
  watch.expects(409);
  await page.goto(`/subscriptions/${id}`);
  await choose(page, "en", "approve");
  const dialog = question(page);
  await expect(dialog.getByRole("button", { name: common.actions.approve, exact: true })).toBeVisible();
  await good(told.provider.act(id, "reject", "No."));
  await dialog.getByRole("button", { name: common.actions.approve, exact: true }).click();
  const told409 = page.getByRole("alert").filter({ hasText: subscription.act.overtaken });
  await expect(told409).toContainText(told.provider.name);
  await expect(told409).toContainText(subscription.did["subscription.rejected"] ?? "");
  const { approved, rejected } = await good(
    told.provider.http.GET("/api/v1/subscriptions/{id}", { params: { path: { id } } }),
  );
  expect([approved, rejected]).toEqual([false, true]);
});

// C59 C60 C63 C64
test("a request is an item of the inbox; the answer to it is unread until it is read, and stays with its words", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const asking = "May we show your pets?";
  const id = await ask(told, told.guarded, "production", asking);
  const { task } = await good(told.provider.http.GET("/api/v1/subscriptions/{id}", { params: { path: { id } } }));
  const { page: other } = await visit(told.provider);
  await other.goto("/inbox");
  const item = other.getByRole("link", { name: words.inbox.itemTitle(told.apiName, told.guarded.name) });
  await item.click();
  await expect(other).toHaveURL(`${program.url}/inbox?item=${task}`);
  await expect(other.getByText(asking).first()).toBeVisible();
  const answer = "Yes, with our name below.";
  await other.getByLabel(words.inbox.note).fill(answer);
  await other.getByRole("main").getByRole("button", { name: common.actions.approve, exact: true }).click();
  await expect(other.getByText(subscription.act.done.approve(told.appName, told.apiName))).toBeVisible();

  const { page } = await visit(told.consumer);
  await page.goto(`/apps/${told.app}/apis`);
  const line = row(page.getByRole("list", { name: words.requests.access.label }), told.guarded.name);
  await expect(line.getByText(common.unread)).toBeAttached();
  await expect(line).toContainText(answer);
  await line.getByRole("link", { name: told.apiName }).click();
  await expect(page.getByRole("region", { name: subscription.timeline })).toContainText(answer);
  await expect.poll(async () => (await lookAt(told, id)).unread).toBe(false);
  await page.goBack();
  await expect(line.getByText(common.unread)).toHaveCount(0);

  await good(told.provider.act(id, "activate"));
  await other.goto("/inbox?state=done");
  await other.getByRole("link", { name: words.inbox.itemTitle(told.apiName, told.guarded.name) }).click();
  await expect(other.getByRole("main")).toContainText(asking);
  await expect(other.getByRole("main")).toContainText(answer);
});

// C61 C64
test("a rejection needs words, and the requester reads them and may ask again", async ({ program, visit }) => {
  const told = await story(program);
  const id = await ask(told, told.guarded);
  const { page: other } = await visit(told.provider);
  await other.goto("/inbox");
  const main = other.getByRole("main");
  const reject = main.getByRole("button", { name: common.actions.reject, exact: true });
  await reject.click();
  await expect(main.getByText(subscription.act.needsReason)).toBeVisible();
  expect(await stateOf(told.provider, id)).toBe("requested");
  const why = "Please use the sandbox first.";
  await other.getByLabel(words.inbox.note).fill(why);
  await reject.click();
  await expect.poll(() => stateOf(told.provider, id)).toBe("rejected");

  const { page } = await visit(told.consumer);
  await page.goto(`/subscriptions/${id}`);
  await expect(page.getByRole("region", { name: subscription.timeline })).toContainText(why);
  await choose(page, "en", "resubmit");
  await confirm(page, "resubmit");
  await expect(pill(page, "en", "Access Requested")).toBeVisible();
  await other.reload();
  await expect(main.getByRole("link", { name: words.inbox.itemTitle(told.apiName, told.guarded.name) })).toBeVisible();
});

/** Confirms the dialog of an action. */
async function confirm(page: Page, action: string): Promise<void> {
  const dialog = question(page);
  await dialog.getByRole("button", { name: common.actions[action], exact: true }).click();
  await expect(dialog).toBeHidden();
}

async function lookAt(told: Story, id: string) {
  return good(told.consumer.http.GET("/api/v1/subscriptions/{id}", { params: { path: { id } } }));
}

async function stateOf(who: Person, id: string): Promise<string> {
  return (await good(who.http.GET("/api/v1/subscriptions/{id}", { params: { path: { id } } }))).state;
}
