import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useList } from "#/client/use";
import { word } from "#/i18n";
import { useRequests } from "#/i18n/requests";
import { Button, buttonClass } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Listed } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { WithApi } from "#/ui/withapi";
import { FILTERS, Own } from "../subscription/own";

/** The states that can be asked for; what has ended goes by its status, which is cancelled and expired together. */
const STATES = [...FILTERS, "ended"];

/** What the apps of this person have asked for, over all apps: its state, the answer to it, and other terms that wait. */
export function Requests() {
  const words = useRequests();
  const search = useSearch({ from: "/requests" });
  const navigate = useNavigate({ from: "/requests" });
  const state = STATES.find((one) => one === search.state);
  const unread = search.unread ? true : undefined;
  const which = state === "ended" ? ({ status: "Inactive" } as const) : { state };
  const list = useList("/api/v1/subscriptions", { params: { query: { mine: true, unread, ...which, limit: 50 } } });
  const filter = (next: { state?: string; unread?: boolean }) =>
    void navigate({ search: (now) => ({ ...now, ...next }), resetScroll: false });
  return (
    <>
      <PageHead title={words.title} sub={words.sub} />
      <div className="flex flex-wrap gap-x-6">
        <Chips
          label={words.access.filter}
          value={state ?? ""}
          onValue={(value) => filter({ state: value || undefined })}
          options={["", ...STATES].map((value) => ({ value, label: labelOf(value, words.access) }))}
        />
        <Chips
          label={words.answers}
          value={unread ? "unread" : ""}
          onValue={(value) => filter({ unread: value ? true : undefined })}
          options={[
            { value: "", label: words.anyAnswer },
            { value: "unread", label: words.unread },
          ]}
        />
      </div>
      <Listed list={list} empty={<Nothing state={state} unread={unread} />}>
        <Own items={list.items} label={words.title} withApp />
      </Listed>
      <WithApi method="GET" path="/api/v1/subscriptions?mine=true" />
    </>
  );
}

function labelOf(value: string, access: ReturnType<typeof useRequests>["access"]): string {
  if (value === "") return access.current;
  return value === "ended" ? access.ended : word(access.states, value);
}

function Nothing({ state, unread }: { state: string | undefined; unread: boolean | undefined }) {
  const words = useRequests();
  const navigate = useNavigate({ from: "/requests" });
  if (!state && !unread)
    return (
      <Empty
        title={words.empty}
        action={
          <Link to="/catalog" className={buttonClass("primary")}>
            {words.catalog}
          </Link>
        }
      >
        {words.emptyHint}
      </Empty>
    );
  return (
    <Empty
      title={state ? words.access.emptyFiltered : words.emptyUnread}
      action={<Button onClick={() => void navigate({ search: {}, resetScroll: false })}>{words.showAll}</Button>}
    >
      {state ? words.access.emptyFilteredHint : words.emptyUnreadHint}
    </Empty>
  );
}
