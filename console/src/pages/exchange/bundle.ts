/** What can be taken in and out, in the order in which each finds what it names. */
export const NOUNS = [
  "ratelimit_groups",
  "subscription_plans",
  "api_profiles",
  "developers",
  "partners",
  "applications",
] as const;
export type Noun = (typeof NOUNS)[number];

/** The text as a bundle. It is wrapped as text, so that the server sees every member, also one that stands there twice. */
export function bundleOf(what: string, text: string): string {
  const inner = text.trim();
  if (what === "bundle") return inner;
  return inner.startsWith("[") ? `{"${what}":${inner}}` : `{"${what}":[${inner}]}`;
}

/** One more page in what was taken out so far. */
export function merged<T extends Partial<Record<Noun, unknown[]>>>(whole: T, page: T): T {
  const out = { ...whole };
  for (const noun of NOUNS) {
    const more = page[noun];
    if (more) (out as Record<string, unknown[]>)[noun] = [...(whole[noun] ?? []), ...more];
  }
  return out;
}

/** How many things there are. */
export function size(bundle: Partial<Record<Noun, unknown[]>>): number {
  return NOUNS.reduce((sum, noun) => sum + (bundle[noun]?.length ?? 0), 0);
}
