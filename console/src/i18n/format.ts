import { currentLanguage } from "./index";

const made = new Map<string, unknown>();

/** Intl's formatters are slow to make: one of each kind and language is kept. */
function keep<T>(kind: string, make: (locale: string) => T): T {
  // English means international English here: dates that no reader takes for another one.
  const locale = currentLanguage() === "de" ? "de-DE" : "en-GB";
  const key = `${kind} ${locale}`;
  const found = made.get(key);
  if (found) return found as T;
  const fresh = make(locale);
  made.set(key, fresh);
  return fresh;
}

export function number(value: number): string {
  return keep("number", (l) => new Intl.NumberFormat(l)).format(value);
}

/** Numbers that the server counts up to 1,000. */
export function counted(value: number): string {
  return value < 1000 ? number(value) : `${number(1000)}+`;
}

export function percent(share: number): string {
  return keep("percent", (l) => new Intl.NumberFormat(l, { style: "percent", maximumFractionDigits: 1 })).format(share);
}

export function day(at: string): string {
  return keep("day", (l) => new Intl.DateTimeFormat(l, { dateStyle: "medium" })).format(new Date(at));
}

export function moment(at: string): string {
  return keep("moment", (l) => new Intl.DateTimeFormat(l, { dateStyle: "medium", timeStyle: "medium" })).format(
    new Date(at),
  );
}

export function clock(at: string): string {
  return keep("clock", (l) => new Intl.DateTimeFormat(l, { timeStyle: "medium" })).format(new Date(at));
}

export function list(items: string[]): string {
  return keep("list", (l) => new Intl.ListFormat(l, { type: "conjunction" })).format(items);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** "3 hours ago", "in 2 days"; within a minute "now". */
export function relative(at: string, now = Date.now()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  const format = keep("relative", (l) => new Intl.RelativeTimeFormat(l, { numeric: "auto" }));
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(0, "second");
}

/** Picks the form for a number: `plural(3, { one: 'app', other: 'apps' })`. */
export function plural(count: number, forms: { one: string; other: string }, shown = number): string {
  const rule = keep("plural", (l) => new Intl.PluralRules(l)).select(count);
  return `${shown(count)} ${rule === "one" ? forms.one : forms.other}`;
}
