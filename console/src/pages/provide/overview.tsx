import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ApiOverview, Version } from "#/client/schema";
import { useList } from "#/client/use";
import { useText, word } from "#/i18n";
import { day, list as words } from "#/i18n/format";
import { buttonClass } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Listed } from "#/ui/list";
import { Card, Empty, Properties, Section } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { WithApi } from "#/ui/withapi";
import { useAct } from "../subscription/act";
import { AppRows } from "./rows";
import { useProvided, useVersions } from "./use";

/** How far an API is on its way to consumers, and what waits for its administrators. */
export function ProvidedOverview() {
  const { provide } = useText();
  const { overview } = provide;
  const api = useProvided();
  const versions = useVersions(api.id);
  return (
    <>
      {api.waiting ? <WaitingFor api={api.id} /> : null}
      <div className="grid items-start gap-x-10 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="min-w-0">
          <Section title={overview.checklist} sub={overview.checklistSub} id="checklist">
            <Checklist api={api} versions={versions} />
          </Section>
          <Section title={overview.addresses} sub={overview.addressesSub} id="addresses">
            <Addresses versions={versions} />
          </Section>
        </div>
        <Section title={overview.facts} id="facts">
          <Card>
            <Properties
              items={[
                [overview.owner, api.organization_name],
                [overview.administrators, words(api.administrators.map((person) => person.display_name))],
                [overview.visibility, word(provide.visibilities, api.visibility)],
                [
                  overview.subscription,
                  api.subscription_required ? overview.subscriptionRequired : overview.subscriptionFree,
                ],
                [overview.slug, <Copyable key="slug" value={api.slug} what={overview.slug} />],
                [overview.id, <Copyable key="id" value={api.id} what={overview.id} />],
                [overview.created, day(api.created_at)],
              ]}
            />
          </Card>
          <WithApi method="GET" path={`/api/v1/apis/${api.id}`} />
        </Section>
      </div>
    </>
  );
}

function WaitingFor({ api }: { api: string }) {
  const { overview } = useText().provide;
  const query = { api, status: "Access Requested" as const, limit: 20 };
  const list = useList("/api/v1/subscriptions", { params: { query } });
  const { act, dialogs } = useAct();
  const all = (
    <Link to="/provide/apis/$api/apps" params={{ api }} className={buttonClass("plain", true)}>
      {overview.allApps}
    </Link>
  );
  return (
    <Section title={overview.waiting} sub={overview.waitingSub} id="waiting" actions={all}>
      <Listed list={list} empty={<Empty title={overview.nothing}>{overview.nothingHint}</Empty>}>
        <AppRows groups={[{ items: list.items }]} label={overview.waiting} onAct={act} />
      </Listed>
      {dialogs}
    </Section>
  );
}

type Step = { title: string; done: boolean; optional?: boolean; told: ReactNode; to: LinkProps["to"] };

function Checklist({ api, versions }: { api: ApiOverview; versions: Version[] }) {
  const { overview } = useText().provide;
  const { agreement } = api;
  const publications = versions.flatMap((version) =>
    version.publications.map((publication) => ({ ...publication, version: version.name })),
  );
  const destinations = [
    ...new Set(publications.flatMap((one) => (one.destination_name ? [one.destination_name] : []))),
  ];
  const steps: Step[] = [
    {
      title: overview.version,
      done: versions.length > 0,
      told: versions.length > 0 ? overview.versionDone(words(versions.map((one) => one.name))) : overview.versionTodo,
      to: "/provide/apis/$api/definition",
    },
    {
      title: overview.destination,
      done: publications.length > 0,
      told: destinations.length > 0 ? overview.destinationDone(words(destinations)) : overview.destinationTodo,
      to: "/provide/apis/$api/definition",
    },
    {
      title: overview.published,
      done: publications.length > 0,
      told:
        publications.length > 0
          ? overview.publishedDone(words(publications.map((one) => `${one.version} → ${one.environment_name}`)))
          : overview.publishedTodo,
      to: "/provide/apis/$api/definition",
    },
    {
      title: overview.plans,
      done: api.plans.length > 0,
      told: api.plans.length > 0 ? overview.plansDone(words(api.plans.map((one) => one.name))) : overview.plansTodo,
      to: "/provide/apis/$api/plans",
    },
    {
      title: overview.agreement,
      done: Boolean(agreement),
      optional: true,
      told: agreement ? overview.agreementDone(agreement.title) : overview.agreementTodo,
      to: "/provide/apis/$api/settings",
    },
  ];
  return (
    <ol className="rounded-xl border border-line bg-surface">
      {steps.map((step) => (
        <Line key={step.title} step={step} api={api.id} />
      ))}
    </ol>
  );
}

function Line({ step, api }: { step: Step; api: string }) {
  const { overview } = useText().provide;
  const { title, done, optional, told, to } = step;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-b border-line px-4 py-3 last:border-b-0">
      <span className="w-28 max-sm:w-auto">
        <Pill tone={done ? "ok" : optional ? "off" : "wait"}>
          {done ? overview.doneState : optional ? overview.optionalState : overview.openState}
        </Pill>
      </span>
      <span className="min-w-48 flex-1">
        <span className="block font-semibold">{title}</span>
        <span className="block text-sm text-muted [overflow-wrap:anywhere]">{told}</span>
      </span>
      {done ? null : (
        <Link
          to={to}
          params={{ api } as never}
          className={buttonClass("plain", true)}
          aria-label={`${overview.go}: ${title}`}
        >
          {overview.go}
        </Link>
      )}
    </li>
  );
}

/** Every address under which a version is called, to be copied. */
function Addresses({ versions }: { versions: Version[] }) {
  const { overview } = useText().provide;
  const published = versions.filter((version) => version.publications.length > 0);
  if (published.length === 0) return <p className="text-muted">{overview.noAddress}</p>;
  return (
    <ul className="rounded-xl border border-line bg-surface">
      {published.flatMap((version) =>
        version.publications.map((publication) => (
          <li
            key={`${version.id} ${publication.environment}`}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2.5 last:border-b-0"
          >
            <span className="w-40 font-semibold">{`${version.name} · ${publication.environment_name}`}</span>
            <Copyable value={publication.url} what={`${version.name}, ${publication.environment_name}`} />
          </li>
        )),
      )}
    </ul>
  );
}
