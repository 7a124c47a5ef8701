import type { FencedAct } from "#/client/schema";
import { word } from "#/i18n";
import { useDesign } from "#/i18n/design";
import { useFenceText } from "#/i18n/fence";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Pill } from "#/ui/pill";
import { useReason } from "./reason";

type FenceProps = { acts: FencedAct[]; environments: string[]; destinations: string[] };

/** What a profile leaves to the reader: each act with its verdict, the reason and who may lift it. */
export function Fence({ acts, environments, destinations }: FenceProps) {
  const { fence } = useDesign();
  const text = useFenceText();
  const why = useReason();
  const limits: [string, string[]][] = [
    [fence.environments, environments],
    [fence.destinations, destinations],
  ];
  return (
    <Rows columns="grid-cols-[minmax(0,1fr)_auto]" label={fence.list}>
      <RowHead names={[fence.columns.act, fence.columns.verdict]} />
      {acts.map((act) => (
        <Row key={act.act}>
          <Cell
            className="max-md:w-full"
            title={<span className="font-normal">{word(fence.acts, act.act)}</span>}
            sub={act.allowed ? undefined : why(act.reason, act.privileges)}
          />
          {act.allowed ? (
            <Pill tone={act.by ? "go" : "ok"}>{act.by ? text.by(word(text.privileges, act.by)) : fence.allowed}</Pill>
          ) : (
            <Pill tone="hold">{fence.refused}</Pill>
          )}
        </Row>
      ))}
      {limits.map(([name, only]) => (
        <Row key={name}>
          <Cell className="max-md:w-full" title={<span className="font-normal">{name}</span>} />
          <span className="text-sm [overflow-wrap:anywhere]">{only.length > 0 ? only.join(", ") : fence.any}</span>
        </Row>
      ))}
    </Rows>
  );
}

/** What stands in the way of one act, if anything does. */
export function obstacle(acts: FencedAct[] | undefined, name: string): FencedAct | undefined {
  return acts?.find((act) => act.act === name && !act.allowed);
}
