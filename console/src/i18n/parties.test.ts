import { expect, test } from "vitest";
import de from "./de/parties";
import en from "./en/parties";

/** The paths of all texts in it. */
function paths(of: object, above = ""): string[] {
  return Object.entries(of).flatMap(([key, value]) =>
    typeof value === "object" && !Array.isArray(value) ? paths(value, `${above}${key}.`) : [above + key],
  );
}

test("texts of partners, people and groups are the same in both languages, the maps of codes included", () => {
  expect(paths(de).sort()).toEqual(paths(en).sort());
});
