import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Connection, ResourceName } from "#/client/schema";
import { session } from "#/client/session";
import { useList } from "#/client/use";
import { useText, word } from "#/i18n";
import { day } from "#/i18n/format";
import { Button, buttonClass } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { StatusPill } from "#/ui/pill";
import { ResourceLink } from "#/ui/resource";
import { Wire, wireOf } from "#/ui/wire";
import { WithApi } from "#/ui/withapi";

const TYPES = ["access", "follow", "membership"];
const STATES = ["pending", "active", "suspended", "rejected"];

/** My Connections Collection: what ties me and my apps to APIs, apps and organizations. */
export function Connections() {
  const { connections: words } = useText();
  const { type, state } = useSearch({ from: "/connections" });
  const navigate = useNavigate({ from: "/connections" });
  const list = useList("/api/v1/me/connections", { params: { query: { state, type } } });
  const filter = (next: { type?: string; state?: string }) =>
    void navigate({ search: (now) => ({ ...now, ...next }), resetScroll: false });
  const all = (value: string) => (value === "" ? undefined : value);
  const empty =
    type || state ? (
      <Empty
        title={words.emptyFiltered}
        action={<Button onClick={() => filter({ type: undefined, state: undefined })}>{words.showAll}</Button>}
      >
        {words.emptyFilteredHint}
      </Empty>
    ) : (
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
    <>
      <PageHead title={words.title} sub={words.sub} />
      <div className="flex flex-wrap gap-x-6">
        <Chips
          label={words.filterType}
          value={type ?? ""}
          onValue={(value) => filter({ type: all(value) })}
          options={[
            { value: "", label: words.all },
            ...TYPES.map((value) => ({ value, label: word(words.types, value) })),
          ]}
        />
        <Chips
          label={words.filterState}
          value={state ?? ""}
          onValue={(value) => filter({ state: all(value) })}
          options={[
            { value: "", label: words.all },
            ...STATES.map((value) => ({ value, label: word(words.states, value) })),
          ]}
        />
      </div>
      <Listed list={list} empty={empty}>
        <Rows
          columns="grid-cols-[minmax(8rem,1fr)_auto_minmax(8rem,1.2fr)_minmax(8rem,1.2fr)_auto]"
          label={words.title}
        >
          <RowHead names={words.columns} />
          {list.items.map((one) => (
            <ConnectionRow key={one.id} connection={one} />
          ))}
        </Rows>
      </Listed>
      <WithApi method="GET" path="/api/v1/me/connections" />
    </>
  );
}

function ConnectionRow({ connection }: { connection: Connection }) {
  const { connections: words, common } = useText();
  const { type, a, b, since } = connection;
  const access = type === "access";
  const terms = access
    ? words.terms(connection.plan?.name ?? "", connection.environment?.name ?? "")
    : type === "follow"
      ? words.follows
      : words.member;
  return (
    <Row>
      <Cell className="max-md:flex-1" title={<End of={a} />} sub={word(words.type, type)} />
      <span className="max-md:order-first max-md:basis-full">
        <Wire state={wireOf(connection.state)} />
      </span>
      <Cell className="max-md:flex-1" title={<End of={b} />} sub={word(common.kinds, b.kind)} />
      <Cell
        className="max-md:basis-full"
        title={
          access ? (
            <Link
              to="/subscriptions/$subscription"
              params={{ subscription: connection.id }}
              className="inline-flex min-h-6 items-center font-normal hover:underline"
            >
              {terms}
            </Link>
          ) : (
            <span className="font-normal">{terms}</span>
          )
        }
        sub={since ? common.since(day(since)) : undefined}
      />
      <span className="md:max-w-44">
        <StatusPill status={connection.status} waitsForActivation={connection.state === "approved"} />
      </span>
    </Row>
  );
}

/** An end by its name; oneself is not a link. */
function End({ of }: { of: ResourceName }) {
  const { connections: words } = useText();
  if (of.id === session().user.id) return words.you;
  return <ResourceLink of={of} />;
}
