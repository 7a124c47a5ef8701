import { Link, useSearch } from "@tanstack/react-router";
import type { LimitGroupOverview } from "#/client/schema";
import { useList } from "#/client/use";
import { useText } from "#/i18n";
import { limitWords } from "#/ui/limits";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Collection } from "#/ui/panel";
import { LimitPanel } from "./limit";

/** The windows that plans cap calls with; one group open beside the list. */
export function LimitGroups() {
  const { limits } = useText().plans;
  const search = useSearch({ from: "/provide/limits" });
  const list = useList("/api/v1/limit_groups", { params: { query: { limit: 50 } } });
  return (
    <Collection
      text={limits}
      search={search}
      list={list}
      rows={<GroupRows items={list.items} item={search.item} />}
      panel={(opened) => <LimitPanel {...opened} />}
    />
  );
}

function GroupRows({ items, item }: { items: LimitGroupOverview[]; item: string | undefined }) {
  const text = useText();
  const { limits } = text.plans;
  const { columns } = limits;
  const wide = item === undefined;
  return (
    <Rows
      columns={
        wide
          ? "md:grid-cols-[minmax(0,1.5fr)_minmax(0,2fr)_auto_minmax(0,1fr)]"
          : "md:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]"
      }
      label={limits.list}
    >
      <RowHead
        names={wide ? [columns.name, columns.windows, columns.plans, columns.owner] : [columns.name, columns.windows]}
      />
      {items.map((group) => (
        <Row key={group.id} marked={group.id === item}>
          <Cell
            className="max-md:w-full"
            title={
              <Link
                to="/provide/limits"
                search={{ item: group.id }}
                resetScroll={false}
                data-item={group.id}
                aria-current={group.id === item ? "true" : undefined}
                className="hover:underline"
              >
                {group.name}
              </Link>
            }
          />
          <span>{limitWords(group.windows, text)}</span>
          {wide ? (
            <>
              <span className="text-muted">{limits.plans(group.plans.length)}</span>
              <span className="text-muted [overflow-wrap:anywhere]">
                {group.organization_name ?? text.plans.shared}
              </span>
            </>
          ) : null}
        </Row>
      ))}
    </Rows>
  );
}
