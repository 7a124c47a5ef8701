import { type BrowserContextOptions, test as base, expect, type Page } from "@playwright/test";
import { de, en } from "../../src/i18n/all";
import { good, PASSWORD, Person, SESSION_COOKIE } from "./person";
import { Program } from "./program";
import { said } from "./story";
import { Watch } from "./watch";

export { expect };

export type Language = "en" | "de";
export const WORDS: Record<Language, typeof en> = { en, de };
export const DESKTOP = { width: 1360, height: 860 };
export const MOBILE = { width: 390, height: 844 };

export type Look = {
  language?: Language;
  theme?: "light" | "dark";
  viewport?: { width: number; height: number };
} & Pick<BrowserContextOptions, "reducedMotion" | "forcedColors" | "javaScriptEnabled">;

/** A browser of its own with one page, as somebody or as nobody. */
export type Visitor = { page: Page; watch: Watch };

type Tests = {
  /** Opens a browser context for a person (or for nobody); whatever its pages complain about fails the test. */
  visit: (who?: Person, look?: Look) => Promise<Visitor>;
};
type Workers = {
  /** One real server for each worker; tests share it and each makes its own people. */
  program: Program;
  /** The first administrator, set up. */
  admin: Person;
};

export const test = base.extend<Tests, Workers>({
  program: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
    async ({}, use) => {
      const program = await Program.start();
      try {
        await use(program);
      } finally {
        await program.end();
      }
    },
    { scope: "worker", timeout: 60_000 },
  ],
  admin: [
    async ({ program }, use) => {
      const first = await Person.signIn(program, "admin", program.firstPassword());
      await good(
        first.http.POST("/api/v1/me/password", { body: { old_password: first.password, password: PASSWORD } }),
      );
      const admin = await Person.signIn(program, "admin", PASSWORD);
      await good(admin.http.PATCH("/api/v1/me", { body: { display_name: said("Head of the house") } }));
      await use(admin);
    },
    { scope: "worker" },
  ],
  visit: async ({ browser, program }, use) => {
    const visitors: Visitor[] = [];
    await use(async (who, look = {}) => {
      const { language = "en", theme = "light", viewport = DESKTOP, ...rest } = look;
      const context = await browser.newContext({
        ...rest,
        baseURL: program.url,
        colorScheme: theme,
        locale: language === "de" ? "de-DE" : "en-GB",
        viewport,
        permissions: ["clipboard-write"],
      });
      if (who) await context.addCookies([cookieOf(who)]);
      const page = await context.newPage();
      const visitor = { page, watch: await Watch.over(page) };
      visitors.push(visitor);
      return visitor;
    });
    const complaints = visitors.flatMap((visitor) => visitor.watch.all());
    await Promise.all(visitors.map((visitor) => visitor.page.context().close()));
    expect(complaints, "what pages complained about").toEqual([]);
  },
});

function cookieOf(who: Person) {
  const { hostname } = new URL(who.program.url);
  const flags = { httpOnly: true, secure: true, sameSite: "Lax" as const };
  return { name: SESSION_COOKIE, value: who.cookie, domain: hostname, path: "/", ...flags };
}
