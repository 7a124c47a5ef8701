import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useList } from "#/client/use";
import { useText, word } from "#/i18n";
import { Actions } from "#/ui/actions";
import { Button } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Cell, Listed, Row, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { StatusPill } from "#/ui/pill";
import { Wire, wireOf } from "#/ui/wire";
import { WithApi } from "#/ui/withapi";
import { useAct } from "../subscription/act";
import { ending } from "../subscription/lastday";
import { EndsSoon } from "../subscription/soon";

const STATES = ["requested", "approved", "active", "suspended", "expired"];

/** A word as it stands at the beginning. */
const begun = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** All access to the APIs that one decides for: what ends first comes first. */
export function Contracts() {
  const { contracts, common, subscription } = useText();
  const search = useSearch({ from: "/provide/contracts" });
  const navigate = useNavigate({ from: "/provide/contracts" });
  const state = STATES.find((one) => one === search.state);
  const list = useList("/api/v1/me/provided", { params: { query: { state, limit: 50 } } });
  const { act, dialogs } = useAct();
  const choose = (value: string) => void navigate({ search: { state: value || undefined }, resetScroll: false });
  const empty = state ? (
    <Empty title={contracts.emptyState} action={<Button onClick={() => choose("")}>{contracts.all}</Button>} />
  ) : (
    <Empty title={contracts.empty}>{contracts.emptyHint}</Empty>
  );
  return (
    <>
      <PageHead title={contracts.title} sub={contracts.sub} />
      <Chips
        label={contracts.filter}
        value={state ?? ""}
        onValue={choose}
        options={["", ...STATES].map((value) => ({
          value,
          label: value ? begun(word(common.states, value)) : contracts.all,
        }))}
      />
      <Listed list={list} empty={empty}>
        <Rows columns="grid-cols-[auto_minmax(12rem,2fr)_minmax(8rem,1fr)_auto_auto]" label={contracts.title}>
          {list.items.map((of) => (
            <Row key={of.id} className="max-xl:flex max-xl:flex-wrap max-xl:gap-x-4 max-xl:gap-y-2">
              <span className="max-md:basis-full">
                <Wire state={wireOf(of.state)} />
              </span>
              <Cell
                className="max-xl:flex-1 max-xl:basis-48 max-md:basis-full"
                title={
                  <Link to="/subscriptions/$subscription" params={{ subscription: of.id }} className="hover:underline">
                    {subscription.heading(of.app.name, of.api.name)}
                  </Link>
                }
                sub={`${of.plan.name} · ${of.environment_name}${of.origin === ("automatic" as string) ? ` · ${contracts.automatic}` : ""}`}
              />
              <Cell
                className="max-xl:flex-1 max-xl:basis-48 max-md:basis-full"
                title={
                  <span className="flex flex-wrap items-center gap-x-2 gap-y-1 font-normal">
                    {of.ends_at ? contracts.ends(ending(of.ends_at)) : subscription.endsNever}
                    <EndsSoon of={of} />
                  </span>
                }
                sub={of.revision?.open ? contracts.revising : undefined}
              />
              <span className="xl:max-w-44">
                <StatusPill status={of.status} waitsForActivation={of.waits_for_activation} />
              </span>
              <span className="justify-self-end max-xl:ml-auto">
                <Actions
                  of={subscription.heading(of.app.name, of.api.name)}
                  actions={of.actions}
                  first={["approve", "activate", "modify", "resume"]}
                  onAct={(verb) => act(of, verb)}
                />
              </span>
            </Row>
          ))}
        </Rows>
      </Listed>
      {dialogs}
      <WithApi method="GET" path="/api/v1/me/provided" />
    </>
  );
}
