import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useList } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button, buttonClass } from "#/ui/button";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { Badge } from "#/ui/pill";
import { SearchBox } from "#/ui/search";
import { When } from "#/ui/time";
import { AccessCounts } from "./counts";

/** The apps of my teams and organizations. */
export function Apps() {
  const { apps } = useText();
  const { q } = useSearch({ from: "/apps" });
  const navigate = useNavigate({ from: "/apps" });
  const list = useList("/api/v1/apps", { params: { query: { q } } });
  const search = useCallback(
    (words: string) => void navigate({ search: { q: words || undefined }, replace: true, resetScroll: false }),
    [navigate],
  );
  const create = (
    <Link to="/apps/new" className={buttonClass("primary")}>
      {apps.create}
    </Link>
  );
  const empty = q ? (
    <Empty title={apps.filtered(q)} action={<Button onClick={() => search("")}>{apps.showAll}</Button>}>
      {apps.filteredHint}
    </Empty>
  ) : (
    <Empty title={apps.empty} action={create}>
      {apps.emptyHint}
    </Empty>
  );
  return (
    <>
      <PageHead title={apps.title} sub={apps.sub} actions={create} />
      {q || list.items.length > 5 ? <SearchBox label={apps.filter} value={q ?? ""} onValue={search} /> : null}
      <Listed list={list} empty={empty}>
        <Rows columns="grid-cols-[minmax(12rem,1.4fr)_minmax(12rem,2fr)_auto_auto]" label={apps.title}>
          <RowHead names={apps.columns} />
          {list.items.map((app) => (
            <Row key={app.id}>
              <Cell
                className="max-md:basis-full"
                title={
                  <span className="inline-flex flex-wrap items-center gap-2">
                    <Link
                      to="/apps/$app"
                      params={{ app: app.id }}
                      className="inline-flex min-h-6 items-center hover:underline"
                    >
                      {app.name}
                    </Link>
                    {app.unread > 0 ? <Badge count={app.unread} label={apps.answers(app.unread)} /> : null}
                  </span>
                }
                sub={app.organization_name}
              />
              <span className="max-md:basis-full">
                <AccessCounts counts={app.counts} />
              </span>
              <span className="text-sm text-muted">
                {app.last_call_at ? (
                  <>
                    <span className="md:sr-only">{apps.overview.lastCall} </span>
                    <When at={app.last_call_at} />
                  </>
                ) : (
                  apps.noCalls
                )}
              </span>
              <span className="text-sm max-md:ml-auto">{app.role ? word(apps.roles, app.role) : apps.noRole}</span>
            </Row>
          ))}
        </Rows>
      </Listed>
    </>
  );
}
