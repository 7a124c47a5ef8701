import type { Locator, Page } from "@playwright/test";
import { expect } from "./test";

const FARTHEST = 90;

/** Tabs until this has the focus; a control that the keyboard cannot reach fails here. */
export async function reach(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible();
  for (let step = 0; step < FARTHEST; step += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${wanted}`);
}

/** Reaches it and presses Enter. */
export async function press(page: Page, wanted: Locator, key = "Enter"): Promise<void> {
  await reach(page, wanted);
  await page.keyboard.press(key);
}

/** Reaches a field and types into it. */
export async function type(page: Page, field: Locator, text: string): Promise<void> {
  await reach(page, field);
  await page.keyboard.type(text);
}

/** Reaches a choice and makes it: radio buttons are one stop, and arrows move among them. */
export async function pick(page: Page, choice: Locator): Promise<void> {
  const all = page.getByRole("radio");
  for (let step = 0; step < FARTHEST; step += 1) {
    if (await all.evaluateAll((some) => some.includes(document.activeElement as HTMLElement))) break;
    await page.keyboard.press("Tab");
  }
  for (let step = 0; step < 10; step += 1) {
    if (await choice.isChecked()) return;
    await page.keyboard.press(step === 0 ? "Space" : "ArrowDown");
  }
  await expect(choice).toBeChecked();
}
