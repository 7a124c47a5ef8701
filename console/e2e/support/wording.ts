import type { Page } from "@playwright/test";
import { de, en } from "../../src/i18n/all";
import { isWritten } from "./story";

/** Stands for any value in a text that takes values. */
const HOLE = "\u0001";

/** Every text of a catalogue by its place; where a text takes values, they are holes. */
function texts(messages: unknown, place = ""): Map<string, string> {
  const all = new Map<string, string>();
  if (typeof messages === "string") all.set(place, messages);
  else if (typeof messages === "function") {
    const made = filled(messages as (...values: string[]) => unknown);
    if (made !== undefined) all.set(place, made);
  } else if (messages && typeof messages === "object") {
    for (const [name, inner] of Object.entries(messages)) {
      for (const [key, text] of texts(inner, place ? `${place}.${name}` : name)) all.set(key, text);
    }
  }
  return all;
}

function filled(message: (...values: string[]) => unknown): string | undefined {
  try {
    const made = message(...Array.from({ length: message.length }, () => HOLE));
    // A number that is no number is where a count would be.
    return typeof made === "string" ? made.replaceAll("NaN", HOLE) : undefined;
  } catch {
    return undefined;
  }
}

function pattern(text: string): string {
  const parts = text.split(HOLE).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return `^${parts.join(".+?")}$`;
}

/** Whether a text has words of its own, beside what is put into it. */
function hasWords(text: string): boolean {
  return text.replaceAll(HOLE, "").replace(/[^a-z]/gi, "").length >= 3;
}

const patterns = (messages: unknown) =>
  [...texts(messages).values()].filter(hasWords).map((text) => new RegExp(pattern(text)));
const ENGLISH = patterns(en);
const GERMAN = patterns(de);

/** An English text that could not be a German one as well: on a German page it was forgotten. */
function isForeign(line: string): boolean {
  return ENGLISH.some((text) => text.test(line)) && !GERMAN.some((text) => text.test(line));
}

/** Lines of text on the page, and the names that only assistive technology hears; code and what people wrote apart. */
async function lines(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const said: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) => {
      if (node instanceof Element) {
        if (node.matches("script, style, code, pre, kbd, noscript, [lang]:not(html)")) return NodeFilter.FILTER_REJECT;
        for (const name of ["aria-label", "title", "placeholder", "alt"]) said.push(node.getAttribute(name) ?? "");
        return NodeFilter.FILTER_SKIP;
      }
      return NodeFilter.FILTER_ACCEPT;
    });
    // Neighbouring texts of one element are one line: that is how they are read.
    const byElement = new Map<Node, string>();
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentNode as Node;
      byElement.set(parent, (byElement.get(parent) ?? "") + (walker.currentNode.textContent ?? ""));
    }
    return [...said, ...byElement.values()]
      .map((text) => text.replace(/\s+/g, " ").trim())
      .filter((text) => text !== "");
  });
}

/** A code of the server where a word should be: `other_side_suspended`, `subscription.requested`. */
const RAW = /^[a-z]+([_.][a-z]+)+$|\bundefined\b|\bNaN\b|\[object |Invalid Date/;

/** What is wrong with the words of the page: keys and codes in the place of words, English on a German page. */
export async function wordFaults(page: Page, language: "en" | "de", quotes: string[]): Promise<string[]> {
  const wrong: string[] = [];
  const lang = await page.locator("html").getAttribute("lang");
  if (lang !== language) wrong.push(`the page says that it is in ${lang}`);
  for (const line of new Set(await lines(page))) {
    if (isWritten(line) || quotes.includes(line)) continue;
    if (RAW.test(line)) wrong.push(`not a word: ${line}`);
    else if (language === "de" && isForeign(line)) wrong.push(`English: ${line}`);
  }
  return wrong;
}
