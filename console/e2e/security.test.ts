import { Elsewhere } from "./support/elsewhere";
import { arrived, PAGES, signIn } from "./support/identity";
import { settled } from "./support/inspect";
import { good, Person, refused, SESSION_COOKIE } from "./support/person";
import { fresh } from "./support/story";
import { expect, test } from "./support/test";

const WORDS = PAGES.en;

test("the session cookie is for this host alone, out of reach of scripts, and never sent with a stranger's request", async ({
  program,
  visit,
}) => {
  const person = await Person.register(program, fresh("careful"));
  const { page } = await visit();
  await page.goto("/login");
  await signIn(page, person.username, person.password);
  await settled(page);
  const cookies = await page.context().cookies();
  const session = cookies.find((cookie) => cookie.name === SESSION_COOKIE);
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/", domain: "127.0.0.1" });
  expect(await page.evaluate(() => document.cookie)).not.toContain("wayleave");
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(stored).not.toContain(session?.value ?? "no session");
});

test("a session that somebody planted does not become that of who signs in, and signing in changes the cookie", async ({
  program,
  visit,
}) => {
  const person = await Person.register(program, fresh("planted"));
  const { page } = await visit();
  const planted = "wls_plantedplantedplantedplantedplanted";
  const { hostname: domain } = new URL(program.url);
  await page
    .context()
    .addCookies([{ name: SESSION_COOKIE, value: planted, domain, path: "/", secure: true, httpOnly: true }]);
  await page.goto("/apps");
  await arrived(page, WORDS.signIn);
  await signIn(page, person.username, person.password);
  await settled(page);
  const after = (await page.context().cookies()).find((cookie) => cookie.name === SESSION_COOKIE)?.value;
  expect(after).not.toBe(planted);
  const asPlanted = await fetch(`${program.url}/api/v1/me`, { headers: { Cookie: `${SESSION_COOKIE}=${planted}` } });
  expect(asPlanted.status).toBe(401);
});

test("a form of another page signs nobody in or out, and a script of another page writes nothing", async ({
  program,
  visit,
}) => {
  const person = await Person.register(program, fresh("attacked"));
  const body = JSON.stringify({ name: "Made by an attacker" });
  const elsewhere = await Elsewhere.serve(
    `<form method="post" action="${program.url}/logout"><button>Win a prize</button></form>`,
  );
  try {
    for (const origin of [elsewhere.neighbour, elsewhere.stranger]) {
      const { page, watch } = await visit(person);
      watch.expects(403);
      await page.goto(origin);
      await page.getByRole("button", { name: "Win a prize" }).click();
      await arrived(page, "The request came from another site");
      await page.goto(origin);
      const send = { url: `${program.url}/api/v1/organizations`, body };
      // The answer may not be read from there either.
      watch.pardons(/ERR_BLOCKED_BY_RESPONSE/);
      await page.evaluate(
        ({ url, body }) =>
          fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body }).catch(() => {}),
        send,
      );
      // Whoever was attacked is still signed in, and owns nothing new.
      await page.goto("/apps");
      await settled(page);
    }
    const { items } = await good(person.http.GET("/api/v1/organizations"));
    expect(items).toEqual([]);
  } finally {
    await elsewhere.end();
  }
});

test("a write with the cookie alone is refused", async ({ program }) => {
  const person = await Person.register(program, fresh("tokenless"));
  const headers = { "X-CSRF-Token": "0".repeat(64) };
  const body = { name: fresh("Nobody's organization") };
  const { status, code } = await refused(person.http.POST("/api/v1/organizations", { headers, body }));
  expect([status, code]).toEqual([403, "cross-site"]);
});

test("signing out ends the session in every tab and on the server", async ({ program, visit }) => {
  const person = await Person.register(program, fresh("leaving"));
  const { page, watch } = await visit();
  watch.expects(401);
  await page.goto("/login");
  await signIn(page, person.username, person.password);
  await settled(page);
  const session = (await page.context().cookies()).find((cookie) => cookie.name === SESSION_COOKIE)?.value;
  const other = await page.context().newPage();
  await other.goto("/apps");
  await settled(other);
  await page.goto("/logout");
  await page.getByRole("button", { name: WORDS.signOut }).click();
  await arrived(page, WORDS.signedOut);
  await expect(other).toHaveURL(/\/login\?return_to=%2Fapps$/, { timeout: 15_000 });
  const late = await fetch(`${program.url}/api/v1/me`, { headers: { Cookie: `${SESSION_COOKIE}=${session}` } });
  expect(late.status).toBe(401);
});

test("after signing in nobody is sent anywhere but to a page of ours", async ({ program, visit }) => {
  const person = await Person.register(program, fresh("redirected"));
  const attempts = [
    "//evil.invalid/",
    "https://evil.invalid/",
    "/\\evil.invalid",
    "/%2F/evil.invalid",
    "javascript:alert(1)",
  ];
  for (const attempt of attempts) {
    const { page } = await visit();
    await page.goto(`/login?return_to=${encodeURIComponent(attempt)}`);
    await signIn(page, person.username, person.password);
    await settled(page);
    expect(page.url()).toBe(`${program.url}/`);
  }
  const { page } = await visit();
  await page.goto("/apps?q=shop");
  await arrived(page, WORDS.signIn);
  await signIn(page, person.username, person.password);
  await expect(page).toHaveURL(`${program.url}/apps?q=shop`);
});

test("every page carries the policy, and the browser enforces it", async ({ program, browser }) => {
  const person = await Person.register(program, fresh("policed"));
  // Its own context: here the violations are the point.
  const context = await browser.newContext({ baseURL: program.url });
  try {
    const page = await context.newPage();
    const policies: string[] = [];
    for (const path of ["/login", "/signed-out", "/register"]) policies.push(await policyOf(page.goto(path)));
    await page.goto("/login");
    await signIn(page, person.username, person.password);
    await settled(page);
    for (const path of ["/", "/apps"]) policies.push(await policyOf(page.goto(path)));
    expect(new Set(policies).size).toBe(1);
    expect(policies[0]).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policies[0]).toContain("require-trusted-types-for 'script'");
    expect(policies[0]).not.toContain("unsafe");
    const stopped = await page.evaluate(() => {
      try {
        document.body.innerHTML = "<img src=x>";
        return "written";
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(stopped).toBe("TypeError");
  } finally {
    await context.close();
  }
});

async function policyOf(going: Promise<{ headers(): Record<string, string> } | null>): Promise<string> {
  return (await going)?.headers()["content-security-policy"] ?? "none";
}
