import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Group } from "#/client/schema";
import { useList } from "#/client/use";
import { useParties } from "#/i18n/parties";
import { Button } from "#/ui/button";
import { Dialog } from "#/ui/dialog";
import { Listed } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { NewGroup } from "../group/form";
import { useOrganization } from "./organization";

/** The tree of groups of people inside the organization. */
export function Groups() {
  const { groups } = useParties();
  const one = useOrganization();
  const list = useList("/api/v1/groups", { params: { query: { organization: one.id, limit: 200 } } });
  const [adding, setAdding] = useState(false);
  const offer = one.actions.find(({ action }) => action === "groups");
  const add = offer?.allowed ? (
    <Button kind="primary" onClick={() => setAdding(true)}>
      {groups.add}
    </Button>
  ) : (
    <Refused reason={groups.reasons.role ?? ""}>{groups.add}</Refused>
  );
  return (
    <Section title={groups.title} sub={groups.hint} id="groups" actions={add}>
      <Listed list={list} empty={<Empty title={groups.empty}>{groups.emptyHint}</Empty>}>
        <Branch all={list.items} parent={undefined} label={groups.title} />
      </Listed>
      <Dialog open={adding} onClose={() => setAdding(false)} title={groups.add}>
        {adding ? <NewGroup organization={one.id} all={list.items} onDone={() => setAdding(false)} /> : null}
      </Dialog>
    </Section>
  );
}

/** The groups directly below one, each with those below it. What hangs below one that is not read yet stands at the root. */
function Branch({ all, parent, label }: { all: Group[]; parent: string | undefined; label?: string }) {
  const { groups } = useParties();
  const known = new Set(all.map((one) => one.id));
  const here = all
    .filter((one) => (parent ? one.parent === parent : !one.parent || !known.has(one.parent)))
    .sort((a, b) => a.name.localeCompare(b.name));
  if (here.length === 0) return null;
  return (
    <ul aria-label={label} className={parent ? "ml-4 border-l border-line pl-4 md:ml-6" : ""}>
      {here.map((one) => (
        <li key={one.id} className="py-1">
          <div className="flex flex-wrap items-baseline gap-x-3 rounded-lg border border-line bg-surface px-4 py-2.5 [overflow-wrap:anywhere]">
            <Link
              to="/groups/$group"
              params={{ group: one.id }}
              className="inline-flex min-h-6 items-center font-semibold hover:underline"
            >
              {one.name}
            </Link>
            <span className="text-sm text-muted">{groups.people(one.members)}</span>
            {one.contract_number ? (
              <span className="font-mono text-sm text-muted">{groups.contractIs(one.contract_number)}</span>
            ) : null}
            {one.description ? <p className="basis-full text-sm text-muted">{one.description}</p> : null}
          </div>
          <Branch all={all} parent={one.id} />
        </li>
      ))}
    </ul>
  );
}
