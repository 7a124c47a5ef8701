import { good } from "./support/person";
import { document } from "./support/program";
import { choose, question, row } from "./support/steps";
import { fresh, letIn, story, supply } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const { api: words, contracts, subscription, versions } = WORDS.en;

test("who asks for other terms hears what is missing, and the last day that was asked for is shown everywhere", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const id = await letIn(told);
  const year = new Date().getFullYear() + 1;
  const last = `31 Dec ${year}`;
  const { page } = await visit(told.consumer);
  const main = page.getByRole("main");
  await page.goto(`/subscriptions/${id}`);
  await choose(page, "en", "revise");
  const dialog = question(page);
  const send = dialog.getByRole("button", { name: subscription.revision.ask, exact: true });
  await send.click();
  await expect(dialog.getByRole("alert")).toHaveText(subscription.act.needsChange);
  await dialog.getByRole("radio", { name: subscription.revision.otherEnd }).check();
  await dialog.getByLabel(subscription.revision.endDay).fill(`${year}-12-31`);
  await expect(dialog.getByRole("alert")).toBeHidden();
  await send.click();
  await expect(dialog).toBeHidden();
  await expect(main.getByRole("table").getByRole("cell", { name: last, exact: true })).toBeVisible();

  const of = await good(told.consumer.http.GET("/api/v1/subscriptions/{id}", { params: { path: { id } } }));
  const revision = of.revision?.id ?? "";
  for (const action of ["approve", "activate"]) {
    const path = { id, revision, action };
    await good(
      told.provider.http.POST("/api/v1/subscriptions/{id}/revisions/{revision}/{action}", {
        params: { path },
        body: {},
      }),
    );
  }
  await page.reload();
  await expect(main.getByText(new RegExp(`^${last} · ends in`))).toBeVisible();
  const { page: office } = await visit(told.provider);
  await office.goto("/provide/contracts");
  await expect(row(office, told.appName).getByText(contracts.ends(last), { exact: true })).toBeVisible();
  const noon = new Date(year, 11, 30, 12).toISOString();
  await good(
    told.provider.http.PATCH("/api/v1/subscriptions/{id}", { params: { path: { id } }, body: { ends_at: noon } }),
  );
  await office.reload();
  await expect(row(office, told.appName).getByText(`30 Dec ${year}, 12:00:00`)).toBeVisible();
});

test("an API is called as its newest version says, and the addresses of the old one say that it ends", async ({
  program,
  visit,
}) => {
  const { provider, api, version, destination } = await supply(program);
  const path = `/api/v1/apis/${api}/versions?name=v2`;
  const made = await provider.raw("POST", path, "application/octet-stream", document("petstore").text);
  const next = (made as { id: string }).id;
  await good(
    provider.http.PUT("/api/v1/versions/{id}/publications/{environment}", {
      params: { path: { id: next, environment: "production" } },
      body: { destination },
    }),
  );
  const sunset = new Date(Date.now() + 90 * 86_400_000).toISOString();
  await good(
    provider.http.POST("/api/v1/versions/{id}/deprecate", {
      params: { path: { id: version } },
      body: { sunset_at: sunset, successor: next, note: fresh("Moved") },
    }),
  );
  const { page } = await visit(provider);
  await page.goto(`/apis/${api}`);
  const main = page.getByRole("main");
  await expect(main.getByText(words.securityHint("v2"))).toBeVisible();
  const deprecated = new RegExp(versions.states.deprecated ?? "");
  const places = main.getByRole("list", { name: words.addresses }).getByRole("listitem");
  await expect(places.filter({ hasText: /^Productionv2/ })).not.toContainText(deprecated);
  await expect(places.filter({ hasText: /^Productionv1/ })).toContainText(deprecated);
});
