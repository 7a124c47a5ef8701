import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useList, useMaybe } from "#/client/use";
import { useText } from "#/i18n";
import { Button, buttonClass } from "#/ui/button";
import { Listed, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { SearchBox } from "#/ui/search";
import { Filters } from "./filters";
import { ApiRow } from "./row";

/** Every API that the reader may see, with what they have to do with it. */
export function Catalog() {
  const { catalog } = useText();
  const filter = useSearch({ from: "/catalog" });
  const { q, tag, group } = filter;
  const navigate = useNavigate();
  const provides = useMaybe("/api/v1/me/pulse").data?.navigation.provide ?? false;
  const list = useList("/api/v1/apis", {
    params: { query: { ...(q ? { q } : {}), ...(tag ? { tag } : {}), ...(group ? { group } : {}) } },
  });
  const search = (words: string) =>
    void navigate({
      to: "/catalog",
      search: { ...(words ? { q: words } : {}), ...(tag ? { tag } : {}), ...(group ? { group } : {}) },
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <PageHead title={catalog.title} sub={catalog.sub} />
      <SearchBox label={catalog.search} value={q ?? ""} onValue={search} />
      <Filters filter={filter} />
      <Listed
        list={list}
        empty={
          q || tag || group ? (
            <Empty
              title={catalog.noMatch(q ?? tag ?? "")}
              action={<Button onClick={() => void navigate({ to: "/catalog", search: {} })}>{catalog.clear}</Button>}
            >
              {catalog.noMatchHint}
            </Empty>
          ) : (
            <Empty
              title={catalog.empty}
              action={
                provides ? (
                  <Link to="/provide/apis/new" className={buttonClass("primary")}>
                    {catalog.emptyAction}
                  </Link>
                ) : undefined
              }
            >
              {catalog.emptyHint}
            </Empty>
          )
        }
      >
        <Rows columns="grid-cols-[auto_minmax(0,3fr)_minmax(0,2fr)_auto]" label={catalog.title}>
          <RowHead names={catalog.columns} />
          {list.items.map((api) => (
            <ApiRow key={api.id} api={api} />
          ))}
        </Rows>
      </Listed>
    </>
  );
}
