import { useEffect } from "react";
import type { OrganizationOverview } from "#/client/schema";
import { session } from "#/client/session";
import { useList } from "#/client/use";
import { useAuditText } from "#/i18n/audit";
import { buttonClass } from "#/ui/button";
import { Listed, Rows, Waiting } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { WithApi } from "#/ui/withapi";
import { Item } from "./entry";
import { Filters, Narrowed } from "./filters";
import { exportOf, queryOf, useAudit } from "./search";
import { Verify } from "./verify";

/** The trail of an organization; of everything, for site administrators. */
export function Audit() {
  const audit = useAuditText();
  const { search } = useAudit();
  const all = useList("/api/v1/organizations", { params: { query: { limit: 200 } } });
  const mine = all.items.filter(answersFor);
  const site = session().user.site_admin === true;
  const organization = search.organization ?? (site ? undefined : mine[0]?.id);
  const known = site || organization !== undefined;
  return (
    <>
      <PageHead
        title={audit.title}
        sub={audit.sub}
        actions={
          known
            ? (["jsonl", "csv"] as const).map((format) => (
                <a key={format} download className={buttonClass()} href={exportOf({ ...search, organization }, format)}>
                  {`${audit.export}: ${audit[format]}`}
                </a>
              ))
            : null
        }
      />
      {site && !search.organization ? <Verify /> : null}
      {known ? (
        <>
          <Filters organizations={mine} organization={organization} site={site} />
          <Narrowed />
          <Entries organization={organization} />
        </>
      ) : all.loading ? (
        <Waiting />
      ) : (
        <Empty title={audit.nowhere}>{audit.nowhereHint}</Empty>
      )}
    </>
  );
}

function answersFor({ actions }: OrganizationOverview): boolean {
  return actions.some(({ action, allowed }) => action === "trail" && allowed);
}

function Entries({ organization }: { organization: string | undefined }) {
  const audit = useAuditText();
  const { search } = useAudit();
  const query = { ...queryOf(search), organization, limit: 50 };
  const list = useList("/api/v1/trail", { params: { query } });
  // The server looks through a stretch at a time: a page without entries may be followed by one with some.
  const { items, more, loadingMore } = list;
  useEffect(() => {
    if (items.length === 0 && more && !loadingMore) more();
  }, [items.length, more, loadingMore]);
  const looking = items.length === 0 && more !== undefined;
  return (
    <>
      <h2 className="sr-only">{audit.entries}</h2>
      {looking ? <p className="mb-2 text-sm text-muted">{audit.searching}</p> : null}
      <Listed
        list={{ ...list, loading: list.loading || looking }}
        empty={<Empty title={audit.emptyTitle}>{audit.empty}</Empty>}
      >
        <Rows columns="grid-cols-[9rem_minmax(0,1fr)_auto]" label={audit.entries}>
          {items.map((entry) => (
            <Item key={entry.seq} entry={entry} />
          ))}
        </Rows>
      </Listed>
      <p className="mt-3 max-w-[62ch] text-sm text-muted">{audit.exportHint}</p>
      <WithApi method="GET" path={exportOf({ ...search, organization }, "jsonl")} />
    </>
  );
}
