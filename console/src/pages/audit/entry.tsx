import { ShieldAlert, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import type { ResourceName, TrailEntry } from "#/client/schema";
import { useText, word } from "#/i18n";
import { useAuditText } from "#/i18n/audit";
import { moment } from "#/i18n/format";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { differences } from "#/ui/diff";
import { useBy } from "#/ui/feed";
import { Row } from "#/ui/list";
import { ResourceLink, useResourceName } from "#/ui/resource";
import { useAudit } from "./search";

/** What an entry is about. Many APIs have a version of the same name: it is told by its API and by where it is published. */
function about({ subject, touches }: TrailEntry): ResourceName[] {
  const places = subject.kind === "version" ? ["api", "environment"] : [];
  return [subject, ...places.flatMap((place) => touches.filter(({ kind, name }) => kind === place && name))];
}

/** Whether there is no page about it any more. A credential never has one. */
function gone(entry: TrailEntry, { kind, id }: ResourceName): boolean {
  return kind !== "credential" && entry.gone?.includes(id) === true;
}

/** One entry: what happened, by whom, from where; and behind a disclosure what was before, and its proof. */
export function Item({ entry }: { entry: TrailEntry }) {
  const audit = useAuditText();
  const { common } = useText();
  const by = useBy();
  const named = useResourceName();
  const { address } = entry.origin ?? {};
  return (
    <Row className="items-start">
      <div className="text-sm text-muted max-md:w-full">
        <time dateTime={entry.at}>{moment(entry.at)}</time>
        <div>{audit.number(entry.seq)}</div>
      </div>
      <div className="min-w-0 [overflow-wrap:anywhere] max-md:w-full">
        <p>
          <span className="font-semibold">{word(common.verbs, entry.verb)}</span>
          {about(entry).map((one) => (
            <span key={`${one.kind} ${one.id}`}>
              <span aria-hidden="true" className="text-muted">
                {" · "}
              </span>
              {gone(entry, one) ? <span className="text-ink">{named(one)}</span> : <ResourceLink of={one} />}
            </span>
          ))}
        </p>
        <p className="text-sm text-muted">{[by(entry.actor), address].filter(Boolean).join(" · ")}</p>
        {entry.note ? (
          <blockquote className="mt-1 max-w-[62ch] border-l-3 border-line pl-3 whitespace-pre-line">
            {entry.note}
          </blockquote>
        ) : null}
        <details className="mt-1 text-sm">
          <summary className="min-h-6 w-fit cursor-pointer text-muted hover:text-ink">{audit.details}</summary>
          <Sides detail={entry.detail} />
          <Proof entry={entry} />
          <Ways entry={entry} />
        </details>
      </div>
      <Verified holds={entry.verified} />
    </Row>
  );
}

function Verified({ holds }: { holds: boolean }) {
  const audit = useAuditText();
  const Icon = holds ? ShieldCheck : ShieldAlert;
  return (
    <span className={`inline-flex items-center gap-1 text-sm ${holds ? "text-ok" : "font-semibold text-bad"}`}>
      <Icon size={16} aria-hidden="true" />
      {holds ? audit.verified : audit.broken}
    </span>
  );
}

type Members = Record<string, unknown>;

function shown(value: unknown, none: string): string {
  if (value === null || value === undefined || value === "") return none;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Before and after, side by side; or whatever else was written down. */
function Sides({ detail }: { detail: unknown }) {
  const audit = useAuditText();
  const changed = differences(detail, audit.none);
  if (changed.length > 0) {
    const rows = changed.map(({ member, before, after }) => [member, before, after]);
    return <Table heads={[audit.member, audit.before, audit.after]} rows={rows} />;
  }
  const { before, after, ...rest } = (detail ?? {}) as Members;
  const only = before ?? after;
  const members = { ...rest, ...(typeof only === "object" && only !== null ? only : {}) } as Members;
  const rows = Object.entries(members).map(([member, value]) => [member, shown(value, audit.none)]);
  if (rows.length === 0) return null;
  return (
    <Table
      heads={[audit.member, after === undefined && before !== undefined ? audit.before : audit.after]}
      rows={rows}
    />
  );
}

/** A code of the server, and nothing that people wrote. */
const CODE = /^[a-z]+([_.][a-z]+)*$/;

function Table({ heads, rows }: { heads: string[]; rows: string[][] }) {
  return (
    <table className="mt-1 w-full table-fixed border-collapse text-left">
      <thead>
        <tr className="border-b border-line text-muted">
          {heads.map((head) => (
            <th key={head} scope="col" className="py-1 pr-3 font-normal">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([member = "", ...values]) => (
          <tr key={member} className="border-b border-line align-top last:border-b-0">
            <th scope="row" className="py-1 pr-3 font-normal">
              <code className="font-mono [overflow-wrap:anywhere]">{member}</code>
            </th>
            {values.map((value, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
              <td key={index} className="py-1 pr-3">
                {CODE.test(value) ? <code className="font-mono">{value}</code> : value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** From where it came, and what shows that it is as it was written. */
function Proof({ entry }: { entry: TrailEntry }) {
  const audit = useAuditText();
  const { origin } = entry;
  return (
    <dl className="mt-2 grid gap-x-6 gap-y-1.5 sm:grid-cols-2">
      {origin ? (
        <>
          <Fact name={audit.address}>{origin.address || audit.none}</Fact>
          <Fact name={audit.agent}>{origin.agent || audit.none}</Fact>
          {origin.session ? (
            <Fact name={audit.session}>
              <Copyable value={origin.session} what={audit.session} />
            </Fact>
          ) : null}
          {origin.token ? (
            <Fact name={audit.token}>
              <Copyable value={origin.token} what={audit.token} />
            </Fact>
          ) : null}
        </>
      ) : (
        <Fact name={audit.from}>{audit.unknownOrigin}</Fact>
      )}
      {entry.request ? (
        <Fact name={audit.request}>
          <Copyable value={entry.request} what={audit.request} />
        </Fact>
      ) : null}
      <Fact name={audit.hash}>
        <Copyable value={entry.hash} what={audit.hash} />
      </Fact>
      <Fact name={audit.hashBefore}>
        <Copyable value={entry.before} what={audit.hashBefore} />
      </Fact>
      {entry.whole ? null : <p className="col-span-full">{audit.part}</p>}
    </dl>
  );
}

/** From this entry to others like it. */
function Ways({ entry }: { entry: TrailEntry }) {
  const audit = useAuditText();
  const { change } = useAudit();
  const named = useResourceName();
  const { actor, subject, request } = entry;
  return (
    <p className="mt-2 flex flex-wrap gap-2">
      {actor.id ? (
        <Button small onClick={() => change({ actor: actor.id ?? undefined })}>
          {audit.allBy(actor.name ?? actor.id)}
        </Button>
      ) : null}
      <Button small onClick={() => change({ kind: subject.kind, id: subject.id })}>
        {audit.allAbout(named(subject))}
      </Button>
      {request ? (
        <Button small onClick={() => change({ request })}>
          {audit.allOfRequest}
        </Button>
      ) : null}
    </p>
  );
}
