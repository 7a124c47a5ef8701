// What the console costs a browser, from what `npm run build` wrote to dist/. Run by `npm run budget`; fails when something
// costs more than it may. Sizes are those that go over the wire: gzip for text, the file itself for fonts.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const KB = 1000;
const LIMITS = { initial: 190, style: 15, fonts: 70, page: 15, reader: 25 };
/** The pages that show an API's reference: they carry the reader. */
const READERS = ["reference", "platform"];

const dist = join(import.meta.dirname, "..", "dist");
if (!existsSync(join(dist, "index.html"))) {
  console.error("There is no dist/index.html: run `npm run build` first.");
  process.exit(1);
}
const html = readFileSync(join(dist, "index.html"), "utf8");

const sizes = new Map();
function size(file) {
  if (!sizes.has(file)) {
    const bytes = readFileSync(join(dist, file));
    sizes.set(file, /\.woff2$/.test(file) ? bytes.length : gzipSync(bytes, { level: 9 }).length);
  }
  return sizes.get(file);
}

const total = (files) => [...files].reduce((sum, file) => sum + size(file), 0);

/** What a module imports: `now` before it can run, `later` when it asks for it. Paths are relative to dist. */
const imports = new Map();
function importsOf(file) {
  if (!imports.has(file)) {
    const code = readFileSync(join(dist, file), "utf8");
    const all = (pattern) => [...code.matchAll(pattern)].map((match) => `assets/${basename(match[1])}`);
    imports.set(file, {
      now: new Set(all(/\b(?:import|export)\s*(?:[\w$*{}\s,]+?\bfrom\s*)?["'`](\.\/[^"'`]+\.js)["'`]/g)),
      later: new Set(all(/\bimport\(\s*["'`](\.\/[^"'`]+\.js)["'`]\s*\)/g)),
    });
  }
  return imports.get(file);
}

/** A module and everything that it cannot run without. */
function whole(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const other of importsOf(file).now) whole(other, found);
  return found;
}

const linked = (pattern) => [...html.matchAll(pattern)].map((match) => match[1].replace(/^\//, ""));
const scripts = linked(/<script[^>]+src="([^"]+)"/g);
const styles = linked(/<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"/g);
const first = new Set(scripts.filter((file) => !file.startsWith("assets/")));
for (const file of scripts.filter((one) => one.startsWith("assets/"))) whole(file, first);

const lazy = new Set([...first].flatMap((file) => (file.startsWith("assets/") ? [...importsOf(file).later] : [])));
const named = (file) => basename(file).replace(/-[\w-]{8}\.js$/, "");
const languages = [...lazy].filter((file) => ["en", "de"].includes(named(file)));
const larger = languages.sort((a, b) => size(b) - size(a))[0];
if (languages.length !== 2) {
  console.error(`Two language chunks should be loaded when they are wanted, not ${languages.length}.`);
  process.exit(1);
}
const initial = new Set([...first, ...whole(larger)]);

const css = readdirSync(join(dist, "assets")).filter((file) => file.endsWith(".css"));
// The faces of Latin text; those of other alphabets come when a page has such letters.
const fonts = readdirSync(join(dist, "fonts")).filter((file) => file.endsWith(".woff2") && !file.includes("-ext-"));

const rows = [
  ["initial JavaScript, the larger language included", total(initial), LIMITS.initial],
  ["style sheets", total(css.map((file) => `assets/${file}`)), LIMITS.style],
  ["fonts of Latin text", total(fonts.map((file) => `fonts/${file}`)), LIMITS.fonts],
];
let most = 0;
for (const file of [...lazy].filter((one) => !languages.includes(one)).sort()) {
  const added = [...whole(file)].filter((one) => !initial.has(one));
  most = Math.max(most, added.length);
  const limit = READERS.includes(named(file)) ? LIMITS.reader : LIMITS.page;
  rows.push([`page ${basename(file, ".js")}`, total(added), limit]);
}

let failed = 0;
for (const [what, bytes, limit] of rows) {
  const over = bytes > limit * KB;
  if (over) failed += 1;
  const verdict = over ? `  over by ${((bytes - limit * KB) / KB).toFixed(1)} kB` : "";
  console.log(`${what.padEnd(52)} ${(bytes / KB).toFixed(1).padStart(7)} kB of ${limit}${verdict}`);
}
const requests = 1 + initial.size + styles.length + 1;
console.log(`\nrequests for the frame: ${requests} (page, scripts, style, font); a page adds up to ${most} scripts`);
if (failed > 0) console.error(`\n${failed} over budget: load less at first, or load it when it is wanted.`);
console.log(`\n${rows.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
