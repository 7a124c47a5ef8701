const DAY = 86_400_000;

/** What somebody says about a secret or key: a note, and when it ends. */
export type CredentialForm = { description: string; end: string; date: string };

/** The end as the server wants it; nothing for none. */
export function endOf({ end, date }: CredentialForm, now = Date.now()): string | undefined {
  if (end === "never") return undefined;
  if (end !== "date") return new Date(now + Number(end) * DAY).toISOString();
  // To the end of that day, where the person is.
  const last = new Date(`${date}T23:59:59`);
  return Number.isNaN(last.getTime()) ? undefined : last.toISOString();
}

/** The day of an end, as a date field shows it, where the person is. */
export function dateOf(at: string): string {
  const day = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** Scopes as people type them: one a line, or with spaces between. */
export function scopesOf(text: string): string[] {
  return [...new Set(text.split(/\s+/).filter(Boolean))];
}
