import { useNavigate, useSearch } from "@tanstack/react-router";
import type { StatusCounts } from "#/client/schema";
import { useList } from "#/client/use";
import { useText } from "#/i18n";
import { counted } from "#/i18n/format";
import { Button } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Listed } from "#/ui/list";
import { Empty } from "#/ui/page";
import { WithApi } from "#/ui/withapi";
import { useAct } from "../subscription/act";
import { AppRows } from "./rows";
import { useProvided } from "./use";

type Status = "Access Requested" | "Active" | "Suspended" | "Rejected" | "Inactive";
const STATUSES: Status[] = ["Access Requested", "Active", "Suspended", "Rejected", "Inactive"];

/** How many there are in a state, for those who decide; ended ones are not counted. */
function inState(counts: StatusCounts | null | undefined, status: string): string | undefined {
  if (!counts) return undefined;
  const { access_requested, active, suspended, rejected } = counts;
  const numbers: Record<string, number> = {
    "": access_requested + active + suspended + rejected,
    "Access Requested": access_requested,
    Active: active,
    Suspended: suspended,
    Rejected: rejected,
  };
  const n = numbers[status];
  return n === undefined ? undefined : counted(n);
}

/** API > Apps: what waits first, with its decision right there; then all others. The filter is in the address. */
export function ProvidedApps() {
  const { provide } = useText();
  const { apps } = provide;
  const api = useProvided();
  const search = useSearch({ from: "/provide/apis/$api/apps" });
  const navigate = useNavigate({ from: "/provide/apis/$api/apps" });
  const status = STATUSES.find((one) => one === search.status);
  const list = useList("/api/v1/subscriptions", { params: { query: { api: api.id, status, limit: 100 } } });
  const { act, dialogs } = useAct();
  const choose = (value: string | undefined) => void navigate({ search: { status: value }, resetScroll: false });
  // What waits for a decision, then what waits for activation.
  const waits = [
    ...list.items.filter((one) => one.state === "requested"),
    ...list.items.filter((one) => one.state === "approved"),
  ];
  const others = list.items.filter((one) => one.status !== "Access Requested");
  const empty = status ? (
    <Empty title={apps.emptyFiltered} action={<Button onClick={() => choose(undefined)}>{apps.showAll}</Button>}>
      {apps.emptyFilteredHint}
    </Empty>
  ) : (
    <Empty title={apps.empty}>{apps.emptyHint}</Empty>
  );
  return (
    <>
      <p className="mb-4 max-w-[62ch] text-muted">{apps.sub}</p>
      <Chips
        label={apps.filter}
        value={status ?? ""}
        onValue={(value) => choose(value || undefined)}
        options={["", ...STATUSES].map((value) => ({
          value,
          label: apps.filters[value] ?? value,
          count: inState(api.counts, value),
        }))}
      />
      <Listed list={list} empty={empty}>
        <AppRows
          label={apps.title}
          groups={[
            { title: apps.pending, items: waits },
            { title: apps.others, items: others },
          ]}
          onAct={act}
        />
      </Listed>
      {dialogs}
      <WithApi method="GET" path={`/api/v1/subscriptions?api=${api.id}`} />
    </>
  );
}
