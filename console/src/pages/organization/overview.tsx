import { Link } from "@tanstack/react-router";
import type { OrganizationOverview } from "#/client/schema";
import { session } from "#/client/session";
import { useList, useMaybe } from "#/client/use";
import { useText, word } from "#/i18n";
import { counted } from "#/i18n/format";
import { useParties } from "#/i18n/parties";
import { buttonClass } from "#/ui/button";
import { Listed } from "#/ui/list";
import { Card, Empty, PageHead } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { Role } from "./role";

const PLACES: Record<string, "" | "groups" | "holdings" | "managed" | "followers"> = {
  members: "",
  apps: "holdings",
  apis: "holdings",
  groups: "groups",
  managed: "managed",
  followers: "followers",
};

/** What one looks after: each organization with its numbers, and what about it needs attention. */
export function OrgOverview() {
  const { org } = useParties();
  const list = useList("/api/v1/organizations", { params: { query: { limit: 20 } } });
  const people = session().user.site_admin ? (
    <Link to="/org/people" className={buttonClass("plain")}>
      {org.people}
    </Link>
  ) : null;
  return (
    <>
      <PageHead
        title={org.title}
        sub={org.sub}
        actions={
          <>
            {people}
            <Link to="/organizations" className={buttonClass("plain")}>
              {org.all}
            </Link>
          </>
        }
      />
      <Listed list={list} empty={<Empty title={org.empty}>{org.emptyHint}</Empty>}>
        <div className="grid gap-4 lg:grid-cols-2">
          {list.items.map((one) => (
            <Tile key={one.id} one={one} />
          ))}
        </div>
      </Listed>
    </>
  );
}

function Tile({ one }: { one: OrganizationOverview }) {
  const { org } = useParties();
  const params = { organization: one.id };
  return (
    <Card>
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="text-lg font-semibold [overflow-wrap:anywhere]">
          <Link to="/organizations/$organization" params={params} className="hover:underline">
            {one.name}
          </Link>
        </h2>
        <Role of={one} />
      </div>
      <ul className="mb-4 flex flex-wrap gap-x-5 gap-y-1">
        {Object.entries(PLACES).map(([what, place]) => (
          <li key={what}>
            <Link
              to={place ? `/organizations/$organization/${place}` : "/organizations/$organization"}
              params={params}
              className="inline-flex min-h-6 items-center gap-1.5 hover:underline"
            >
              <span className="font-semibold">{counted(one.counts[what as keyof typeof one.counts])}</span>
              <span className="text-muted">{word(org.counts, what)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {one.may_manage ? <Risks id={one.id} /> : null}
    </Card>
  );
}

/** What needs attention, as the server says it. */
function Risks({ id }: { id: string }) {
  const { common } = useText();
  const { org } = useParties();
  const path = "/api/v1/organizations/{id}/attention";
  const { data } = useMaybe(path, { params: { path: { id } } });
  if (!data) return <p className="text-sm text-muted">{common.loading}</p>;
  if (data.items.length === 0) return <p className="text-sm text-muted">{org.fine}</p>;
  return (
    <ul className="space-y-1.5">
      {data.items.map(({ code, count }) => (
        <li key={code} className="flex items-start gap-2 text-sm">
          <Pill tone={code === "invitations_waiting" ? "wait" : "hold"}>{count ? String(count) : "!"}</Pill>
          <span>{word(org.risks, code)}</span>
        </li>
      ))}
    </ul>
  );
}
