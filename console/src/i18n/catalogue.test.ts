import { beforeAll, describe, expect, test, vi } from "vitest";
import { de, en } from "./all";
import { type Language, speak } from "./index";
import { SAME } from "./same";

const catalogues = { en, de };

type Leaf = string | ((...given: unknown[]) => unknown);

/** Every text with the way to it: "common.feed.today". */
function leaves(value: unknown, path: string, found = new Map<string, Leaf>()): Map<string, Leaf> {
  if (typeof value === "string" || typeof value === "function") found.set(path, value as Leaf);
  else
    for (const [key, member] of Object.entries(value as object)) leaves(member, path ? `${path}.${key}` : key, found);
  return found;
}

const texts = { en: leaves(catalogues.en, ""), de: leaves(catalogues.de, "") };

/** Heads of columns may be empty: what stands in the column needs no head. */
const MAY_BE_EMPTY = /columns\.\d+$/i;

// What functions take: a count, a name, several names, whether, or a code. Which of them is not known here, so all are tried.
const SAMPLES: unknown[][] = [
  [1, "Alpha", ["Alpha"], true, "json"],
  [7, "Omega", ["Alpha", "Omega"], false, "yaml"],
];
const KINDS = [0, 1, 2, 3, 4];

function ways(length: number): number[][] {
  if (length === 0) return [[]];
  return ways(length - 1).flatMap((way) => KINDS.map((kind) => [...way, kind]));
}

function attempt(leaf: Leaf, given: unknown[]): string | undefined {
  if (typeof leaf === "string") return leaf;
  try {
    const said = leaf(...given);
    return typeof said === "string" && said !== "" && !/undefined|NaN|\[object|=>/.test(said) ? said : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a function says something with arguments of these kinds, and something else when one of them changes. */
function hears(leaf: Leaf, way: number[]): boolean {
  const [one = [], other = []] = SAMPLES.map((sample) => way.map((kind) => sample[kind]));
  const said = attempt(leaf, one);
  if (said === undefined || attempt(leaf, other) === undefined) return false;
  return way.every((_, index) => {
    const changed = one.map((value, at) => (at === index ? other[at] : value));
    return attempt(leaf, changed) !== said;
  });
}

/** Whether there are kinds of arguments that the function of this text listens to, in both languages. */
function isHeard(path: string): boolean {
  const both = [texts.en.get(path), texts.de.get(path)];
  const length = Math.max(...both.map((leaf) => (typeof leaf === "function" ? leaf.length : 0)));
  return ways(length).some((way) => both.every((leaf) => leaf !== undefined && hears(leaf, way)));
}

beforeAll(() => {
  vi.stubGlobal("document", { documentElement: { lang: "" }, cookie: "" });
});

// F38
describe("the catalogues", () => {
  test("have the same texts, the maps of codes included", () => {
    // Where the server's own words are English already, English needs no others.
    const extra = /^common\.(problems|faults)\./;
    const german = [...texts.de.keys()].filter((path) => texts.en.has(path) || !extra.test(path));
    expect(german.sort()).toEqual([...texts.en.keys()].sort());
    expect(texts.en.size).toBeGreaterThan(300);
  });

  test.each(["en", "de"] as const)("have no empty text and none with space around it (%s)", (language: Language) => {
    const bad = [...texts[language]].filter(
      ([path, text]) =>
        typeof text === "string" &&
        !(text === "" && MAY_BE_EMPTY.test(path)) &&
        (text.trim() === "" || text !== text.trim()) &&
        !path.startsWith("patterns.paragraph"),
    );
    expect(bad).toEqual([]);
  });

  test("differ wherever they can, and the list of what is the same has nothing superfluous", () => {
    const same = [...texts.en].filter(
      ([path, text]) => typeof text === "string" && text !== "" && text === texts.de.get(path),
    );
    const unexpected = same
      .filter(([, text]) => !SAME.has(text as string))
      .map(([path, text]) => `${path}: ${String(text)}`);
    expect(unexpected).toEqual([]);
    const used = new Set(same.map(([, text]) => text));
    expect([...SAME].filter((text) => !used.has(text))).toEqual([]);
  });

  const functions = [...texts.en].filter(([, text]) => typeof text === "function").map(([path]) => path);

  test.each(["en", "de"] as const)("say something with everything that they are given (%s)", async (language) => {
    await speak(language);
    expect(functions.filter((path) => !isHeard(path))).toEqual([]);
    expect(functions.length).toBeGreaterThan(50);
  });

  test("speak to people as the house does: Sie, and without the words that it has left behind", () => {
    const bad = [...texts.de].filter(
      ([, text]) => typeof text === "string" && /\b(du|dein|deine|deinen|dir|dich|oops|ups)\b/i.test(text),
    );
    expect(bad).toEqual([]);
    const shouting = [...texts.en, ...texts.de].filter(
      ([, text]) => typeof text === "string" && (/!/.test(text) || /\boops\b/i.test(text)),
    );
    expect(shouting).toEqual([]);
  });
});
