import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Webhook } from "#/client/schema";
import { useList } from "#/client/use";
import { counted } from "#/i18n/format";
import { useWebhooks } from "#/i18n/webhooks";
import { usePageActions } from "#/layout/pageactions";
import { Button } from "#/ui/button";
import { Dialog } from "#/ui/dialog";
import { Cell, Listed, Row, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { WithApi } from "#/ui/withapi";
import { WebhookForm } from "./form";
import { useOwners } from "./owners";
import { WebhookPill } from "./state";

/** Every webhook that this person manages. */
export function Webhooks() {
  const webhooks = useWebhooks();
  const list = useList("/api/v1/webhooks");
  const owners = useOwners();
  const [adding, setAdding] = useState(false);
  const add = () => setAdding(true);
  const may = owners.length > 0;
  usePageActions(may ? [{ key: "add", label: webhooks.add, run: add }] : []);
  const button = may ? (
    <Button kind="primary" onClick={add}>
      {webhooks.add}
    </Button>
  ) : (
    <Refused reason={webhooks.onlyOwners}>{webhooks.add}</Refused>
  );
  return (
    <>
      <PageHead title={webhooks.title} sub={webhooks.sub} actions={list.items.length > 0 ? button : null} />
      <Listed
        list={list}
        empty={
          <Empty title={webhooks.empty} action={button}>
            {webhooks.emptyHint}
          </Empty>
        }
      >
        <Rows columns="grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_auto_auto_auto]" label={webhooks.title}>
          <RowHead names={webhooks.columns} />
          {list.items.map((one) => (
            <Line key={one.id} one={one} />
          ))}
        </Rows>
      </Listed>
      <WithApi method="POST" path="/api/v1/webhooks" body={{ url: "https://example.com/hooks", events: ["*"] }} />
      <Dialog open={adding} onClose={() => setAdding(false)} title={webhooks.add}>
        <WebhookForm owners={owners} onDone={() => setAdding(false)} />
      </Dialog>
    </>
  );
}

function Line({ one }: { one: Webhook }) {
  const webhooks = useWebhooks();
  const events = one.events.includes("*") ? webhooks.everything : one.events.join(", ");
  return (
    <Row>
      <Cell
        title={
          <Link to="/org/webhooks/$webhook" params={{ webhook: one.id }} className="hover:underline">
            {one.name}
          </Link>
        }
        sub={one.organization?.name ?? webhooks.platform}
        className="max-md:w-full"
      />
      <span className="text-sm text-muted [overflow-wrap:anywhere]">{events}</span>
      <WebhookPill of={one} />
      <Count n={one.waiting} label={webhooks.waiting} />
      <Count n={one.dead} label={webhooks.dead} bad />
    </Row>
  );
}

function Count({ n, label, bad }: { n: number; label: string; bad?: boolean }) {
  return (
    <span className={`text-sm tabular-nums ${bad && n > 0 ? "font-semibold text-bad" : "text-muted"}`}>
      {counted(n)}
      <span className="md:sr-only">{` ${label}`}</span>
    </span>
  );
}
