import { readFileSync } from "node:fs";
import { settled } from "./support/inspect";
import { good } from "./support/person";
import { row } from "./support/steps";
import { ask, fresh, story } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const { audit, common } = WORDS.en;

// X07
test("an OWNER finds what happened to the organization's app, with before and after, and goes on from an entry", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const renamed = fresh("Renamed app");
  const params = { path: { id: told.app } };
  await good(told.consumer.http.PATCH("/api/v1/apps/{id}", { params, body: { name: renamed } }));
  await ask(told, told.guarded);
  const { page } = await visit(told.consumer);
  await page.goto("/org/audit");
  const list = page.getByRole("list", { name: audit.entries });
  const edited = row(list, common.verbs["app.edited"] ?? "");
  await expect(edited).toContainText(renamed);
  await expect(edited).toContainText("127.0.0.1");
  await expect(edited).toContainText(audit.verified);
  await edited.getByText(audit.details).click();
  const name = edited.getByRole("row", { name: /^name/ });
  await expect(name).toContainText(told.appName);
  await expect(name).toContainText(renamed);
  await edited.getByRole("button", { name: audit.allAbout(renamed) }).click();
  await expect(page).toHaveURL(new RegExp(`id=${told.app}`));
  await page.getByLabel(audit.what).selectOption("subscription.");
  await expect(page).toHaveURL(/verb=subscription/);
  await expect(list.getByText(common.verbs["app.edited"] ?? "")).toHaveCount(0);
  await expect(row(list, common.verbs["subscription.requested"] ?? "")).toBeVisible();
  // What is looked for stands in the address.
  await page.reload();
  await settled(page);
  await expect(page.getByLabel(audit.what)).toHaveValue("subscription.");
  await page.getByRole("button", { name: audit.drop(audit.ofResource(told.app)) }).click();
  await expect(page).not.toHaveURL(/id=/);
});

// X07
test("what is gone is called as it was, and a version by its API too", async ({ program, visit }) => {
  const told = await story(program);
  await good(told.consumer.http.DELETE("/api/v1/apps/{id}", { params: { path: { id: told.app } } }));
  const { page } = await visit(told.consumer);
  await page.goto("/org/audit");
  const list = page.getByRole("list", { name: audit.entries });
  for (const verb of ["app.created", "app.deleted"]) {
    const entry = row(list, common.verbs[verb] ?? "");
    await expect(entry).toContainText(told.appName);
    // There is no page about it any more.
    await expect(entry.getByRole("link")).toHaveCount(0);
  }
  const { page: other } = await visit(told.provider);
  await other.goto("/org/audit");
  const published = row(other.getByRole("list", { name: audit.entries }), common.verbs["version.published"] ?? "");
  await expect(published.getByRole("link", { name: told.apiName })).toBeVisible();
});

// X07
test("an export has all that is shown, and somebody else's trail is not there", async ({ program, visit }) => {
  const told = await story(program);
  const { page } = await visit(told.consumer);
  await page.goto("/org/audit");
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: `${audit.export}: ${audit.jsonl}` }).click();
  const file = await (await coming).path();
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const verbs = lines.map((line) => (JSON.parse(line) as { verb: string; hash: string }).verb);
  expect(verbs).toContain("app.created");
  expect(verbs).not.toContain("api.created");
  const { page: other, watch } = await visit(told.provider);
  watch.pardons(new RegExp(`status of 422 .*/api/v1/trail\\?organization=${told.organization}&`));
  await other.goto(`/org/audit?organization=${told.organization}`);
  await expect(other.getByRole("alert")).toContainText(common.requestId);
});

// X07
test("the administrator verifies the whole trail", async ({ admin, visit }) => {
  const { page } = await visit(admin);
  await page.goto("/org/audit");
  await page.getByRole("button", { name: audit.verify }).click();
  await expect(page.getByRole("status").filter({ hasText: /Intact/ })).toBeVisible();
  await expect(page.getByRole("button", { name: common.copyThis(audit.head) })).toBeVisible();
});
