import { day, moment } from "#/i18n/format";

/**
 * An end as people say it. The server keeps the first instant that is too late; where that is a midnight of the reader, the
 * day before is the last one, as it was asked for, and any other time of day is shown.
 */
export function ending(at: string): string {
  const end = new Date(at);
  const midnight = new Date(end.getFullYear(), end.getMonth(), end.getDate());
  return end.getTime() === midnight.getTime() ? day(new Date(end.getTime() - 1).toISOString()) : moment(at);
}
