import { arrived, PAGES, signIn } from "./support/identity";
import { inspect, settled } from "./support/inspect";
import { PASSWORD, Person, refused } from "./support/person";
import { Program } from "./support/program";
import { DESKTOP, expect, type Language, MOBILE, test, WORDS } from "./support/test";

for (const language of ["en", "de"] satisfies Language[]) {
  // X09 F38
  test(`the first administrator replaces the password of the first start and founds an organization: ${language}`, async ({
    browser,
  }) => {
    // A program of its own, whose first start this is.
    const program = await Program.start();
    const context = await browser.newContext({ baseURL: program.url, locale: language === "de" ? "de-DE" : "en-GB" });
    try {
      const words = PAGES[language];
      const page = await context.newPage();
      await page.goto("/organizations");
      await signIn(page, "admin", program.firstPassword(), language);
      await arrived(page, words.setUp);
      const wrong: string[] = [];
      for (const [viewport, width] of [
        [DESKTOP, "desktop"],
        [MOBILE, "mobile"],
      ] as const) {
        await page.setViewportSize(viewport);
        wrong.push(...(await inspect(page, "setup", { language, viewport, width })));
      }
      expect(wrong).toEqual([]);
      await page.setViewportSize(DESKTOP);
      // No way around it.
      await page.goto("/apps");
      await arrived(page, words.setUp);
      await page.getByLabel(words.newPassword).fill(PASSWORD);
      await page.getByLabel(words.yourName).fill("Head of the house");
      await page.getByLabel(words.email).fill("head@example.com");
      await page.getByLabel(words.organization).fill("House");
      await page.getByRole("button", { name: words.finish }).click();
      await settled(page, language);
      await expect(page).toHaveURL(`${program.url}/`);
      await page.getByRole("link", { name: WORDS[language].shell.organizations }).click();
      await expect(page.getByRole("main").getByText("House").first()).toBeVisible();
      await expect(page.getByRole("button", { name: /Head of the house/ })).toBeVisible();
      const again = Person.signIn(program, "admin", program.firstPassword());
      await expect(again).rejects.toThrow("401");
      const { http } = await Person.signIn(program, "admin", PASSWORD);
      expect(
        (await refused(http.POST("/api/v1/me/password", { body: { old_password: "x", password: PASSWORD } }))).status,
      ).toBeGreaterThanOrEqual(400);
    } finally {
      await context.close();
      await program.end();
    }
  });
}
