import { Link, useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { useGet } from "#/client/use";
import { useDesign } from "#/i18n/design";
import { day } from "#/i18n/format";
import { Text as Blocks } from "#/ui/blocks";
import { Waiting } from "#/ui/list";
import { Empty, Section } from "#/ui/page";

/** The pages of an API for its readers: a table of contents and one page, the first unless the address names another. */
export function ApiDocs() {
  const { docs } = useDesign();
  const { api, page } = useParams({ strict: false }) as { api: string; page?: string };
  const { items } = useGet("/api/v1/apis/{id}/pages", { params: { path: { id: api } } });
  const shown = page ?? items[0]?.slug;
  if (!shown) return <Empty title={docs.empty}>{docs.emptyHint}</Empty>;
  return (
    <div className="grid items-start gap-x-10 gap-y-5 lg:grid-cols-[14rem_minmax(0,1fr)]">
      <nav aria-label={docs.pages}>
        <ul className="grid gap-0.5">
          {items.map((one) => (
            <li key={one.slug}>
              <Link
                to="/apis/$api/docs/$page"
                params={{ api, page: one.slug }}
                aria-current={one.slug === shown ? "page" : undefined}
                className={`block rounded-md px-2.5 py-1.5 hover:bg-sunken [overflow-wrap:anywhere] ${one.slug === shown ? "bg-sunken font-semibold" : "text-muted"}`}
              >
                {one.title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Suspense fallback={<Waiting />}>
        <One api={api} page={shown} />
      </Suspense>
    </div>
  );
}

function One({ api, page }: { api: string; page: string }) {
  const { docs } = useDesign();
  const it = useGet("/api/v1/apis/{id}/pages/{page}", { params: { path: { id: api, page } } });
  const edits = it.actions.some((one) => one.action === "edit" && one.allowed);
  return (
    <article className="max-w-[72ch]">
      <Section
        title={it.title}
        sub={docs.changed(day(it.changed_at))}
        id="page"
        actions={
          edits ? (
            <Link to="/provide/apis/$api/docs" params={{ api }} search={{ item: page }} className="underline">
              {docs.edit}
            </Link>
          ) : undefined
        }
      >
        <Blocks blocks={it.blocks} />
      </Section>
    </article>
  );
}
