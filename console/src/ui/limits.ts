import type { Window } from "#/client/schema";
import type { Messages } from "#/i18n";
import { number } from "#/i18n/format";

/** The windows of a plan in words: "600 per minute · 10,000 per day". */
export function limitWords(windows: Window[], { common }: Messages): string {
  if (windows.length === 0) return common.unlimited;
  return windows
    .map(({ count, seconds }) => {
      const unit = common.per[seconds];
      return unit ? common.limit(number(count), unit) : common.limitEvery(number(count), number(seconds));
    })
    .join(" · ");
}
