import type { Page } from "@playwright/test";
import {
  adminScreens,
  consumerScreens,
  type Gallery,
  gallery,
  NEWCOMER_SCREENS,
  providerScreens,
  type Screen,
} from "./support/gallery";
import { inspect, overflowZoomed, settled, type View } from "./support/inspect";
import type { Person } from "./support/person";
import { test as base, DESKTOP, expect, MOBILE } from "./support/test";

const test = base.extend<object, { world: Gallery }>({
  world: [async ({ program, admin }, use) => use(await gallery(program, admin)), { scope: "worker" }],
});

const VIEWS: View[] = (["en", "de"] as const).flatMap((language) => [
  { language, viewport: DESKTOP, width: "desktop" },
  { language, viewport: MOBILE, width: "mobile" },
]);

const AUDIENCES: { of: string; who: (world: Gallery) => Person; screens: (world: Gallery) => Screen[] }[] = [
  { of: "a consumer", who: (world) => world.consumer, screens: consumerScreens },
  { of: "a provider", who: (world) => world.provider, screens: providerScreens },
  { of: "a newcomer", who: (world) => world.newcomer, screens: () => NEWCOMER_SCREENS },
  { of: "the administrator", who: (world) => world.admin, screens: adminScreens },
];

/** Goes through screens in one page; answers what is wrong, each fault once with the screens that have it. */
async function tour(page: Page, screens: Screen[], look: (screen: Screen) => Promise<string[]>): Promise<string[]> {
  const wrong = new Map<string, string[]>();
  for (const screen of screens) {
    await test.step(screen.name, async () => {
      try {
        await page.goto(screen.path);
        note(wrong, screen, await look(screen));
      } catch (error) {
        note(wrong, screen, [(error as Error).message]);
      }
    });
  }
  return [...wrong].map(([fault, where]) => `${where.join(", ")}: ${fault}`);
}

function note(wrong: Map<string, string[]>, screen: Screen, faults: string[]): void {
  for (const fault of faults) wrong.set(fault, [...(wrong.get(fault) ?? []), screen.name]);
}

for (const view of VIEWS) {
  for (const { of, who, screens } of AUDIENCES) {
    // F38
    test(`every screen of ${of} is accessible, fits and speaks its language: ${view.language}, ${view.width}`, async ({
      world,
      visit,
    }) => {
      test.setTimeout(300_000);
      const { page, watch } = await visit(who(world), { ...view, reducedMotion: "reduce" });
      // The screen of what is not there is one of them.
      watch.expects(404);
      const wrong = await tour(page, screens(world), async ({ name, quotes }) => {
        await settled(page, view.language);
        return inspect(page, name, view, quotes);
      });
      expect(wrong).toEqual([]);
    });
  }
}

test("at 200 % zoom no screen has to be scrolled sideways", async ({ world, visit }) => {
  test.setTimeout(120_000);
  const { page } = await visit(world.consumer, { reducedMotion: "reduce" });
  const wrong = await tour(page, consumerScreens(world), async () => {
    await settled(page);
    const fault = await overflowZoomed(page, DESKTOP);
    return fault ? [fault] : [];
  });
  expect(wrong).toEqual([]);
});
