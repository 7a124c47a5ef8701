import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { read } from "#/client/use";
import { useText, word } from "#/i18n";
import { counted, day } from "#/i18n/format";
import { buttonClass } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Card, Empty, Properties, Section } from "#/ui/page";
import { listening, QuickStart } from "#/ui/quickstart";
import { When } from "#/ui/time";
import { WithApi } from "#/ui/withapi";
import { useApp } from "./app";
import { AccessCounts } from "./counts";

/** What the app is, how far it has come, and what its contracts are up to. */
export function AppOverviewPage() {
  const { apps, common } = useText();
  const app = useApp();
  const words = apps.overview;
  const total = Object.values(app.counts).reduce((sum, n) => sum + n, 0);
  const params = { app: app.id };
  return (
    <>
      <div className="grid items-start gap-x-8 lg:grid-cols-2">
        <Section id="access" title={words.access} sub={total > 0 ? words.accessHint : undefined}>
          {total > 0 ? (
            <Card>
              <AccessCounts counts={app.counts} stacked />
              <p className="mt-4 flex flex-wrap gap-2">
                <Link to="/apps/$app/apis" params={params} className={buttonClass("plain")}>
                  {words.show}
                </Link>
                {app.unread > 0 ? <span className="self-center text-wait">{apps.answers(app.unread)}</span> : null}
              </p>
            </Card>
          ) : (
            <Empty
              title={words.noAccess}
              action={
                app.may_subscribe ? (
                  <Link to="/catalog" className={buttonClass("plain")}>
                    {words.catalog}
                  </Link>
                ) : undefined
              }
            >
              {words.noAccessHint}
            </Empty>
          )}
        </Section>
        <Section id="facts" title={words.facts}>
          <Card>
            <Properties
              items={[
                [words.id, <Copyable key="id" value={app.id} what={words.id} />],
                [
                  words.organization,
                  <Link
                    key="organization"
                    to="/organizations/$organization"
                    params={{ organization: app.organization }}
                    className="text-accent underline"
                  >
                    {app.organization_name}
                  </Link>,
                ],
                [words.role, app.role ? word(apps.roles, app.role) : apps.noRole],
                [words.created, day(app.created_at)],
                [words.lastCall, app.last_call_at ? <When key="call" at={app.last_call_at} /> : common.never],
                [words.followers, counted(app.followers)],
              ]}
            />
            {app.description ? (
              <p className="mt-4 max-w-[62ch] border-t border-line pt-4 whitespace-pre-line [overflow-wrap:anywhere]">
                {app.description}
              </p>
            ) : null}
          </Card>
          <WithApi method="GET" path={`/api/v1/apps/${app.id}`} />
        </Section>
      </div>
      <Start key={app.id} app={app.id} />
    </>
  );
}

/** The way to the first call that passes, until it has; whoever watches the last step tick keeps seeing it. */
function Start({ app }: { app: string }) {
  const { apps } = useText();
  const facts = useQuery({
    ...read("/api/v1/apps/{id}/quickstart", { params: { path: { id: app } } }),
    refetchInterval: (query) => listening(query.state.data),
  }).data;
  const [begun, setBegun] = useState(false);
  if (facts && !facts.first_success_at && !begun) setBegun(true);
  if (!facts || !begun) return null;
  return (
    <Section id="next" title={apps.overview.next} sub={apps.overview.nextHint}>
      <QuickStart facts={facts} />
    </Section>
  );
}
