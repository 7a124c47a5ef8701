import { Link, useNavigate } from "@tanstack/react-router";
import type { Delivery, DeliveryState, Webhook } from "#/client/schema";
import { useList } from "#/client/use";
import { useText, word } from "#/i18n";
import { useWebhooks } from "#/i18n/webhooks";
import { Chips } from "#/ui/chips";
import { Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { Beside, useReturn } from "#/ui/panel";
import { When } from "#/ui/time";
import { DeliveryPanel } from "./delivery";
import { DeliveryPill } from "./state";

/** What the address says: which deliveries, and the open one. */
export type DeliverySearch = { state?: DeliveryState; item?: string };

const STATES: DeliveryState[] = ["waiting", "delivered", "dead"];

/** What was delivered to a webhook and what waits, and beside it the open one. */
export function Deliveries({ of, search }: { of: Webhook; search: DeliverySearch }) {
  const webhooks = useWebhooks();
  const navigate = useNavigate();
  useReturn(search.item);
  const go = (next: DeliverySearch) =>
    void navigate({ to: "/org/webhooks/$webhook", params: { webhook: of.id }, search: next, resetScroll: false });
  const list = useList("/api/v1/webhooks/{id}/deliveries", {
    params: { path: { id: of.id }, query: { state: search.state } },
  });
  const empty = search.state ? (
    <Empty title={webhooks.noneOfState}>{webhooks.noneOfStateHint}</Empty>
  ) : (
    <Empty title={webhooks.noDeliveries}>{webhooks.noDeliveriesHint}</Empty>
  );
  return (
    <Section title={webhooks.deliveries} sub={webhooks.deliveriesSub} id="deliveries">
      <Chips
        label={webhooks.filter}
        value={search.state ?? ""}
        onValue={(value) => go({ state: (value || undefined) as DeliveryState | undefined })}
        options={[
          { value: "", label: webhooks.all },
          ...STATES.map((value) => ({ value, label: word(webhooks.deliveryStates, value) })),
        ]}
      />
      <Beside
        list={
          <Listed list={list} empty={empty}>
            <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto_auto_auto]" label={webhooks.deliveries}>
              <RowHead names={webhooks.deliveryColumns} />
              {list.items.map((one) => (
                <Line key={one.id} one={one} of={of} search={search} />
              ))}
            </Rows>
          </Listed>
        }
        panel={
          search.item ? (
            <DeliveryPanel webhook={of.id} id={search.item} onClose={() => go({ state: search.state })} />
          ) : undefined
        }
      />
    </Section>
  );
}

/** What a delivery tells of, in words. */
export function useEvent(): (verb: string) => string {
  const webhooks = useWebhooks();
  const { common } = useText();
  return (verb) => (verb === "webhook.test" ? webhooks.test : word(common.verbs, verb));
}

function Line({ one, of, search }: { one: Delivery; of: Webhook; search: DeliverySearch }) {
  const webhooks = useWebhooks();
  const event = useEvent();
  const answer = one.last ? (one.last.status ?? webhooks.noAnswer) : "–";
  return (
    <Row marked={search.item === one.id}>
      <Link
        to="/org/webhooks/$webhook"
        params={{ webhook: of.id }}
        search={{ ...search, item: one.id }}
        resetScroll={false}
        data-item={one.id}
        className="font-semibold hover:underline max-md:w-full [overflow-wrap:anywhere]"
      >
        {event(one.verb)}
      </Link>
      <DeliveryPill of={one} />
      <span className="text-sm text-muted">
        {one.tries}
        <span className="md:sr-only">{` ${webhooks.deliveryColumns[2]}`}</span>
      </span>
      <span className="text-sm text-muted">
        {answer}
        {one.last ? <span className="max-md:hidden">{` · ${webhooks.took(one.last.duration_ms)}`}</span> : null}
      </span>
      <span className="text-sm text-muted max-md:ml-auto">
        <When at={one.created_at} />
      </span>
    </Row>
  );
}
