import { beforeEach, expect, test, vi } from "vitest";
import { speak } from "#/i18n";
import { de } from "#/i18n/de";
import { en } from "#/i18n/en";
import { limitWords } from "./limits";

beforeEach(() => {
  vi.stubGlobal("document", { documentElement: { lang: "" }, cookie: "" });
});

test("the windows of a plan are read with the words and numbers of the language", async () => {
  const windows = [
    { count: 600, seconds: 60 },
    { count: 10_000, seconds: 86_400 },
  ];
  await speak("en");
  expect(limitWords(windows, en)).toBe("600 per minute · 10,000 per day");
  await speak("de");
  expect(limitWords(windows, de)).toBe("600 pro Minute · 10.000 pro Tag");
});

test("each usual length has a word of its own", async () => {
  await speak("en");
  const words = [1, 60, 3600, 86_400, 604_800].map((seconds) => limitWords([{ count: 5, seconds }], en));
  expect(words).toEqual(["5 per second", "5 per minute", "5 per hour", "5 per day", "5 per week"]);
});

test("an unusual length is given in seconds", async () => {
  await speak("en");
  expect(limitWords([{ count: 1200, seconds: 90 }], en)).toBe("1,200 in 90 seconds");
  await speak("de");
  expect(limitWords([{ count: 1200, seconds: 1800 }], de)).toBe("1.200 in 1.800 Sekunden");
});

test("no window is no limit, in words", () => {
  expect(limitWords([], en)).toBe(en.common.unlimited);
  expect(limitWords([], de)).toBe(de.common.unlimited);
  expect(en.common.unlimited).not.toBe(de.common.unlimited);
});
