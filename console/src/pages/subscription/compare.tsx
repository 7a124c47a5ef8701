import type { ReactNode } from "react";
import type { SubscriptionRevision } from "#/client/schema";
import { useText } from "#/i18n";
import { limitWords } from "#/ui/limits";
import { ending } from "./lastday";

/** Old and new terms side by side; what differs stands out by weight and by a mark, not by colour alone. */
export function Compare({ of }: { of: SubscriptionRevision }) {
  const text = useText();
  const { revision, endsNever } = text.subscription;
  const past = of.state === "activated";
  const end = (at: string | null | undefined) => (at ? ending(at) : endsNever);
  const rows: [string, ReactNode, ReactNode, boolean][] = [
    [revision.plan, of.old.plan.name, of.new.plan.name, of.old.plan.id !== of.new.plan.id],
    [
      revision.limits,
      limitWords(of.old.limits, text),
      limitWords(of.new.limits, text),
      JSON.stringify(of.old.limits) !== JSON.stringify(of.new.limits),
    ],
    [revision.end, end(of.old.ends_at), end(of.new.ends_at), of.old.ends_at !== of.new.ends_at],
  ];
  return (
    <table className="w-full border-collapse text-left">
      <thead>
        <tr className="text-sm text-muted">
          <td />
          <th scope="col" className="pr-3 pb-1.5 font-semibold">
            {past ? revision.before : revision.now}
          </th>
          <th scope="col" className="pb-1.5 font-semibold">
            {past ? revision.now : revision.wanted}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, before, after, differs]) => (
          <tr key={label} className="border-t border-line align-baseline">
            <th scope="row" className="py-1.5 pr-3 text-sm font-normal text-muted">
              {label}
            </th>
            <td className="py-1.5 pr-3 [overflow-wrap:anywhere]">{before}</td>
            <td className="py-1.5 [overflow-wrap:anywhere]">{differs ? <strong>{after}</strong> : after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
