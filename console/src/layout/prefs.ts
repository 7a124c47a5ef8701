import type { Language } from "#/i18n";

/** How the console looks for this person on this browser. Kept in cookies, which the head script reads before the first paint. */
export type Theme = "system" | "light" | "dark";
export type Density = "comfortable" | "compact";

export const LANGUAGES: Language[] = ["en", "de"];
export const THEMES: Theme[] = ["system", "light", "dark"];
export const DENSITIES: Density[] = ["comfortable", "compact"];

function set(name: string, value: string | undefined): void {
  const age = value === undefined ? 0 : 31_536_000;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we serve
  document.cookie = `${name}=${value ?? ""}; path=/; max-age=${age}; samesite=lax`;
}

export function theme(): Theme {
  const value = document.documentElement.dataset.theme;
  return value === "light" || value === "dark" ? value : "system";
}

export function chooseTheme(value: Theme): void {
  set("theme", value === "system" ? undefined : value);
  if (value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
}

export function density(): Density {
  return document.documentElement.dataset.density === "compact" ? "compact" : "comfortable";
}

export function chooseDensity(value: Density): void {
  set("density", value === "compact" ? value : undefined);
  if (value === "compact") document.documentElement.dataset.density = value;
  else delete document.documentElement.dataset.density;
}

/** Whether single keys act (`j`, `k`, `a` … in the inbox). Whoever speaks to the machine wants them off. */
export function singleKeys(): boolean {
  return !/(?:^|; )keys=off(?:;|$)/.test(document.cookie);
}

export function chooseSingleKeys(on: boolean): void {
  set("keys", on ? undefined : "off");
}
