// Measures how fast the console is on this machine, for the record: nothing here passes or fails. It starts a demo of its own
// (the binary of WAYLEAVE_BIN, by default the release build) and ends it.
//
//   node scripts/measure.mjs
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "@playwright/test";

const ROUNDS = 5;
const ROOT = resolve(import.meta.dirname, "../..");
const BINARY = resolve(process.env.WAYLEAVE_BIN ?? join(ROOT, "target/release/wayleave"));
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** A demo that has been seeded, and how to end it. */
async function demo() {
  if (!existsSync(BINARY)) throw new Error(`there is no ${BINARY}: build it, or name another in WAYLEAVE_BIN`);
  const folder = mkdtempSync(join(tmpdir(), "wayleave-measure-"));
  const [listen, gateway, operations] = [await freePort(), await freePort(), await freePort()];
  const settings = {
    WAYLEAVE_LISTEN: `127.0.0.1:${listen}`,
    WAYLEAVE_GATEWAY_LISTEN: `127.0.0.1:${gateway}`,
    WAYLEAVE_OPERATIONS_LISTEN: `127.0.0.1:${operations}`,
    WAYLEAVE_DATA: join(folder, "demo"),
    WAYLEAVE_LOG: "error",
  };
  const own = Object.entries(process.env).filter(
    ([name]) => name === "WAYLEAVE_CONSOLE" || !name.startsWith("WAYLEAVE_"),
  );
  const env = { ...Object.fromEntries(own), ...settings };
  const child = spawn(BINARY, ["demo"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => child.once("exit", done));
  const end = async () => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const running = new Promise((done, fail) => {
    child.stdout.on("data", (text) => String(text).includes("The demo is running") && done());
    void ended.then(() => fail(new Error("the demo has ended")));
  });
  await running;
  const logins = readFileSync(join(folder, "demo/first-login.txt"), "utf8");
  const password = logins.match(/^consumer (\S+)/m)[1];
  return { url: `http://127.0.0.1:${listen}`, password, end };
}

async function visit(browser, { url, password }) {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1360, height: 860 } });
  const answer = await context.request.post("/api/v1/session", { data: { username: "consumer", password } });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`);
  return { context, page: await context.newPage() };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Largest contentful paint in milliseconds and layout shift of the page that has just been loaded. */
async function paint(page) {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
  return page.evaluate(
    () =>
      new Promise((done) => {
        const seen = { lcp: 0, cls: 0 };
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) seen.lcp = Math.max(seen.lcp, entry.startTime);
        }).observe({ type: "largest-contentful-paint", buffered: true });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.cls += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => done(seen), 100);
      }),
  );
}

async function slowed(page, rate) {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send("Emulation.setCPUThrottlingRate", { rate });
}

/** Cold and warm paint of a path, median of all rounds. */
async function paints(browser, server, path, rate = 1) {
  const [cold, warm, shift] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { context, page } = await visit(browser, server);
    await slowed(page, rate);
    await page.goto(path);
    const first = await paint(page);
    await page.goto(path);
    const second = await paint(page);
    cold.push(first.lcp);
    warm.push(second.lcp);
    shift.push(first.cls);
    await context.close();
  }
  return { cold: median(cold), warm: median(warm), shift: median(shift) };
}

/** What comes over the wire at the first visit, by kind. */
async function bytes(browser, server, path) {
  const { context, page } = await visit(browser, server);
  const protocol = await context.newCDPSession(page);
  await protocol.send("Network.enable");
  const kinds = new Map();
  const sums = new Map();
  protocol.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  protocol.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? "Other";
    const { count, size } = sums.get(kind) ?? { count: 0, size: 0 };
    sums.set(kind, { count: count + 1, size: size + encodedDataLength });
  });
  await page.goto(path);
  await page.waitForLoadState("networkidle");
  await context.close();
  return sums;
}

/** From the click on a link to the new page's heading, in milliseconds: with its code not loaded yet, and again later. */
async function navigations(browser, server, path) {
  const [first, later] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { context, page } = await visit(browser, server);
    await page.goto("/connections");
    await page.waitForLoadState("networkidle");
    first.push(await click(page, path));
    await click(page, "/connections");
    later.push(await click(page, path));
    await context.close();
  }
  return { first: median(first), later: median(later) };
}

function click(page, path) {
  return page.evaluate(
    (path) =>
      new Promise((done) => {
        const before = document.querySelector("h1");
        const begin = performance.now();
        document.querySelector(`nav a[href="${path}"]`).click();
        const look = () => {
          const now = document.querySelector("h1");
          const here =
            window.location.pathname === path && now && now !== before && !document.querySelector("main [role=status]");
          if (here) requestAnimationFrame(() => done(performance.now() - begin));
          else requestAnimationFrame(look);
        };
        look();
      }),
    path,
  );
}

function table(head, rows) {
  console.log(`\n| ${head.join(" | ")} |\n|${head.map(() => " --- ").join("|")}|`);
  for (const row of rows) console.log(`| ${row.join(" | ")} |`);
}

const ms = (value) => `${Math.round(value)} ms`;
const kb = (value) => `${(value / 1000).toFixed(1)} kB`;

const server = await demo();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
try {
  console.log(`${cpus().length} cores, Chromium ${browser.version()}, median of ${ROUNDS}, ${BINARY}`);
  const painted = [];
  for (const [path, rate] of [
    ["/", 1],
    ["/catalog", 1],
    ["/apps", 1],
    ["/", 4],
  ]) {
    const { cold, warm, shift } = await paints(browser, server, path, rate);
    painted.push([rate === 1 ? path : `${path} (CPU ÷ ${rate})`, ms(cold), ms(warm), shift.toFixed(3)]);
  }
  table(["page", "LCP cold", "LCP warm", "layout shift"], painted);
  const moved = [];
  for (const path of ["/catalog", "/apps", "/dashboard"]) {
    const { first, later } = await navigations(browser, server, path);
    moved.push([path, ms(first), ms(later)]);
  }
  table(["navigation to", "first time", "later"], moved);
  const sums = await bytes(browser, server, "/");
  table(
    ["first visit of /", "requests", "over the wire"],
    [...sums].map(([kind, { count, size }]) => [kind, count, kb(size)]),
  );
} finally {
  await browser.close();
  await server.end();
}
