import { Link, Outlet, useParams } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { useGet } from "#/client/use";
import { word } from "#/i18n";
import { useParties } from "#/i18n/parties";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Confirm, Dialog } from "#/ui/dialog";
import { FollowButton } from "#/ui/follow";
import { Waiting } from "#/ui/list";
import { PageHead, Tabs } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { EditGroup, NewGroup, useRemoval } from "./form";

/** The group of the address. */
export function useGroup() {
  const { group: id } = useParams({ from: "/groups/$group" });
  return useGet("/api/v1/groups/{id}", { params: { path: { id } } });
}

/** A group of people: its head and its parts. */
export function Group() {
  const parties = useParties();
  const { groups } = parties;
  const one = useGroup();
  const [open, setOpen] = useState<string>();
  const removal = useRemoval(one);
  const params = { group: one.id };
  const close = () => setOpen(undefined);
  const button = (action: string, label: string) => {
    const offer = one.actions.find((it) => it.action === action);
    return offer?.allowed ? (
      <Button onClick={() => setOpen(action)} kind={action === "delete" ? "danger" : "plain"}>
        {label}
      </Button>
    ) : (
      <Refused reason={word(groups.reasons, offer?.reason ?? "role")}>{label}</Refused>
    );
  };
  return (
    <>
      <PageHead
        title={one.name}
        crumb={<Path />}
        sub={
          <>
            {one.description ? <p>{one.description}</p> : null}
            <p className="flex flex-wrap items-center gap-x-2 text-sm">
              {one.contract_number ? <span>{groups.contractIs(one.contract_number)}</span> : null}
              <Copyable value={one.id} what={groups.id} />
            </p>
          </>
        }
        actions={
          <>
            <FollowButton of="groups" id={one.id} name={one.name} />
            {button("add_child", groups.addBelow)}
            {button("edit", groups.edit)}
            {button("delete", groups.remove)}
          </>
        }
      />
      <Tabs
        label={groups.partsLabel}
        tabs={[
          { to: "/groups/$group", params, label: groups.members, exact: true },
          { to: "/groups/$group/connections", params, label: parties.parts.connections },
          { to: "/groups/$group/board", params, label: parties.parts.board },
          { to: "/groups/$group/followers", params, label: parties.parts.followers },
        ]}
      />
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
      <Dialog open={open === "add_child"} onClose={close} title={groups.addBelow}>
        {open === "add_child" ? (
          <NewGroup organization={one.organization} all={[one]} parent={one.id} onDone={close} />
        ) : null}
      </Dialog>
      <Dialog open={open === "edit"} onClose={close} title={groups.edit}>
        {open === "edit" ? <EditGroup group={one} onDone={close} /> : null}
      </Dialog>
      <Confirm
        open={open === "delete"}
        onClose={close}
        title={groups.removeTitle(one.name)}
        verb={groups.remove}
        danger
        busy={removal.busy}
        error={removal.error}
        onConfirm={() => void removal.run().catch(() => undefined)}
      >
        {groups.removeHint}
      </Confirm>
    </>
  );
}

/** The organization and the groups above it. */
function Path() {
  const one = useGroup();
  return (
    <>
      <Link
        to="/organizations/$organization/groups"
        params={{ organization: one.owner.id }}
        className="hover:underline"
      >
        {one.owner.name}
      </Link>
      {one.path.map((above) => (
        <span key={above.id}>
          {" / "}
          <Link to="/groups/$group" params={{ group: above.id }} className="hover:underline">
            {above.name}
          </Link>
        </span>
      ))}
      {" /"}
    </>
  );
}
