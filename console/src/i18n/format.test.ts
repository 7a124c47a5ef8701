import { beforeEach, describe, expect, test, vi } from "vitest";
import { clock, counted, day, list, moment, number, percent, plural, relative } from "./format";
import { currentLanguage, firstLanguage, type Language, speak } from "./index";

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const HOUR = 3600;
const DAY = 24 * HOUR;

beforeEach(() => {
  vi.stubGlobal("document", { documentElement: { lang: "" }, cookie: "" });
});

async function both<T>(make: () => T): Promise<Record<Language, T>> {
  await speak("en");
  const english = make();
  await speak("de");
  return { en: english, de: make() };
}

describe("numbers", () => {
  // F38
  test("are grouped as the language does it", async () => {
    expect(await both(() => number(1_234_567))).toEqual({ en: "1,234,567", de: "1.234.567" });
    expect(await both(() => counted(999))).toEqual({ en: "999", de: "999" });
    expect(await both(() => counted(1000))).toEqual({ en: "1,000+", de: "1.000+" });
    expect(await both(() => plural(1000, { one: "app", other: "apps" }, counted))).toEqual({
      en: "1,000+ apps",
      de: "1.000+ apps",
    });
    expect(await both(() => number(0))).toEqual({ en: "0", de: "0" });
  });

  test("of parts have at most one decimal", async () => {
    expect(await both(() => percent(0.1234))).toEqual({ en: "12.3%", de: "12,3\u00a0%" });
    expect(await both(() => percent(1))).toEqual({ en: "100%", de: "100\u00a0%" });
  });

  test("take the form of their noun", async () => {
    const forms = { one: "app", other: "apps" };
    expect(await both(() => [0, 1, 2, 1000].map((n) => plural(n, forms)))).toEqual({
      en: ["0 apps", "1 app", "2 apps", "1,000 apps"],
      de: ["0 apps", "1 app", "2 apps", "1.000 apps"],
    });
  });
});

describe("time", () => {
  test("near by is said relatively, in whole steps that have passed", async () => {
    const seconds = [-59, -60, -119, -3 * HOUR, -23.9 * HOUR, 2 * DAY, -40 * DAY, -800 * DAY];
    expect(await both(() => seconds.map((s) => relative(at(s), NOW)))).toEqual({
      en: [
        "now",
        "1 minute ago",
        "1 minute ago",
        "3 hours ago",
        "23 hours ago",
        "in 2 days",
        "last month",
        "2 years ago",
      ],
      de: [
        "jetzt",
        "vor 1 Minute",
        "vor 1 Minute",
        "vor 3 Stunden",
        "vor 23 Stunden",
        "übermorgen",
        "letzten Monat",
        "vor 2 Jahren",
      ],
    });
  });

  test("one day away has its word", async () => {
    expect(await both(() => [relative(at(-DAY), NOW), relative(at(DAY), NOW)])).toEqual({
      en: ["yesterday", "tomorrow"],
      de: ["gestern", "morgen"],
    });
  });

  test("is exact where it matters, without a date that one could read in two ways", async () => {
    expect(await both(() => day(at(0)))).toEqual({ en: "22 Nov 2026", de: "22.11.2026" });
    const { en, de } = await both(() => `${moment(at(0))} ${clock(at(0))}`);
    expect(en).toMatch(/^22 Nov 2026, \d\d:00:00 \d\d:00:00$/);
    expect(de).toMatch(/^22\.11\.2026, \d\d:00:00 \d\d:00:00$/);
  });
});

test("lists end with a word", async () => {
  expect(await both(() => list(["a", "b", "c"]))).toEqual({ en: "a, b and c", de: "a, b und c" });
  expect(await both(() => list(["a"]))).toEqual({ en: "a", de: "a" });
});

describe("the language", () => {
  // F38
  test("is the person's, then the cookie's, then the browser's", () => {
    vi.stubGlobal("navigator", { language: "de-AT" });
    expect(firstLanguage("en")).toBe("en");
    expect(firstLanguage(undefined)).toBe("de");
    vi.stubGlobal("document", { cookie: "theme=dark; locale=en" });
    expect(firstLanguage(undefined)).toBe("en");
    expect(firstLanguage("de")).toBe("de");
    vi.stubGlobal("document", { cookie: "xlocale=de; locale=fr" });
    vi.stubGlobal("navigator", { language: "fr-FR" });
    expect(firstLanguage("fr")).toBe("en");
  });

  test("that is spoken stands in the page and in the cookie that the server reads", async () => {
    await speak("de");
    expect(currentLanguage()).toBe("de");
    expect(document.documentElement.lang).toBe("de");
    expect(document.cookie).toMatch(/^locale=de; path=\/; max-age=\d+; samesite=lax$/);
  });
});
