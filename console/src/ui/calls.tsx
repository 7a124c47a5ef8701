import { Link } from "@tanstack/react-router";
import type { CallDecision } from "#/client/schema";
import { useMaybe } from "#/client/use";
import { useText } from "#/i18n";
import { clock } from "#/i18n/format";
import { Chips } from "./chips";
import { conclusion, Explain } from "./explain";
import type { Side } from "./fix";
import { Cell, Listed, Row, RowHead, Rows, Waiting } from "./list";
import { Empty } from "./page";
import { Beside, Panel, useReturn } from "./panel";
import { Pill } from "./pill";
import { ProblemBanner } from "./problem";
import { When } from "./time";

type Paged = {
  items: CallDecision[];
  loading: boolean;
  error: Error | null;
  more?: (() => void) | undefined;
  loadingMore: boolean;
};

/** What the address says: the open call, and which calls to list. */
export type CallSearch = { call?: string; allowed?: boolean };

type CallsProps = {
  list: Paged;
  search: CallSearch;
  /** Puts it into the address. */
  onSearch: (next: CallSearch) => void;
  /** Who reads: the team of the app, or the administrators of the API. */
  side: Side;
  label: string;
  emptyHint: string;
};

/** Calls that went through the gateway, and beside them why the open one was answered as it was. */
export function Calls({ list, search, onSearch, side, label, emptyHint }: CallsProps) {
  const { calls } = useText().apps;
  useReturn(search.call);
  const filter = search.allowed === undefined ? "all" : search.allowed ? "allowed" : "refused";
  const choose = (value: string) => onSearch({ allowed: value === "all" ? undefined : value === "allowed" });
  const empty =
    filter === "all" ? (
      <Empty title={calls.empty}>{emptyHint}</Empty>
    ) : (
      <Empty title={calls.emptyFiltered}>{calls.emptyFilteredHint}</Empty>
    );
  return (
    <>
      {filter !== "all" || list.items.length > 0 ? (
        <Chips
          label={calls.filter}
          value={filter}
          onValue={choose}
          options={[
            { value: "all", label: calls.all },
            { value: "allowed", label: calls.allowed },
            { value: "refused", label: calls.refused },
          ]}
        />
      ) : null}
      <Beside
        list={
          <Listed list={list} empty={empty}>
            <Rows columns="grid-cols-[auto_minmax(12rem,1fr)_auto]" label={label}>
              <RowHead names={calls.columns} />
              {list.items.map((decision) => (
                <CallRow key={decision.id} decision={decision} search={search} side={side} />
              ))}
            </Rows>
          </Listed>
        }
        panel={
          search.call ? (
            <Open
              call={search.call}
              side={side}
              back={label}
              onClose={() => onSearch({ ...search, call: undefined })}
            />
          ) : undefined
        }
      />
    </>
  );
}

function CallRow({ decision, search, side }: { decision: CallDecision; search: CallSearch; side: Side }) {
  const text = useText();
  const call = `${decision.method} ${decision.path}`;
  const other = side === "app" ? decision.api?.name : decision.app?.name;
  const good = decision.rule === "done" && decision.status < 400;
  return (
    <Row marked={search.call === decision.id}>
      <span className="text-sm text-muted" title={clock(decision.at)}>
        <When at={decision.at} />
      </span>
      <Cell
        className="max-md:basis-full"
        title={
          <Link
            to="."
            search={{ ...search, call: decision.id } as never}
            resetScroll={false}
            data-item={decision.id}
            aria-label={text.apps.calls.open(call)}
            className="font-mono text-sm hover:underline"
          >
            {call}
          </Link>
        }
        sub={[other, decision.environment?.name, decision.client?.name].filter(Boolean).join(" · ")}
      />
      <span className="inline-flex flex-wrap items-center gap-2">
        <code className="font-mono text-sm">{decision.status}</code>
        <Pill tone={good ? "ok" : "bad"}>{good ? text.apps.calls.passed : conclusion(decision, text).title}</Pill>
      </span>
    </Row>
  );
}

function Open({ call, side, back, onClose }: { call: string; side: Side; back: string; onClose: () => void }) {
  const { calls } = useText().apps;
  const found = useMaybe("/api/v1/decisions/{id}", { params: { path: { id: call } } });
  return (
    <Panel title={calls.why} item={call} back={back} onClose={onClose}>
      {found.error ? <ProblemBanner error={found.error} /> : null}
      {found.data ? <Explain decision={found.data} side={side} /> : found.error ? null : <Waiting />}
    </Panel>
  );
}
