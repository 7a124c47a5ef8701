import { Link, useSearch } from "@tanstack/react-router";
import type { PlanOverview } from "#/client/schema";
import { useList } from "#/client/use";
import { useText } from "#/i18n";
import { limitWords } from "#/ui/limits";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Collection } from "#/ui/panel";
import { Pill } from "#/ui/pill";
import { PlanPanel } from "./plan";

/** The plans that the caller's organizations have, and those that all share; one of them open beside the list. */
export function Plans() {
  const { plans } = useText();
  const search = useSearch({ from: "/provide/plans" });
  const list = useList("/api/v1/plans", { params: { query: { limit: 50 } } });
  return (
    <Collection
      text={plans}
      search={search}
      list={list}
      rows={<PlanRows items={list.items} item={search.item} />}
      panel={(opened) => <PlanPanel {...opened} />}
    />
  );
}

function PlanRows({ items, item }: { items: PlanOverview[]; item: string | undefined }) {
  const text = useText();
  const { plans } = text;
  const { columns } = plans;
  const wide = item === undefined;
  return (
    <Rows
      columns={
        wide
          ? "md:grid-cols-[minmax(0,2fr)_minmax(0,1.5fr)_auto_minmax(0,1fr)]"
          : "md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]"
      }
      label={plans.list}
    >
      <RowHead
        names={wide ? [columns.name, columns.limits, columns.admission, columns.owner] : [columns.name, columns.limits]}
      />
      {items.map((plan) => (
        <Row key={plan.id} marked={plan.id === item}>
          <Cell
            className="max-md:w-full"
            title={
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Link
                  to="/provide/plans"
                  search={{ item: plan.id }}
                  resetScroll={false}
                  data-item={plan.id}
                  aria-current={plan.id === item ? "true" : undefined}
                  className="hover:underline"
                >
                  {plan.name}
                </Link>
                {plan.default ? <Pill tone="go">{plans.isDefault}</Pill> : null}
              </span>
            }
            sub={plan.description}
          />
          <span>{limitWords(plan.limits, text)}</span>
          {wide ? (
            <>
              <span className="text-muted">{plan.requires_approval ? plans.needsApproval : plans.noApproval}</span>
              <span className="text-muted [overflow-wrap:anywhere]">{plan.organization_name ?? plans.shared}</span>
            </>
          ) : null}
        </Row>
      ))}
    </Rows>
  );
}
