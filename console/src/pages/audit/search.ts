import { useNavigate, useSearch } from "@tanstack/react-router";

/** What is looked for; all of it stands in the address. */
export type AuditSearch = {
  organization?: string;
  kind?: string;
  id?: string;
  actor?: string;
  verb?: string;
  /** Days, both included. */
  since?: string;
  until?: string;
  text?: string;
  request?: string;
  order?: "oldest";
};

/** The beginning of a day, here, as the server takes it; of the day after it, for the end of a range. */
function instant(day: string | undefined, plus: number): string | undefined {
  if (!day?.match(/^\d{4}-\d{2}-\d{2}$/)) return undefined;
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + plus).toISOString();
}

/** The query of the server for a search. */
export function queryOf({ order, since, until, ...rest }: AuditSearch) {
  return { ...rest, since: instant(since, 0), until: instant(until, 1), ...(order ? { order } : {}) };
}

/** The address of a file with everything that a search finds. */
export function exportOf(search: AuditSearch, format: "jsonl" | "csv"): string {
  const { order: _, ...query } = queryOf(search) as Record<string, string | undefined>;
  const given = Object.entries({ ...query, format }).filter(([, value]) => value) as [string, string][];
  return `/api/v1/trail/export?${new URLSearchParams(given)}`;
}

/** The search of the address, and how to change it. What is set to nothing leaves the address. */
export function useAudit() {
  const search = useSearch({ from: "/org/audit" });
  const navigate = useNavigate({ from: "/org/audit" });
  const change = (some: AuditSearch) => {
    const next = Object.entries({ ...search, ...some }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(next) as AuditSearch, resetScroll: false });
  };
  return { search, change };
}
