import design from "../src/i18n/en/design";
import fence from "../src/i18n/en/fence";
import people from "../src/i18n/en/people";
import { settled } from "./support/inspect";
import { good, refused } from "./support/person";
import { document } from "./support/program";
import { question } from "./support/steps";
import { fresh, supply } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const { common, provide } = WORDS.en;

// C10 C16 C17 C80
test("a designer meets the fence of a profile, and an administrator lifts it for one person", async ({
  program,
  admin,
  visit,
}) => {
  test.setTimeout(120_000);
  const { provider, api, open } = await supply(program);
  const body = { name: fresh("Fenced"), subscription_plans: [open.id] };
  const profile = await good(admin.http.POST("/api/v1/profiles", { body }));
  const privilege = fence.privileges["override.subscription"] ?? "";
  const { page } = await visit(provider);
  const main = page.getByRole("main");

  await page.goto(`/provide/apis/${api}/settings`);
  await settled(page);
  await main.getByLabel(design.place.choose).selectOption(profile.id);
  await main.getByRole("button", { name: design.place.set, exact: true }).click();
  await expect(main.getByText(design.fence.acts.publish ?? "", { exact: true })).toBeVisible();
  // It is left by nobody who only designs, and the button says why.
  const leave = main.getByRole("button", { name: design.place.set, exact: true });
  await expect(leave).toHaveAttribute("aria-disabled", "true");
  await expect(main).not.toContainText("override.");

  await page.goto(`/provide/apis/${api}/plans`);
  await settled(page);
  const lifts = fence.lifts([privilege, fence.privileges["override.all"] ?? ""]);
  await expect(main.getByText(`${common.reasons.profile_subscription} ${lifts}`)).toBeVisible();
  const params = { path: { id: api } };
  const put = () => provider.http.PUT("/api/v1/apis/{id}/plans", { params, body: { plans: [open.id] } });
  expect(await refused(put())).toMatchObject({ status: 403, code: "fenced", reason: "profile_subscription" });

  const { page: office } = await visit(admin);
  await office.goto(`/org/roles?q=${provider.username}`);
  await settled(office);
  await office
    .getByRole("main")
    .getByRole("button", { name: people.give })
    .or(office.getByRole("button", { name: /Give .* a role/ }))
    .first()
    .click();
  const dialog = office.getByRole("dialog");
  await dialog.getByRole("radio", { name: new RegExp(people.privilege) }).check();
  await dialog.getByLabel(people.which, { exact: true }).selectOption("override.subscription");
  await dialog.getByLabel(people.where).selectOption(profile.id);
  await dialog.getByRole("button", { name: people.submit, exact: true }).click();
  await expect(office.getByRole("main").getByText(`${people.which}: ${privilege} · ${profile.name}`)).toBeVisible();

  await good(put());
  await page.reload();
  await settled(page);
  await expect(main.getByRole("button", { name: provide.plans.save })).toBeVisible();
});

test("going back to a revision that the profile fences off is refused before it is tried, with who may", async ({
  program,
  admin,
  visit,
}) => {
  const { provider, api, version } = await supply(program);
  const params = { path: { id: version } };
  await good(provider.http.PATCH("/api/v1/versions/{id}", { params, body: { security: [{ scheme: "basic" }] } }));
  await good(provider.http.PATCH("/api/v1/versions/{id}", { params, body: { forward_everything: true } }));
  const security = { specify_defaults: false, allow_override: false, allow_override_per_operation: true };
  const profile = await good(admin.http.POST("/api/v1/profiles", { body: { name: fresh("Safe"), security } }));
  await good(
    provider.http.PATCH("/api/v1/apis/{id}", { params: { path: { id: api } }, body: { profile: profile.id } }),
  );
  const { page, watch } = await visit(provider);
  watch.expects(400);
  await page.goto(`/provide/apis/${api}/definition`);
  await settled(page);
  const { revisions } = WORDS.en.versions;
  const dialog = question(page);
  const { unpublish, notPublished } = provide.definition;
  await page.getByRole("button", { name: `${unpublish}: Sandbox` }).click();
  await dialog.getByRole("button", { name: unpublish, exact: true }).click();
  await expect(page.getByRole("main").getByText(notPublished)).toBeVisible();
  await page.getByRole("button", { name: `${revisions.rollback}: ${revisions.one(1)}` }).click();
  const back = dialog.getByRole("button", { name: revisions.rollback, exact: true });
  await expect(back).toHaveAttribute("aria-disabled", "true");
  const lifts = fence.lifts([fence.privileges["override.security"] ?? "", fence.privileges["override.all"] ?? ""]);
  await expect(dialog).toContainText(`${common.reasons.profile_security} ${lifts}`);
  await dialog.getByRole("button", { name: common.cancel }).click();
  await page.getByRole("button", { name: revisions.replace, exact: true }).click();
  await dialog.getByLabel(provide.made.paste).fill("openapi: [3.1.0");
  const said = dialog.getByRole("alert");
  await expect(said).toContainText("Line 1");
  await expect(said).not.toContainText("unreadable");
  expect((await said.innerText()).match(/Line 1/g)).toHaveLength(1);
});

// C18 C20
test("an administrator writes in a profile what new versions begin with, and a new version begins with it", async ({
  program,
  admin,
  visit,
}) => {
  const { provider, organization } = await supply(program);
  const { page } = await visit(admin);
  const { profiles } = design;
  const { modification } = WORDS.en.versions;
  const name = fresh("Template");
  await page.goto("/provide/profiles?item=new");
  await settled(page);
  const form = page.getByRole("form", { name: profiles.create });
  await form.getByLabel(profiles.name, { exact: true }).fill(name);
  const rules = form.getByRole("group", { name: profiles.requestmod, exact: true });
  await rules.getByLabel(profiles.specifyDefaults).check();
  await rules.getByRole("button", { name: modification.another }).click();
  await rules.getByLabel(modification.name, { exact: true }).fill("X-Team");
  await rules.getByLabel(modification.value, { exact: true }).fill("payments");
  const security = form.getByRole("group", { name: profiles.security, exact: true });
  await security.getByLabel(profiles.specifyDefaults).check();
  await security.getByLabel(provide.definition.apiKey, { exact: true }).uncheck();
  await security.getByLabel(provide.definition.basic, { exact: true }).check();
  await form.getByRole("button", { name: profiles.submit }).click();
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();

  const id = new URL(page.url()).searchParams.get("item");
  const body = { organization, name: fresh("Templated"), profile: id };
  const api = await good(provider.http.POST("/api/v1/apis", { body }));
  const path = `/api/v1/apis/${api.id}/versions?name=v1`;
  const made = await provider.raw("POST", path, "application/octet-stream", document("petstore").text);
  const params = { path: { id: (made as { id: string }).id } };
  const version = await good(provider.http.GET("/api/v1/versions/{id}", { params }));
  expect(version.security).toEqual([{ scheme: "basic" }]);
  expect(version.request_modification?.headers.set).toEqual([{ name: "X-Team", value: "payments" }]);
});

// C31
test("a provider writes a page, tags an API and puts it into a group; a reader finds it by all three", async ({
  program,
  visit,
}) => {
  test.setTimeout(120_000);
  const { provider, api, apiName } = await supply(program);
  const { page } = await visit(provider);
  const main = page.getByRole("main");
  const tag = fresh("tag").toLowerCase();

  await page.goto(`/provide/apis/${api}/docs?item=new`);
  await settled(page);
  await main.getByLabel(design.writing.name, { exact: true }).fill("First steps");
  await main
    .getByLabel(design.writing.text, { exact: true })
    .or(main.locator("textarea[name=text]"))
    .first()
    .fill("# Hello\n\n<script>alert(1)</script>\n\nSend a **key**.");
  await main.getByRole("button", { name: design.writing.preview }).click();
  await expect(main.getByRole("region", { name: design.writing.preview }).getByText("key")).toBeVisible();
  await main.getByRole("button", { name: design.writing.submit }).click();
  await expect(main.getByRole("link", { name: "First steps" })).toBeVisible();

  await page.goto(`/provide/apis/${api}/settings`);
  await settled(page);
  await main.getByRole("textbox", { name: new RegExp(`^${design.place.tags}`) }).fill(tag);
  await main.getByRole("button", { name: design.place.save }).click();
  await expect(page.getByText(design.place.saved)).toBeVisible();

  const group = fresh("Group");
  await page.goto("/provide/groups?item=new");
  await settled(page);
  const making = page.getByRole("region", { name: design.groups.create });
  await making.getByLabel(design.groups.name, { exact: true }).fill(group);
  await making.getByRole("button", { name: design.groups.submit }).click();
  const panel = page.getByRole("region", { name: group });
  await panel.getByRole("button", { name: design.groups.add, exact: true }).click();
  await expect(panel.getByRole("link", { name: apiName })).toBeVisible();

  await page.goto(`/catalog?tag=${tag}`);
  await settled(page);
  await expect(main.getByRole("heading", { level: 2, name: new RegExp(apiName) })).toBeVisible();
  await page.goto(`/apis/${api}/docs`);
  await settled(page);
  await expect(main.getByRole("heading", { name: "First steps" })).toBeVisible();
  await expect(main.getByText("<script>alert(1)</script>")).toBeVisible();
});
