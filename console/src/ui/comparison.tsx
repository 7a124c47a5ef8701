import type { Comparison, Difference } from "#/client/schema";
import { useText, word } from "#/i18n";
import { Empty } from "./page";
import { Pill, type Tone } from "./pill";

const WEIGHTS: [Difference["weight"], Tone][] = [
  ["breaking", "bad"],
  ["risky", "wait"],
  ["compatible", "ok"],
];

/** What changed for callers, by weight and then by operation. */
export function ComparisonView({ of }: { of: Comparison }) {
  const { comparison } = useText().versions;
  const title = comparison.title(
    comparison.side(of.before.name, of.before.revision),
    comparison.side(of.after.name, of.after.revision),
  );
  if (of.items.length === 0) return <Empty title={comparison.none}>{comparison.noneHint}</Empty>;
  return (
    <div>
      <p className="mb-3 text-muted">{title}</p>
      {WEIGHTS.map(([weight, tone]) => {
        const items = of.items.filter((one) => one.weight === weight);
        if (items.length === 0) return null;
        return (
          <section key={weight} aria-label={word(comparison.weights, weight)} className="mb-5">
            <h3 className="mb-2 flex flex-wrap items-center gap-2">
              <Pill tone={tone}>{word(comparison.weights, weight)}</Pill>
              <span className="text-sm text-muted">{comparison.counts(items.length)}</span>
            </h3>
            <ul className="rounded-md border border-line">
              {items.map((one) => (
                <One key={`${one.rule} ${one.operation} ${one.place}`} of={one} />
              ))}
            </ul>
          </section>
        );
      })}
      {of.more ? <p className="text-muted">{comparison.more}</p> : null}
    </div>
  );
}

function One({ of }: { of: Difference }) {
  const { comparison } = useText().versions;
  return (
    <li className="border-b border-line px-3 py-2 last:border-b-0">
      <p>
        <span className="font-semibold">{word(comparison.rules, of.rule)}</span>
        <code className="ml-2 font-mono text-sm [overflow-wrap:anywhere]">{of.operation ?? comparison.whole}</code>
      </p>
      {of.place ? <p className="font-mono text-sm text-muted [overflow-wrap:anywhere]">{of.place}</p> : null}
      {of.before || of.after ? (
        <p className="text-sm [overflow-wrap:anywhere]">
          {of.before ? (
            <>
              <span className="text-muted">{`${comparison.before} `}</span>
              <del className="font-mono">{of.before}</del>
            </>
          ) : null}{" "}
          {of.after ? (
            <>
              <span className="text-muted">{`${comparison.after} `}</span>
              <ins className="font-mono no-underline">{of.after}</ins>
            </>
          ) : null}
        </p>
      ) : null}
    </li>
  );
}
