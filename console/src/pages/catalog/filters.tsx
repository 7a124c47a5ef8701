import { Link } from "@tanstack/react-router";
import { useMaybe } from "#/client/use";
import { useDesign } from "#/i18n/design";

export type Filter = { q?: string; tag?: string; group?: string };

const look = (on: boolean) =>
  `inline-flex min-h-7 items-center rounded-full border px-2.5 text-sm ${on ? "border-accent bg-accent-soft font-semibold" : "border-line bg-surface hover:border-control"}`;

/** Tags and groups that narrow the catalogue; the address keeps what is chosen. */
export function Filters({ filter }: { filter: Filter }) {
  const { filters } = useDesign();
  const tags = useMaybe("/api/v1/tags", { params: { query: { limit: 50 } } }).data?.items ?? [];
  const groups = useMaybe("/api/v1/api_groups", { params: { query: { limit: 50 } } }).data?.items ?? [];
  const without = (key: keyof Filter): Filter => {
    const { [key]: _, ...rest } = filter;
    return rest;
  };
  return (
    <div className="mb-4 grid gap-2">
      {tags.length > 0 ? (
        <nav aria-label={filters.tags} className="flex flex-wrap gap-1.5">
          <Link to="/catalog" search={without("tag")} className={look(!filter.tag)} resetScroll={false}>
            {filters.all}
          </Link>
          {tags.map(({ tag, apis }) => (
            <Link
              key={tag}
              to="/catalog"
              search={{ ...filter, tag }}
              aria-current={filter.tag === tag ? "true" : undefined}
              className={look(filter.tag === tag)}
              resetScroll={false}
            >
              {filters.tag(tag, apis)}
            </Link>
          ))}
        </nav>
      ) : null}
      {groups.length > 0 ? (
        <nav aria-label={filters.group} className="flex flex-wrap gap-1.5">
          <Link to="/catalog" search={without("group")} className={look(!filter.group)} resetScroll={false}>
            {filters.anyGroup}
          </Link>
          {groups.map(({ id, name }) => (
            <Link
              key={id}
              to="/catalog"
              search={{ ...filter, group: id }}
              aria-current={filter.group === id ? "true" : undefined}
              className={look(filter.group === id)}
              resetScroll={false}
            >
              {name}
            </Link>
          ))}
        </nav>
      ) : null}
    </div>
  );
}
