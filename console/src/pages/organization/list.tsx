import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { OrganizationOverview } from "#/client/schema";
import { useList, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { day } from "#/i18n/format";
import { useParties } from "#/i18n/parties";
import { usePageActions } from "#/layout/pageactions";
import { Button } from "#/ui/button";
import { Dialog } from "#/ui/dialog";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { type Entered, OrganizationForm } from "./form";
import { Role } from "./role";

const NEW = "new";

/** The organizations that one belongs to or acts for; all of them for site administrators. */
export function Organizations() {
  const { organization } = useText();
  const { item } = useSearch({ from: "/organizations" });
  const navigate = useNavigate({ from: "/organizations" });
  const list = useList("/api/v1/organizations");
  const found = () => void navigate({ search: { item: NEW }, resetScroll: false });
  const close = () => void navigate({ search: {}, replace: true, resetScroll: false });
  usePageActions([{ key: "found", label: organization.found, run: found }]);
  const button = (
    <Button kind="primary" onClick={found}>
      {organization.found}
    </Button>
  );
  const managers = list.items.filter((one) =>
    one.actions.some((offer) => offer.action === "found_managed" && offer.allowed),
  );
  return (
    <>
      <PageHead title={organization.title} sub={organization.sub} actions={list.items.length > 0 ? button : null} />
      <Listed
        list={list}
        empty={
          <Empty title={organization.empty} action={button}>
            {organization.emptyHint}
          </Empty>
        }
      >
        <Rows columns="grid-cols-[minmax(0,1fr)_minmax(0,auto)_auto]" label={organization.title}>
          <RowHead names={organization.columns} />
          {list.items.map((one) => (
            <Line key={one.id} one={one} />
          ))}
        </Rows>
      </Listed>
      <WithApi method="POST" path="/api/v1/organizations" body={{ name: "…", description: "" }} />
      <Dialog open={item === NEW} onClose={close} title={organization.found}>
        <Found managers={managers} onCancel={close} />
      </Dialog>
    </>
  );
}

function Line({ one }: { one: OrganizationOverview }) {
  const { organization } = useText();
  const { managedBy } = useParties();
  const sub = [one.description, one.managed_by ? managedBy(one.managed_by.name) : ""].filter(Boolean).join(" · ");
  return (
    <Row>
      <Cell
        title={
          <Link to="/organizations/$organization" params={{ organization: one.id }} className="hover:underline">
            {one.name}
          </Link>
        }
        sub={sub}
        className="max-md:w-full"
      />
      <Role of={one} />
      <span className="text-sm text-muted">
        <span className="md:hidden">{`${organization.created} `}</span>
        {day(one.created_at)}
      </span>
    </Row>
  );
}

/** Founds an organization and opens it. */
export function Found(props: { managers?: { id: string; name: string }[]; manager?: string; onCancel: () => void }) {
  const { organization } = useText();
  const toast = useToast();
  const navigate = useNavigate();
  const create = useWrite("post", "/api/v1/organizations");
  const save = async (body: Entered) => {
    const made = await create.run({ body });
    toast(organization.founded(made.name));
    await navigate({ to: "/organizations/$organization", params: { organization: made.id } });
  };
  return (
    <OrganizationForm
      {...props}
      verb={organization.found}
      hint={organization.foundHint}
      busy={create.busy}
      error={create.error}
      onSave={save}
    />
  );
}
