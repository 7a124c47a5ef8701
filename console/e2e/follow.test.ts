import { settled } from "./support/inspect";
import { good, Person } from "./support/person";
import { question, row } from "./support/steps";
import { ask, fresh, story } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const words = WORDS.en;
const { common, notices, subscription } = words;

// A21 A22 A24
test("an API and an app are followed from their pages, and the list of followers is who follows now", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const { page } = await visit(told.consumer);
  for (const [path, name] of [
    [`/apis/${told.api}`, told.apiName],
    [`/apps/${told.app}`, told.appName],
  ] as const) {
    await page.goto(path);
    const main = page.getByRole("main");
    await main.getByRole("button", { name: `${common.actions.follow} ${name}` }).click();
    const leave = main.getByRole("button", { name: `${common.actions.unfollow} ${name}` });
    await expect(leave).toBeVisible();
    await main.getByRole("link", { name: "Followers" }).click();
    const list = page.getByRole("list", { name: common.followersList.title });
    await expect(row(list, told.consumer.name)).toBeVisible();
    await page.reload();
    await expect(row(list, told.consumer.name)).toBeVisible();
    await leave.click();
    await expect(page.getByText(common.followersList.empty)).toBeVisible();
  }
});

// A25
test("Cancel on the list of followers removes that follower and nobody else", async ({ program, visit }) => {
  const told = await story(program);
  const other = await Person.register(program, fresh("reader"));
  const params = { path: { id: told.api } };
  for (const who of [told.consumer, other]) await good(who.http.PUT("/api/v1/apis/{id}/follow", { params }));
  const { page } = await visit(told.provider);
  await page.goto(`/provide/apis/${told.api}/followers`);
  const list = page.getByRole("list", { name: common.followersList.title });
  await row(list, other.name).getByRole("button").click();
  const dialog = question(page);
  await expect(dialog).toContainText(common.followersList.removeHint(other.name));
  await dialog.getByRole("button", { name: common.remove, exact: true }).click();
  await expect(page.getByText(common.followersList.removed(other.name))).toBeVisible();
  await expect(list.getByText(other.name)).toHaveCount(0);
  await expect(row(list, told.consumer.name)).toBeVisible();
  const { items } = await good(told.provider.http.GET("/api/v1/apis/{id}/followers", { params }));
  expect(items.map((one) => one.user.id)).toEqual([told.consumer.id]);
});

test("what one side writes the other reads without reloading, on the thread, the board and the dashboard", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const id = await ask(told, told.guarded);
  const { page } = await visit(told.consumer);
  const { page: other } = await visit(told.provider);
  await page.goto(`/subscriptions/${id}`);
  await other.goto(`/subscriptions/${id}`);
  const question = "How many pets will you show?";
  await other.getByLabel(subscription.reply).fill(question);
  await other.getByRole("button", { name: subscription.send }).click();
  const history = page.getByRole("region", { name: subscription.timeline });
  await expect(history).toContainText(question, { timeout: 15_000 });
  await page.getByLabel(subscription.reply).fill("Three, one after the other.");
  await page.getByRole("button", { name: subscription.send }).click();
  await expect(other.getByRole("region", { name: subscription.timeline })).toContainText("Three", { timeout: 15_000 });

  await good(told.provider.act(id, "approve", "Fine."));
  for (const path of [`/apps/${told.app}/board`, "/dashboard"]) {
    await page.goto(path);
    await settled(page);
    const main = page.getByRole("main");
    await expect(main.getByText(common.verbs["subscription.approved"] ?? "")).toBeVisible();
    await expect(main.getByText("Fine.")).toBeVisible();
  }
});

test("a notice counts until it is read, and leads to what it tells of", async ({ program, visit }) => {
  const told = await story(program);
  const id = await ask(told, told.guarded);
  const { page } = await visit(told.consumer);
  await page.goto("/notifications");
  await settled(page);
  await good(told.provider.act(id, "approve", "Fine."));
  const badge = page.getByRole("navigation", { name: words.shell.navigation }).getByText(words.shell.unread(1));
  await expect(badge).toBeAttached({ timeout: 15_000 });
  const unread = page.getByRole("list", { name: notices.unread });
  await expect(unread).toContainText(told.apiName);
  await unread.getByRole("link").first().click();
  await expect(page).toHaveURL(`${program.url}/subscriptions/${id}`);
  await page.goto("/notifications");
  await settled(page);
  await expect(badge).toHaveCount(0);
  await expect(page.getByRole("list", { name: notices.earlier })).toContainText(told.apiName);

  // The other side's notice of the request opens the right item.
  const { page: other } = await visit(told.provider);
  await other.goto("/notifications");
  await other.getByRole("list", { name: notices.unread }).getByRole("link").first().click();
  await expect(other.getByRole("main")).toContainText(told.appName);
  await expect(other).toHaveURL(/\/(inbox\?item=tsk_|subscriptions\/sub_)/);
});
