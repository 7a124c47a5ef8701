import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { ApiSummary } from "#/client/schema";
import { useList } from "#/client/use";
import { useText } from "#/i18n";
import { counted } from "#/i18n/format";
import { Button, buttonClass } from "#/ui/button";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { Refused } from "#/ui/refused";
import { SearchBox } from "#/ui/search";
import { maySharedByAll, useDesigned } from "../plan/owner";

/** Everything that the caller provides: what is published, what waits, who follows. */
export function ProvidedApis() {
  const { provide } = useText();
  const { q } = useSearch({ from: "/provide/apis" });
  const navigate = useNavigate({ from: "/provide/apis" });
  const list = useList("/api/v1/apis", { params: { query: { mine: true, q } } });
  const search = useCallback(
    (words: string) => void navigate({ search: { q: words || undefined }, replace: true, resetScroll: false }),
    [navigate],
  );
  const create = <Create />;
  return (
    <>
      <PageHead title={provide.title} sub={provide.sub} actions={create} />
      {q || list.items.length > 5 ? <SearchBox label={provide.filter} value={q ?? ""} onValue={search} /> : null}
      <Listed
        list={list}
        empty={
          q ? (
            <Empty title={provide.filtered(q)} action={<Button onClick={() => search("")}>{provide.showAll}</Button>}>
              {provide.filteredHint}
            </Empty>
          ) : (
            <Empty title={provide.empty} action={create}>
              {provide.emptyHint}
            </Empty>
          )
        }
      >
        <ApiRows items={list.items} />
      </Listed>
    </>
  );
}

/** The way to a new API, or who could make one. */
function Create() {
  const { provide } = useText();
  const may = useDesigned().length > 0 || maySharedByAll();
  if (!may) return <Refused reason={provide.createDenied}>{provide.create}</Refused>;
  return (
    <Link to="/provide/apis/new" className={buttonClass("primary")}>
      {provide.create}
    </Link>
  );
}

/** The server says that nobody can ask for access because nothing is published: then it is a draft. */
function isDraft(api: ApiSummary): boolean {
  return api.actions.some((offer) => offer.action === "request" && offer.reason === "not_published");
}

function ApiRows({ items }: { items: ApiSummary[] }) {
  const { provide, common } = useText();
  const { columns } = provide;
  return (
    <Rows columns="grid-cols-[minmax(12rem,2fr)_minmax(6rem,1fr)_auto_minmax(8rem,auto)_auto]" label={provide.title}>
      <RowHead names={[columns.api, columns.versions, columns.state, columns.waiting, columns.followers]} />
      {items.map((api) => (
        <Row key={api.id}>
          <Cell
            className="max-md:basis-full"
            title={
              <Link to="/provide/apis/$api" params={{ api: api.id }} className="hover:underline">
                {api.name}
              </Link>
            }
            sub={
              <>
                <code className="font-mono">{`/${api.slug}`}</code>
                {` · ${api.organization_name}`}
              </>
            }
          />
          <span className="[overflow-wrap:anywhere]">
            {api.versions.length > 0 ? (
              <code className="font-mono text-sm">{api.versions.map((version) => version.name).join("  ")}</code>
            ) : (
              <span className="text-muted">{provide.noVersion}</span>
            )}
          </span>
          <span>
            {isDraft(api) ? (
              <Pill tone="off">{provide.states.draft}</Pill>
            ) : (
              <Pill tone="ok">{provide.states.published}</Pill>
            )}
          </span>
          <span>
            {api.waiting ? (
              <Link to="/inbox" className="font-semibold text-wait underline underline-offset-3">
                {provide.waiting(api.waiting)}
              </Link>
            ) : (
              <span className="text-muted">{provide.nothingWaits}</span>
            )}
          </span>
          <Link
            to="/provide/apis/$api/followers"
            params={{ api: api.id }}
            className="text-muted hover:underline md:text-right"
            aria-label={common.followers(api.followers)}
          >
            <span className="max-md:hidden">{counted(api.followers)}</span>
            <span className="md:hidden">{common.followers(api.followers)}</span>
          </Link>
        </Row>
      ))}
    </Rows>
  );
}
