import { Link, Outlet, useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { useGet } from "#/client/use";
import { useText } from "#/i18n";
import { buttonClass } from "#/ui/button";
import { FollowButton } from "#/ui/follow";
import { Waiting } from "#/ui/list";
import { Crumb, PageHead, Tabs } from "#/ui/page";
import { Badge } from "#/ui/pill";

/** An API as its provider sees it: the head, and its parts as tabs. */
export function ProvidedApi() {
  const { provide, shell } = useText();
  const { api: id } = useParams({ from: "/provide/apis/$api" });
  const api = useGet("/api/v1/apis/{id}", { params: { path: { id } } });
  const params = { api: id };
  const { tabs } = provide;
  const requested = api.counts?.access_requested ?? 0;
  return (
    <>
      <PageHead
        title={api.name}
        crumb={<Crumb to="/provide/apis">{provide.title}</Crumb>}
        sub={api.description || api.organization_name}
        actions={
          <>
            <FollowButton of="apis" id={id} name={api.name} />
            <Link to="/apis/$api" params={params} className={buttonClass()}>
              {provide.toCatalog}
            </Link>
          </>
        }
      />
      <Tabs
        label={tabs.label}
        tabs={[
          { to: "/provide/apis/$api", params, label: tabs.overview, exact: true },
          { to: "/provide/apis/$api/definition", params, label: tabs.definition },
          { to: "/provide/apis/$api/docs", params, label: tabs.docs },
          { to: "/provide/apis/$api/plans", params, label: tabs.plans },
          {
            to: "/provide/apis/$api/apps",
            params,
            label: tabs.apps,
            badge: <Badge count={requested} label={provide.requested(requested)} />,
          },
          { to: "/provide/apis/$api/calls", params, label: tabs.calls },
          { to: "/provide/apis/$api/board", params, label: tabs.board },
          { to: "/provide/apis/$api/connections", params, label: shell.connections },
          { to: "/provide/apis/$api/followers", params, label: tabs.followers },
          { to: "/provide/apis/$api/settings", params, label: tabs.settings },
        ]}
      />
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
    </>
  );
}
