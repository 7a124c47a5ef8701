import { Link, Outlet, useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { useGet } from "#/client/use";
import { useText } from "#/i18n";
import { buttonClass } from "#/ui/button";
import { FollowButton } from "#/ui/follow";
import { Waiting } from "#/ui/list";
import { Crumb, PageHead, Tabs } from "#/ui/page";
import { Refused } from "#/ui/refused";

/** An app: its head and its parts. */
export function App() {
  const { apps, shell } = useText();
  const { app: id } = useParams({ from: "/apps/$app" });
  const app = useGet("/api/v1/apps/{id}", { params: { path: { id } } });
  const params = { app: id };
  const { part } = apps;
  return (
    <>
      <PageHead
        title={app.name}
        crumb={<Crumb to="/apps">{apps.title}</Crumb>}
        sub={app.organization_name}
        actions={
          <>
            <FollowButton of="apps" id={id} name={app.name} />
            {app.may_subscribe ? (
              <Link to="/catalog" className={buttonClass("primary")}>
                {apps.requestAccess}
              </Link>
            ) : (
              <Refused reason={apps.requestDenied} kind="primary">
                {apps.requestAccess}
              </Refused>
            )}
          </>
        }
      />
      <Tabs
        label={part.label}
        tabs={[
          { to: "/apps/$app", params, label: part.overview, exact: true },
          { to: "/apps/$app/apis", params, label: part.apis },
          { to: "/apps/$app/credentials", params, label: part.credentials },
          { to: "/apps/$app/calls", params, label: part.calls },
          { to: "/apps/$app/board", params, label: part.board },
          { to: "/apps/$app/connections", params, label: shell.connections },
          { to: "/apps/$app/followers", params, label: part.followers },
          { to: "/apps/$app/members", params, label: part.members },
          { to: "/apps/$app/settings", params, label: part.settings },
        ]}
      />
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
    </>
  );
}

/** The app that the page is about; it has been read by the head of the page. */
export function useApp() {
  const { app: id } = useParams({ from: "/apps/$app" });
  return useGet("/api/v1/apps/{id}", { params: { path: { id } } });
}
