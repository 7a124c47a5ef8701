import { Link, Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import type { ApiOverview, OwnSubscription } from "#/client/schema";
import { useText, word } from "#/i18n";
import { buttonClass } from "#/ui/button";
import { FollowButton } from "#/ui/follow";
import { Waiting } from "#/ui/list";
import { Crumb, PageHead, Tabs } from "#/ui/page";
import { StatusPill } from "#/ui/pill";
import { Refused } from "#/ui/refused";
import { foremost } from "#/ui/standing";
import { Wire, wireOf } from "#/ui/wire";
import { useApi } from "./use";

/** The public face of an API: its head and its parts. */
export function Api() {
  const { api: words, shell, versions } = useText();
  const api = useApi();
  const params = { api: api.id };
  const best = foremost(api.mine);
  return (
    <>
      <PageHead
        title={api.name}
        crumb={<Crumb to="/catalog">{words.catalog}</Crumb>}
        state={best ? <State one={best} /> : undefined}
        sub={api.organization_name}
        actions={
          <>
            {api.may_edit ? (
              <Link to="/provide/apis/$api" params={params} className={buttonClass("quiet")}>
                {words.provide}
              </Link>
            ) : null}
            <FollowButton of="apis" id={api.id} name={api.name} known={api.following} />
            <Request api={api} />
          </>
        }
      />
      <Tabs
        label={words.parts}
        tabs={[
          { to: "/apis/$api", params, label: words.overview, exact: true },
          { to: "/apis/$api/docs", params, label: words.docs },
          { to: "/apis/$api/reference", params, label: words.reference },
          { to: "/apis/$api/plans", params, label: words.plans },
          { to: "/apis/$api/versions", params, label: words.versions },
          { to: "/apis/$api/changelog", params, label: versions.changelog.tab },
          { to: "/apis/$api/board", params, label: words.board },
          { to: "/apis/$api/connections", params, label: shell.connections },
          { to: "/apis/$api/followers", params, label: words.followers },
        ]}
      />
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
    </>
  );
}

/** How the foremost of my apps stands to it. */
function State({ one }: { one: OwnSubscription }) {
  return (
    <span className="inline-flex items-center gap-2.5">
      <Wire state={wireOf(one.state)} />
      <StatusPill status={one.status} waitsForActivation={one.state === "approved"} />
    </span>
  );
}

/** The way in. Without an app one can begin, too: the request makes one on its way. */
function Request({ api }: { api: ApiOverview }) {
  const { api: words, common } = useText();
  const offer = api.actions.find((one) => one.action === "request");
  if (!offer) return null;
  if (offer.allowed || offer.reason === "no_app")
    return (
      <Link to="/apis/$api/request" params={{ api: api.id }} className={buttonClass("primary")}>
        {words.request}
      </Link>
    );
  return (
    <Refused reason={word(common.reasons, offer.reason)} kind="primary">
      {words.request}
    </Refused>
  );
}
