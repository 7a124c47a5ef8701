import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Connection } from "#/client/schema";
import { useList } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button, buttonClass } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Listed, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { WithApi } from "#/ui/withapi";
import { Ending, Tie } from "./tied";

const TYPES = ["access", "follow", "membership"];
const STATES = ["pending", "active", "suspended", "rejected"];

/** My Connections Collection: what ties me and my apps to APIs, apps and organizations. */
export function Connections() {
  const { connections: words } = useText();
  const { type, state } = useSearch({ from: "/connections" });
  const navigate = useNavigate({ from: "/connections" });
  const list = useList("/api/v1/me/connections", { params: { query: { state, type: type as "access" | undefined } } });
  const [ending, setEnding] = useState<Connection>();
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
            <Tie key={one.id} one={one} onEnd={() => setEnding(one)} />
          ))}
        </Rows>
      </Listed>
      <Ending one={ending} onDone={() => setEnding(undefined)} />
      <WithApi method="GET" path="/api/v1/me/connections" />
    </>
  );
}
