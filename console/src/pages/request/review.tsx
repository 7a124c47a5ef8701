import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { problemOf } from "#/client/problem";
import type { Subscription } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { day, list } from "#/i18n/format";
import { Button, buttonClass } from "#/ui/button";
import { limitWords } from "#/ui/limits";
import { Cell, Row, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { StatusPill } from "#/ui/pill";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { wayIn } from "#/ui/way";
import { Wire, wireOf } from "#/ui/wire";
import { WithApi } from "#/ui/withapi";
import { endOf } from "../subscription/end";
import { Step } from "./steps";
import type { StepProps } from "./types";

/** Everything once more, and what happens then; sends it. */
export function ReviewStep({ api, draft, agreement, go, onFinished }: StepProps & { onFinished: () => void }) {
  const text = useText();
  const { request } = text;
  const { plan, place, apps, note, answer, until } = draft;
  const candidates = useGet("/api/v1/apis/{id}/candidates", {
    params: { path: { id: api.id }, query: { environment: place?.environment } },
  }).items;
  const send = useWrite("post", "/api/v1/subscriptions");
  const navigate = useNavigate();
  const toast = useToast();
  const [sent, setSent] = useState<Subscription[]>();
  const [declined, setDeclined] = useState(false);
  if (declined) return <Declined api={api.id} />;
  if (sent) return <Sent sent={sent} />;
  if (!plan || !place) return null;
  const declining = agreement !== undefined && answer === "declined";
  const body = {
    apps,
    api: api.id,
    environment: place.environment,
    plan: plan.id,
    ...(note.trim() ? { comment: note.trim() } : {}),
    ...(until ? { ends_at: endOf({ kind: "day", day: until }) } : {}),
    ...(agreement
      ? { agreement: { agreement: agreement.id, answer: declining ? ("declined" as const) : ("accepted" as const) } }
      : {}),
  };
  const submit = async () => {
    try {
      const { items } = await send.run({ body });
      toast(request.sent(items.length));
      const [one] = items;
      if (one && items.length === 1)
        await navigate({ to: "/subscriptions/$subscription", params: { subscription: one.id }, replace: true });
      else {
        setSent(items);
        onFinished();
      }
    } catch (thrown) {
      const fields = problemOf(thrown).errors ?? [];
      if (declining && fields.some((field) => field.pointer === "/agreement/answer")) {
        setDeclined(true);
        onFinished();
      }
    }
  };
  const names = apps.map((id) => candidates.find((one) => one.app.id === id)?.app.name ?? id);
  const way = wayIn(plan, place);
  return (
    <>
      <Step
        title={request.review}
        next={declining ? request.sendDecline : request.send}
        busy={send.busy}
        onNext={() => void submit()}
        onBack={() => go({ step: 3 })}
      >
        {send.error ? <ProblemBanner error={send.error} /> : null}
        <dl>
          <Item term={request.api}>{api.name}</Item>
          <Item term={request.steps.plan} onChange={() => go({ step: 1 })}>
            {plan.name}
            <span className="block text-sm text-muted">{limitWords(plan.limits, text)}</span>
          </Item>
          <Item term={request.steps.where} onChange={() => go({ step: 2 })}>
            {`${place.environment_name}: ${list(names)}`}
          </Item>
          <Item term={request.note} onChange={() => go({ step: 3 })}>
            {note.trim() ? (
              <span className="whitespace-pre-line">{note.trim()}</span>
            ) : (
              <span className="text-muted">{request.noNote}</span>
            )}
          </Item>
          <Item term={text.contracts.untilTerm} onChange={() => go({ step: 3 })}>
            {until ? day(`${until}T00:00:00`) : <span className="text-muted">{text.subscription.endsNever}</span>}
          </Item>
          {agreement ? (
            <Item term={request.agreement} onChange={() => go({ step: 3 })}>
              {`${agreement.title}: ${declining ? request.declined : request.accepted}`}
            </Item>
          ) : null}
        </dl>
        {declining ? null : (
          <div className="mt-4 rounded-md bg-sunken px-4 py-3">
            <p className="font-semibold">{request.next}</p>
            <p className="max-w-[62ch]">
              {way.approval ? request.nextApproval : way.activation ? request.nextActivation : request.nextAtOnce}
            </p>
          </div>
        )}
      </Step>
      <WithApi method="POST" path="/api/v1/subscriptions" body={body} />
    </>
  );
}

function Item({ term, children, onChange }: { term: string; children: ReactNode; onChange?: () => void }) {
  const { request } = useText();
  return (
    <div className="grid grid-cols-[11rem_minmax(0,1fr)_auto] items-start gap-x-4 border-b border-line py-2.5 last:border-b-0 max-sm:grid-cols-[minmax(0,1fr)_auto]">
      <dt className="text-muted max-sm:col-span-full">{term}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
      {onChange ? (
        <Button small kind="quiet" onClick={onChange} aria-label={request.changeThis(term)}>
          {request.change}
        </Button>
      ) : null}
    </div>
  );
}

/** Several were sent: each goes its own way from here. */
function Sent({ sent }: { sent: Subscription[] }) {
  const { request } = useText();
  return (
    <Section title={request.sentTitle} sub={request.sentHint}>
      <Rows columns="grid-cols-[auto_minmax(0,1fr)_auto]" label={request.sentTitle}>
        {sent.map((one) => (
          <Row key={one.id}>
            <Wire state={wireOf(one.state)} draw={one.state === "active"} />
            <Cell
              className="max-md:grow"
              title={
                <Link
                  to="/subscriptions/$subscription"
                  params={{ subscription: one.id }}
                  className="hover:underline"
                  aria-label={request.openedThread(one.app.name)}
                >
                  {one.app.name}
                </Link>
              }
              sub={`${one.environment_name} · ${one.plan.name}`}
            />
            <StatusPill status={one.status} waitsForActivation={one.waits_for_activation} />
          </Row>
        ))}
      </Rows>
    </Section>
  );
}

function Declined({ api }: { api: string }) {
  const { request } = useText();
  return (
    <Empty
      title={request.declinedTitle}
      action={
        <Link to="/apis/$api" params={{ api }} className={buttonClass("plain")}>
          {request.backToApi}
        </Link>
      }
    >
      {request.declinedHint}
    </Empty>
  );
}
