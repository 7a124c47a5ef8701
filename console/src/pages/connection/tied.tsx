import { useState } from "react";
import type { Connection, ResourceName } from "#/client/schema";
import { session } from "#/client/session";
import { useList, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { day } from "#/i18n/format";
import { useParties } from "#/i18n/parties";
import { Button } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Confirm } from "#/ui/dialog";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { StatusPill } from "#/ui/pill";
import { ResourceLink } from "#/ui/resource";
import { useToast } from "#/ui/toast";
import { Wire, wireOf } from "#/ui/wire";

export type Kind = "apis" | "apps" | "groups" | "organizations" | "subscriptions" | "users";

/** The types of tie that something of a kind can have. */
const TYPES: Record<Kind, string[]> = {
  apis: ["access", "follow", "membership"],
  apps: ["access", "follow", "membership"],
  groups: ["follow", "membership"],
  organizations: ["follow", "management", "membership"],
  subscriptions: ["access", "membership"],
  users: ["access", "follow", "membership"],
};

/** The Connections Collection of a resource: what ties it, from either end. */
export function Tied({ of, id, hint }: { of: Kind; id: string; hint?: string }) {
  const { connections: words } = useText();
  const { connections } = useParties();
  const [type, setType] = useState("");
  // All of them have one shape; their paths differ.
  const path = `/api/v1/${of}/{id}/connections` as "/api/v1/apis/{id}/connections";
  const query = type ? { type: type as "access" } : {};
  const list = useList(path, { params: { path: { id }, query } });
  const [ending, setEnding] = useState<Connection>();
  return (
    <Section title={connections.title} sub={hint ?? connections.hint} id="connections">
      <Chips
        label={words.filterType}
        value={type}
        onValue={setType}
        options={[
          { value: "", label: words.all },
          ...TYPES[of].map((value) => ({ value, label: word(words.types, value) })),
        ]}
      />
      <Listed list={list} empty={<Empty title={words.emptyFiltered}>{words.emptyFilteredHint}</Empty>}>
        <Rows
          columns="grid-cols-[minmax(7rem,1fr)_auto_minmax(7rem,1fr)_minmax(7rem,1.2fr)_auto]"
          label={connections.title}
        >
          <RowHead names={words.columns} />
          {list.items.map((one) => (
            <Tie key={one.id} one={one} onEnd={() => setEnding(one)} />
          ))}
        </Rows>
      </Listed>
      <Ending one={ending} onDone={() => setEnding(undefined)} />
    </Section>
  );
}

/** What the tie says: terms of an access, a role, or that somebody gets the news. */
function useTerms(): (one: Connection) => string {
  const { connections: words } = useText();
  const { connections } = useParties();
  return (one) => {
    if (one.type === "access") return words.terms(one.plan?.name ?? "", one.environment?.name ?? "");
    if (one.type === "follow") return words.follows;
    if (one.type === "management") return connections.manages;
    return word(connections.roles, one.role);
  };
}

export function Tie({ one, onEnd }: { one: Connection; onEnd: () => void }) {
  const { connections: words, common } = useText();
  const { connections } = useParties();
  const terms = useTerms();
  const ends = one.type !== "access" && one.actions.some((offer) => offer.action === "end" && offer.allowed);
  const sub = [word(connections.origins, one.origin), one.since ? common.since(day(one.since)) : ""];
  return (
    <Row>
      <Cell className="max-md:flex-1" title={<End of={one.a} />} sub={word(words.type, one.type)} />
      <span className="max-md:order-first max-md:basis-full">
        <Wire state={wireOf(one.state)} />
      </span>
      <Cell className="max-md:flex-1" title={<End of={one.b} />} sub={word(common.kinds, one.b.kind)} />
      <Cell
        className="max-md:basis-full"
        title={
          one.type === "access" ? (
            <ResourceLink of={{ kind: "subscription", id: one.id }}>{terms(one)}</ResourceLink>
          ) : (
            <span className="font-normal">{terms(one)}</span>
          )
        }
        sub={sub.filter(Boolean).join(" · ")}
      />
      {ends ? (
        <Button small className="justify-self-start" onClick={onEnd} aria-label={connections.endOf(one.b.name ?? "")}>
          {connections.end}
        </Button>
      ) : (
        <span className="md:max-w-44">
          <StatusPill status={one.status} waitsForActivation={one.state === "approved"} />
        </span>
      )}
    </Row>
  );
}

/** An end by its name; oneself is not a link. */
function End({ of }: { of: ResourceName }) {
  const { connections: words } = useText();
  if (of.id === session().user.id) return words.you;
  return <ResourceLink of={of} />;
}

const PLURALS: Record<string, string> = { api: "apis", app: "apps", group: "groups", organization: "organizations" };

/** The path at which a tie that is no access is ended. */
function placeOf(one: Connection): string {
  const base = `/api/v1/${PLURALS[one.b.kind] ?? ""}/{id}`;
  if (one.type === "management") return `${base}/manager`;
  if (one.type === "follow") return `${base}/followers/{user}`;
  if (one.b.kind === "api") return `${base}/administrators/{user}`;
  return one.b.kind === "app" ? `${base}/team/{user}` : `${base}/members/{user}`;
}

/** Ends a follow, a membership or a management. */
export function Ending({ one, onDone }: { one: Connection | undefined; onDone: () => void }) {
  const { connections } = useParties();
  const toast = useToast();
  // The paths have one shape; which one it is, the tie says.
  const path = (one ? placeOf(one) : "") as "/api/v1/apis/{id}/followers/{user}";
  const end = useWrite("delete", path);
  const confirm = async () => {
    if (!one) return;
    await end.run({ params: { path: { id: one.b.id, user: one.a.id } } });
    toast(connections.ended);
    onDone();
  };
  return (
    <Confirm
      open={one !== undefined}
      onClose={onDone}
      title={connections.endTitle}
      verb={connections.end}
      danger
      busy={end.busy}
      error={end.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {word(connections.endHints, one?.type)}
    </Confirm>
  );
}
