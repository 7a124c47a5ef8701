import { Link } from "@tanstack/react-router";
import type { Version } from "#/client/schema";
import { useGet } from "#/client/use";
import { useText, word } from "#/i18n";
import { day, list } from "#/i18n/format";
import { Copyable } from "#/ui/copy";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Card, Properties, Section } from "#/ui/page";
import { StatusPill } from "#/ui/pill";
import { VersionState } from "#/ui/versionstate";
import { Wire, wireOf } from "#/ui/wire";
import { WithApi } from "#/ui/withapi";
import { Security } from "./security";
import { toUse, useApi } from "./use";

/** What an API is, where it is, how it is called and who answers for it. */
export function ApiOverviewPage() {
  const { api: words } = useText();
  const api = useApi();
  const versions = useGet("/api/v1/apis/{id}/versions", { params: { path: { id: api.id } } }).items;
  const newest = toUse(versions);
  return (
    <div className="grid items-start gap-x-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="min-w-0">
        <Section title={words.about}>
          {api.description ? (
            <p className="max-w-[62ch] whitespace-pre-line">{api.description}</p>
          ) : (
            <p className="text-muted">{words.noDescription}</p>
          )}
        </Section>
        <Mine />
        <Addresses versions={versions} />
        {newest ? (
          <Section title={words.security} sub={words.securityHint(newest.name)}>
            <Security schemes={newest.security} needed={api.subscription_required} />
          </Section>
        ) : null}
      </div>
      <aside aria-label={words.facts}>
        <Card>
          <Properties
            items={[
              [words.provider, api.organization_name],
              [
                words.administrators,
                api.administrators.length > 0
                  ? list(api.administrators.map((person) => person.display_name))
                  : words.noAdministrators,
              ],
              [words.seen, word(words.visibility, api.visibility)],
              [words.subscription, api.subscription_required ? words.subscriptionNeeded : words.subscriptionFree],
              [words.since, day(api.created_at)],
              [words.slug, <Copyable key="slug" value={api.slug} what={words.slug} />],
              [words.id, <Copyable key="id" value={api.id} what={words.id} />],
            ]}
          />
        </Card>
        <WithApi method="GET" path={`/api/v1/apis/${api.id}`} />
      </aside>
    </div>
  );
}

/** Where each version is published: the base of every path. The newest of a place comes first; what ends is marked. */
function Addresses({ versions }: { versions: Version[] }) {
  const { api: words } = useText();
  const rows = versions
    .toReversed()
    .flatMap((version) => version.publications.map((publication) => ({ version, publication })))
    .sort((one, other) => one.publication.environment_name.localeCompare(other.publication.environment_name));
  return (
    <Section title={words.addresses} sub={rows.length > 0 ? words.addressesHint : undefined}>
      {rows.length === 0 ? (
        <p className="text-muted">{words.noAddresses}</p>
      ) : (
        <Rows columns="grid-cols-[auto_auto_minmax(0,1fr)]" label={words.addresses}>
          <RowHead names={[words.environment, words.version, words.address]} />
          {rows.map(({ version, publication }) => (
            <Row key={`${publication.environment} ${version.id}`}>
              <span className="font-semibold">{publication.environment_name}</span>
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                {version.name}
                {version.state === "published" ? null : <VersionState version={version} />}
              </span>
              <Copyable value={publication.url} what={words.address} />
            </Row>
          ))}
        </Rows>
      )}
    </Section>
  );
}

/** How each of my apps stands to it. */
function Mine() {
  const { api: words } = useText();
  const { mine, admissions } = useApi();
  if (mine.length === 0) return null;
  return (
    <Section title={words.mine}>
      <Rows columns="grid-cols-[auto_minmax(0,1fr)_auto]" label={words.mine}>
        {mine.map((one) => (
          <Row key={one.subscription}>
            <Wire state={wireOf(one.state)} />
            <Cell
              className="max-md:grow"
              title={
                <Link
                  to="/subscriptions/$subscription"
                  params={{ subscription: one.subscription }}
                  className="hover:underline"
                >
                  {one.app.name}
                </Link>
              }
              sub={admissions.find((at) => at.environment === one.environment.id)?.environment_name}
            />
            <StatusPill status={one.status} waitsForActivation={one.state === "approved"} />
          </Row>
        ))}
      </Rows>
    </Section>
  );
}
