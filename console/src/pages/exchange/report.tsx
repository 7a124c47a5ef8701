import type { ImportItem, ImportReport } from "#/client/schema";
import { useText, word } from "#/i18n";
import { useExchange } from "#/i18n/exchange";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Pill, type Tone } from "#/ui/pill";

const TONE: Record<string, Tone> = { created: "go", changed: "wait", unchanged: "off", refused: "bad" };
const OUTCOMES = ["created", "changed", "unchanged", "refused"] as const;

/** What became of each thing, or would. */
export function Report({ report }: { report: ImportReport }) {
  const exchange = useExchange();
  const title = report.dry_run ? exchange.trialTitle : exchange.doneTitle;
  const counted = OUTCOMES.map((outcome) => {
    const n = report.items.filter((item) => item.outcome === outcome).length;
    return n > 0 ? exchange.counts[outcome](n) : "";
  });
  return (
    <section aria-labelledby="report" className="mt-5">
      <h3 id="report" className="font-semibold">
        {title}
      </h3>
      <p role="status" className="mb-3 text-muted">
        {counted.filter(Boolean).join(" · ") || exchange.nothing}
      </p>
      {report.items.length > 0 ? (
        <Rows columns="grid-cols-[minmax(0,2fr)_auto_minmax(0,3fr)]" label={title}>
          <RowHead names={exchange.columns} />
          {report.items.map((item) => (
            <Line key={`${item.noun}-${item.at}`} item={item} />
          ))}
        </Rows>
      ) : null}
    </section>
  );
}

function Line({ item }: { item: ImportItem }) {
  const exchange = useExchange();
  return (
    <Row>
      <Cell
        className="max-md:basis-full"
        title={item.name ?? item.key ?? exchange.place(item.at + 1)}
        sub={word(exchange.nouns, item.noun)}
      />
      <Pill tone={TONE[item.outcome] ?? "off"}>{word(exchange.outcomes, item.outcome)}</Pill>
      <div className="min-w-0 text-sm">
        <Steps item={item} />
      </div>
    </Row>
  );
}

function Steps({ item }: { item: ImportItem }) {
  const exchange = useExchange();
  const { common } = useText();
  if (item.problem) {
    const fields = item.problem.errors ?? [];
    return (
      <ul lang="en" className="text-bad">
        {fields.length === 0 ? <li>{item.problem.detail}</li> : null}
        {fields.map((field) => (
          <li key={field.pointer} className="[overflow-wrap:anywhere]">
            <code className="font-mono">{field.pointer}</code> {field.detail}
          </li>
        ))}
      </ul>
    );
  }
  if (item.changes.length === 0) return <span className="text-muted">{exchange.nothingToDo}</span>;
  return (
    <ul>
      {item.changes.map((step, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a report do not move
        <li key={n}>{word(common.verbs, step.verb)}</li>
      ))}
    </ul>
  );
}
