import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export type Fault = { rule: string; impact: string; where: string[]; what: string };
type Found = {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
};
type Axe = { run: (where: unknown, options: object) => Promise<{ violations: Found[] }> };

/** What axe finds on the page as it is now, of every level. */
export async function faults(page: Page): Promise<Fault[]> {
  // Evaluated over the browser's own protocol: the page's policy would not let it in, and need not.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(SOURCE);
  const found = await page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: Axe };
    const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] };
    return (await axe.run(document, options)).violations.map((violation) => ({
      rule: violation.id,
      impact: violation.impact ?? "minor",
      where: violation.nodes.slice(0, 3).map((node) => node.target.join(" ")),
      what: violation.nodes[0]?.failureSummary?.split("\n").slice(1).join(" ").trim() ?? violation.help,
    }));
  }, TAGS);
  return found;
}

export function isGrave(fault: Fault): boolean {
  return fault.impact === "serious" || fault.impact === "critical";
}

export function told(fault: Fault): string {
  return `${fault.impact} ${fault.rule} at ${fault.where.join(" | ")}: ${fault.what}`;
}
