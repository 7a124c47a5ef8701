import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { Webhook } from "#/client/schema";
import { useGet } from "#/client/use";
import { useText, word } from "#/i18n";
import { day, moment } from "#/i18n/format";
import { useWebhooks } from "#/i18n/webhooks";
import { usePageActions } from "#/layout/pageactions";
import { Actions } from "#/ui/actions";
import { Copyable } from "#/ui/copy";
import { Card, Crumb, PageHead, Properties } from "#/ui/page";
import { WithApi } from "#/ui/withapi";
import { useWebhookActs } from "./act";
import { Deliveries } from "./deliveries";
import { WebhookPill } from "./state";

/** One webhook and what was delivered to it. */
export function WebhookPage() {
  const webhooks = useWebhooks();
  const { common } = useText();
  const { webhook: id } = useParams({ from: "/org/webhooks/$webhook" });
  const search = useSearch({ from: "/org/webhooks/$webhook" });
  const navigate = useNavigate();
  const webhook = useGet("/api/v1/webhooks/{id}", { params: { path: { id } } });
  const { act, dialogs } = useWebhookActs(webhook, () => navigate({ to: "/org/webhooks" }));
  const offered = webhook.actions.filter((offer) => offer.allowed);
  usePageActions(
    offered.map((offer) => ({
      key: offer.action,
      label: word(common.actions, offer.action),
      run: () => act(offer.action),
    })),
  );
  return (
    <>
      <PageHead
        title={webhook.name}
        crumb={<Crumb to="/org/webhooks">{webhooks.title}</Crumb>}
        state={<WebhookPill of={webhook} />}
        actions={
          <Actions
            of={webhook.name}
            actions={webhook.actions}
            onAct={act}
            first={["replay", "enable", "test"]}
            buttons={2}
          />
        }
      />
      {dialogs}
      <Trouble of={webhook} />
      <About of={webhook} />
      <Deliveries of={webhook} search={search} />
      <WithApi method="GET" path={`/api/v1/webhooks/${webhook.id}/deliveries`} />
    </>
  );
}

/** Why it is off, or since when nothing arrives. */
function Trouble({ of }: { of: Webhook }) {
  const webhooks = useWebhooks();
  if (of.fault)
    return <p className="mb-5 rounded-md bg-bad-soft px-3 py-2 text-bad">{word(webhooks.faults, of.fault)}</p>;
  if (!of.failing_since) return null;
  return (
    <p className="mb-5 rounded-md bg-wait-soft px-3 py-2 text-wait">{webhooks.failing(moment(of.failing_since))}</p>
  );
}

function About({ of }: { of: Webhook }) {
  const webhooks = useWebhooks();
  return (
    <Card className="mb-6">
      <Properties
        items={[
          [webhooks.url, <Copyable key="url" value={of.url} what={webhooks.url} />],
          [webhooks.organization, of.organization?.name ?? webhooks.platform],
          [
            webhooks.events,
            <span key="events" className="font-mono text-sm">
              {of.events.includes("*") ? webhooks.everything : of.events.join(", ")}
            </span>,
          ],
          ...(of.old_secret_until
            ? [[webhooks.overlap, moment(of.old_secret_until)] as [string, React.ReactNode]]
            : []),
          [webhooks.id, <Copyable key="id" value={of.id} what={webhooks.id} />],
          [webhooks.created, day(of.created_at)],
        ]}
      />
      {of.description ? <p className="mt-3 max-w-[62ch] whitespace-pre-line">{of.description}</p> : null}
    </Card>
  );
}
