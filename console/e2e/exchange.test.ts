import { readFileSync } from "node:fs";
import { story } from "./support/story";
import { expect, test, WORDS } from "./support/test";

const { clients, exchange, common } = WORDS.en;
const TERMS = readFileSync(new URL("../../demo/ceptor/terms.json", import.meta.url), "utf8");
const APPLICATION = JSON.parse(readFileSync(new URL("../../demo/ceptor/application.json", import.meta.url), "utf8"))
  .applications[0];

// C01 C09 C32
test("an administrator sees what an import would change, makes it so, and takes it out again", async ({
  admin,
  visit,
}) => {
  const { page } = await visit(admin);
  await page.goto("/org/exchange");
  const main = page.getByRole("main");
  const run = main.getByRole("button", { name: exchange.run });
  const outcome = (code: string) => main.getByText(new RegExp(`^[●○◐‖×–]\\s*${exchange.outcomes[code]}$`));
  await expect(run).toHaveAttribute("aria-disabled", "true");
  await main.getByLabel(exchange.text, { exact: true }).fill(TERMS);
  await main.getByRole("button", { name: exchange.trial }).click();
  await expect(main.getByRole("heading", { name: exchange.trialTitle })).toBeVisible();
  await expect(outcome("created")).toHaveCount(4);
  await run.click();
  await expect(main.getByRole("heading", { name: exchange.doneTitle })).toBeVisible();
  // The same again would change nothing, and is not offered.
  await main.getByRole("button", { name: exchange.trial }).click();
  await expect(outcome("unchanged")).toHaveCount(4);
  await expect(run).toHaveAttribute("aria-disabled", "true");
  // One thing that makes no sense is named with its place.
  await main.getByLabel(exchange.what).selectOption("partners");
  await main.getByLabel(exchange.text, { exact: true }).fill('{"id": "nobody", "name": "x"}');
  await main.getByRole("button", { name: exchange.trial }).click();
  await expect(main.getByText("/partners/0/id")).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    main.getByRole("button", { name: exchange.download }).click(),
  ]);
  const taken = JSON.parse(readFileSync(await file.path(), "utf8"));
  expect(taken.subscription_plans.map((plan: { name: string }) => plan.name)).toContain("Free");
  expect(JSON.stringify(taken)).not.toContain("client_secret");
});

// C52 C53 C44 C45 C48
test("a developer adds a certificate from a file, and addresses and lifetimes of the client", async ({
  program,
  visit,
}) => {
  const told = await story(program);
  const made = await told.consumer.http.POST("/api/v1/clients", { body: { app: told.app, name: "Batch" } });
  const { page } = await visit(told.consumer);
  await page.goto(`/api-clients/${made.data?.id}`);
  const main = page.getByRole("main");
  await main.getByRole("button", { name: new RegExp(clients.list.label("Batch")) }).click();
  await page.getByRole("menuitem", { name: common.actions.add_certificate ?? "" }).click();
  const dialog = page.getByRole("dialog", { name: clients.certificate.title });
  await dialog.getByLabel(clients.certificate.text, { exact: true }).fill("-----BEGIN PRIVATE KEY-----\nMIIB\n");
  await dialog.getByRole("button", { name: clients.certificate.submit }).click();
  await expect(dialog.getByText(clients.certificate.faults.key)).toBeVisible();
  const pem = `-----BEGIN CERTIFICATE-----\n${APPLICATION.certificates[0].certificate}\n-----END CERTIFICATE-----\n`;
  await dialog
    .locator('input[type="file"]')
    .setInputFiles({ name: "person.pem", mimeType: "application/x-pem-file", buffer: Buffer.from(pem) });
  await dialog.getByLabel(clients.certificate.allowExpired).check();
  await dialog.getByRole("button", { name: clients.certificate.submit }).click();
  await expect(dialog).toBeHidden();
  await expect(main.getByText("C=DK,OU=Asseco,CN=Person")).toBeVisible();
  await expect(main.getByText(clients.certificate.issued("C=DK,OU=Asseco,CN=CA 1"))).toBeVisible();

  await main.getByLabel(clients.settings.uris).fill("/redir1\nhttps://shop.example/cb");
  await main.getByLabel(clients.settings.logoutUris).fill("/logoff1");
  await main.getByLabel(clients.settings.idtoken).fill("12");
  await main.getByLabel(clients.settings.grantWords.authorization_code ?? "").check();
  await main.getByRole("button", { name: common.save }).click();
  await expect(main.getByText("https://shop.example/cb", { exact: true }).first()).toBeVisible();
  await page.reload();
  await expect(main.getByLabel(clients.settings.uris)).toHaveValue("/redir1\nhttps://shop.example/cb");
  await expect(main.getByLabel(clients.settings.idtoken)).toHaveValue("12");
  await expect(main.getByLabel(clients.settings.grantWords.authorization_code ?? "")).toBeChecked();
});
