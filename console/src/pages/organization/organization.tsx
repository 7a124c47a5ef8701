import { Outlet, useParams } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import type { OrganizationOverview } from "#/client/schema";
import { useGet } from "#/client/use";
import { useText } from "#/i18n";
import { day } from "#/i18n/format";
import { useParties } from "#/i18n/parties";
import { usePageActions } from "#/layout/pageactions";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { later } from "#/ui/dialog";
import { FollowButton } from "#/ui/follow";
import { History } from "#/ui/history";
import { Waiting } from "#/ui/list";
import { Crumb, PageHead, Tabs } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { WithApi } from "#/ui/withapi";
import { Role } from "./role";

const EditOrganization = later(() => import("./edit").then((m) => m.EditOrganization));

/** The organization of the address. */
export function useOrganization(): OrganizationOverview {
  const { organization: id } = useParams({ from: "/organizations/$organization" });
  return useGet("/api/v1/organizations/{id}", { params: { path: { id } } });
}

/** An organization, and the tabs of its parts. */
export function Organization() {
  const { organization } = useText();
  const { parts } = useParties();
  const one = useOrganization();
  const [editing, setEditing] = useState(false);
  usePageActions(
    one.may_edit ? [{ key: "edit", label: organization.editTitle(one.name), run: () => setEditing(true) }] : [],
  );
  const params = { organization: one.id };
  return (
    <>
      <PageHead
        title={one.name}
        crumb={<Crumb to="/organizations">{organization.title}</Crumb>}
        state={<Role of={one} />}
        sub={<About one={one} />}
        actions={
          <>
            <FollowButton of="organizations" id={one.id} name={one.name} known={one.following} />
            <History organization={one.id} kind="organization" id={one.id} />
            {one.may_edit ? (
              <Button onClick={() => setEditing(true)}>{organization.edit}</Button>
            ) : (
              <Refused reason={organization.onlyOwners}>{organization.edit}</Refused>
            )}
          </>
        }
      />
      <Tabs
        label={organization.parts}
        tabs={[
          { to: "/organizations/$organization", params, label: organization.people, exact: true },
          { to: "/organizations/$organization/groups", params, label: parts.groups },
          { to: "/organizations/$organization/holdings", params, label: organization.holdings },
          { to: "/organizations/$organization/destinations", params, label: organization.destinations },
          { to: "/organizations/$organization/managed", params, label: parts.managed },
          { to: "/organizations/$organization/connections", params, label: parts.connections },
          { to: "/organizations/$organization/board", params, label: parts.board },
          { to: "/organizations/$organization/followers", params, label: parts.followers },
        ]}
      />
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
      <WithApi method="PATCH" path={`/api/v1/organizations/${one.id}`} body={{ description: one.description }} />
      <EditOrganization open={editing} one={one} onDone={() => setEditing(false)} />
    </>
  );
}

/** What it is and whom to ask. */
function About({ one }: { one: OrganizationOverview }) {
  const { organization } = useText();
  const { managedBy, actsFor } = useParties();
  const { name, email, url } = one.contact;
  const look = "text-accent underline";
  return (
    <>
      {one.description ? <p>{one.description}</p> : null}
      {name || email || url ? (
        <p className="flex flex-wrap gap-x-2 text-sm">
          {name ? <span>{name}</span> : null}
          {email ? (
            <a href={`mailto:${email}`} className={look}>
              {email}
            </a>
          ) : null}
          {url ? (
            <a href={url} rel="noreferrer noopener" className={look}>
              {url}
            </a>
          ) : null}
        </p>
      ) : null}
      {one.managed_by ? (
        <p className="text-sm">{`${managedBy(one.managed_by.name)}. ${one.by_management ? actsFor : ""}`}</p>
      ) : null}
      <p className="flex flex-wrap items-center gap-x-2 text-sm">
        <Copyable value={one.id} what={organization.id} />
        <span>·</span>
        <span>{`${organization.created} ${day(one.created_at)}`}</span>
      </p>
    </>
  );
}
