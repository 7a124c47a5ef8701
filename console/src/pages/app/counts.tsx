import type { StatusCounts } from "#/client/schema";
import { useText } from "#/i18n";
import { number } from "#/i18n/format";
import { Wire, type WireState } from "#/ui/wire";

type Count = keyof StatusCounts;
const ORDER: [Count, WireState][] = [
  ["active", "active"],
  ["access_requested", "requested"],
  ["suspended", "suspended"],
  ["rejected", "rejected"],
];

/** How many subscriptions are in which state: a small wire and a number for each that there is. */
export function AccessCounts({ counts, stacked }: { counts: StatusCounts; stacked?: boolean }) {
  const { apps } = useText();
  const shown = ORDER.filter(([name]) => counts[name] > 0);
  if (shown.length === 0) return <span className="text-sm text-muted">{apps.noAccess}</span>;
  return (
    <ul className={stacked ? "grid gap-2" : "flex flex-wrap gap-x-4 gap-y-1"}>
      {shown.map(([name, wire]) => (
        <li key={name} className="inline-flex items-center gap-2 text-sm whitespace-nowrap">
          <Wire state={wire} className={stacked ? "w-22" : "w-11"} />
          {apps.counts[name](number(counts[name]))}
        </li>
      ))}
    </ul>
  );
}
