import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useList } from "#/client/use";
import { useText, word } from "#/i18n";
import { useRequests } from "#/i18n/requests";
import { Button, buttonClass } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Listed } from "#/ui/list";
import { Empty } from "#/ui/page";
import { WithApi } from "#/ui/withapi";
import { FILTERS, Own } from "../subscription/own";
import { useApp } from "./app";

/** My apps › app › APIs: every contract and every pending request, with its state and what can be done. */
export function AppApis() {
  const { access } = useRequests();
  const app = useApp();
  const { status: filter = "current" } = useSearch({ from: "/apps/$app/apis" });
  const navigate = useNavigate({ from: "/apps/$app/apis" });
  const path = { id: app.id };
  const list = useList("/api/v1/apps/{id}/apis", { params: { path, query: { limit: 200 } } });
  const ended = useList("/api/v1/subscriptions", { params: { query: { app: app.id, status: "Inactive" } } });
  const of = (value: string) =>
    value === "current"
      ? list.items
      : value === "ended"
        ? ended.items
        : list.items.filter((one) => one.state === value);
  const shown = of(filter);
  const choose = (status: string) =>
    void navigate({ search: { status: status === "current" ? undefined : status }, resetScroll: false });
  const chip = (value: string, label: string) => {
    const n = of(value).length;
    return { value, label, count: n > 0 ? String(n) : undefined };
  };
  const some = list.items.length > 0 || ended.items.length > 0;
  const empty = some ? (
    <Empty
      title={access.emptyFiltered}
      action={filter === "current" ? undefined : <Button onClick={() => choose("current")}>{access.current}</Button>}
    >
      {access.emptyFilteredHint}
    </Empty>
  ) : (
    <Nothing mayRequest={app.may_subscribe} />
  );
  return (
    <>
      {some ? (
        <Chips
          label={access.filter}
          value={filter}
          onValue={choose}
          options={[
            chip("current", access.current),
            ...FILTERS.map((value) => chip(value, word(access.states, value))),
            chip("ended", access.ended),
          ]}
        />
      ) : null}
      <Listed list={{ ...(filter === "ended" ? ended : list), items: shown }} empty={empty}>
        <Own items={shown} label={access.label} />
      </Listed>
      <WithApi method="GET" path={`/api/v1/apps/${app.id}/apis`} />
    </>
  );
}

function Nothing({ mayRequest }: { mayRequest: boolean }) {
  const { apps } = useText();
  const { access } = useRequests();
  return (
    <Empty
      title={access.empty}
      action={
        mayRequest ? (
          <Link to="/catalog" className={buttonClass("primary")}>
            {apps.overview.catalog}
          </Link>
        ) : undefined
      }
    >
      {access.emptyHint}
      {mayRequest ? null : <p className="mt-1">{apps.requestDenied}</p>}
    </Empty>
  );
}
