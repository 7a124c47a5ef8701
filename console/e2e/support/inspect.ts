import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { faults, isGrave, told } from "./axe";
import { expect, type Language, WORDS } from "./test";
import { wordFaults } from "./wording";

const SHOTS = join(import.meta.dirname, "../.out/shots");

/** A page has arrived: its heading is there, and nothing on it is still on its way. */
export async function settled(page: Page, language: Language = "en"): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText(WORDS[language].common.loading, { exact: true })).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
}

/** Two frames: what has changed is on the screen. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** By how many pixels the page is wider than the window, and what sticks out. */
async function overflow(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const root = document.scrollingElement ?? document.documentElement;
    const room = root.clientWidth;
    if (root.scrollWidth <= room) return undefined;
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > room + 1,
    );
    const names = wide.slice(0, 3).map((element) => `${element.tagName} "${element.textContent?.trim().slice(0, 40)}"`);
    return `${root.scrollWidth} px wide in ${room} px: ${names.join(", ")}`;
  });
}

export type View = { language: Language; viewport: { width: number; height: number }; width: string };

/** Looks at a page as it is now, in both themes; answers what is wrong with it. */
export async function inspect(page: Page, name: string, view: View, quotes: string[] = []): Promise<string[]> {
  const wrong: string[] = [];
  const { language } = view;
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await drawn(page);
    for (const fault of await faults(page)) {
      if (isGrave(fault)) wrong.push(`${theme}: ${told(fault)}`);
    }
    if (language === "en" || view.width === "desktop") await shoot(page, `${name}-${view.width}-${language}-${theme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  wrong.push(...(await wordFaults(page, language, quotes)));
  if (view.width === "mobile") {
    for (const width of [390, 320]) {
      await page.setViewportSize({ ...view.viewport, width });
      const fault = await overflow(page);
      if (fault) wrong.push(`${width} px: ${fault}`);
    }
    await page.setViewportSize(view.viewport);
  }
  return wrong;
}

/** 200 % zoom of a desktop window is half of its width. */
export async function overflowZoomed(
  page: Page,
  viewport: { width: number; height: number },
): Promise<string | undefined> {
  await page.setViewportSize({ width: viewport.width / 2, height: viewport.height / 2 });
  const found = await overflow(page);
  await page.setViewportSize(viewport);
  return found;
}

async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true, animations: "disabled" });
}
