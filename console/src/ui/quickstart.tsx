import { Link, type LinkProps } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Quickstart } from "#/client/schema";
import { useText } from "#/i18n";
import { buttonClass } from "./button";
import { Chips } from "./chips";
import { readCommand, tokenCommand, type Way, waysOf } from "./commands";
import { Code, Copyable } from "./copy";
import { useEnvironmentName } from "./environment";
import { CallStep } from "./firstcall";
import { StatusPill } from "./pill";
import { hasCredential, stepsOf, usualWay } from "./progress";
import { ResourceLink } from "./resource";
import { Wire, wireOf } from "./wire";

export { listening } from "./progress";

/** An app's way to its first call that passes, with commands that hold this person's own values. */
export function QuickStart({ facts }: { facts: Quickstart }) {
  const { quick } = useText().home;
  const ways = waysOf(facts.sample?.security);
  const [chosen, setChosen] = useState<Way>();
  const way = chosen ?? usualWay(facts, ways);
  const steps = stepsOf(facts, way);
  const done = steps.filter((step) => step.done).length;
  // The first that is not done is where one is; it is open, the others are a line each.
  const at = steps.findIndex((step) => !step.done);
  const [app, access, client, token, call] = steps.map((step) => step.done);
  return (
    <div className="rounded-xl border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-5 py-3 max-sm:px-4">
        <p className="grow text-muted">{facts.app ? quick.subOf(facts.app.name) : quick.sub}</p>
        <p className="flex items-center gap-3 text-sm font-semibold">
          <Wire
            state={call ? "active" : access ? "approved" : facts.subscription ? "requested" : "none"}
            draw={!!call}
          />
          {quick.progress(done, steps.length)}
        </p>
      </div>
      <ol>
        <Step number={1} title={quick.app.title} done={app} current={at === 0}>
          <AppStep facts={facts} />
        </Step>
        <Step number={2} title={quick.access.title} done={access} current={at === 1}>
          <AccessStep facts={facts} />
        </Step>
        <Step number={3} title={quick.client.title} done={client} current={at === 2}>
          <ClientStep facts={facts} way={way} />
        </Step>
        <Step number={4} title={titleOf(way, quick)} done={token} current={at === 3}>
          {facts.client ? (
            <div className="mt-2">
              {ways.length > 1 ? (
                <Chips
                  label={quick.way}
                  value={way ?? ""}
                  onValue={(value) => setChosen(value as Way)}
                  options={ways.map((one) => ({ value: one, label: quick.ways[one] ?? one }))}
                />
              ) : null}
              <CredentialStep facts={facts} way={way} done={token === true} />
            </div>
          ) : null}
        </Step>
        <Step number={5} title={quick.call.title} done={call} current={at === 4}>
          <CallStep facts={facts} way={way} ready={access === true && facts.client != null} />
        </Step>
      </ol>
    </div>
  );
}

type Words = ReturnType<typeof useText>["home"]["quick"];

function titleOf(way: Way | undefined, quick: Words): string {
  return way === "api_key" ? quick.key.title : way === "basic" ? quick.secret.title : quick.token.title;
}

function Step({
  number,
  title,
  done,
  current,
  children,
}: {
  number: number;
  title: string;
  done: boolean | undefined;
  current: boolean;
  children: ReactNode;
}) {
  const { quick } = useText().home;
  return (
    <li
      aria-current={current ? "step" : undefined}
      className="grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-3.5 border-b border-line px-5 py-3.5 last:border-b-0 max-sm:px-4"
    >
      <span
        aria-hidden="true"
        className={`inline-flex size-7 items-center justify-center rounded-full text-sm font-semibold ${done ? "bg-ok-soft text-ok" : current ? "bg-accent text-on-accent" : "bg-sunken text-muted"}`}
      >
        {done ? <Check size={16} /> : number}
      </span>
      <div className="min-w-0">
        <h3 className={`mt-0.5 font-semibold ${done || current ? "" : "text-muted"}`}>
          {title}
          <span className="sr-only">{` (${done ? quick.done : quick.open})`}</span>
        </h3>
        {children}
      </div>
    </li>
  );
}

function Act({ to, params, children }: { to: LinkProps["to"]; params?: Record<string, string>; children: ReactNode }) {
  return (
    <Link to={to} params={params as never} className={`${buttonClass("primary")} mt-2.5`}>
      {children}
    </Link>
  );
}

function AppStep({ facts }: { facts: Quickstart }) {
  const { quick } = useText().home;
  if (facts.app) return <ResourceLink of={{ kind: "app", ...facts.app }} />;
  return (
    <>
      <p className="max-w-[62ch] text-muted">{quick.app.todo}</p>
      <Act to="/apps/new">{quick.app.action}</Act>
    </>
  );
}

function AccessStep({ facts }: { facts: Quickstart }) {
  const { access } = useText().home.quick;
  const environmentName = useEnvironmentName();
  const { subscription } = facts;
  if (!facts.app) return <p className="text-muted">{access.needsApp}</p>;
  if (!subscription)
    return (
      <>
        <p className="max-w-[62ch] text-muted">{access.todo}</p>
        <Act to="/catalog">{access.action}</Act>
      </>
    );
  const { api, environment, state, status } = subscription;
  const words: Record<string, string> = {
    requested: access.waiting(api.name),
    approved: access.approved(api.name),
    rejected: access.rejected(api.name),
    suspended: access.suspended(api.name),
  };
  return (
    <>
      <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
        <Wire state={wireOf(state)} />
        <ResourceLink of={{ kind: "api", ...api }} />
        <span className="text-muted">{environmentName(environment)}</span>
        <StatusPill status={status} waitsForActivation={subscription.waits_for_activation} />
      </p>
      {words[state] ? (
        <p className="mt-1.5 max-w-[62ch] text-muted">
          {`${words[state]} `}
          <ResourceLink of={{ kind: "subscription", id: subscription.id }}>{access.thread}</ResourceLink>
        </p>
      ) : null}
    </>
  );
}

function ClientStep({ facts, way }: { facts: Quickstart; way: Way | undefined }) {
  const { quick } = useText().home;
  const { app, client } = facts;
  if (!app) return <p className="text-muted">{quick.client.needsApp}</p>;
  const open = (
    <Act to="/apps/$app/credentials" params={{ app: app.id }}>
      {quick.client.action}
    </Act>
  );
  if (!client)
    return (
      <>
        <p className="max-w-[62ch] text-muted">{quick.client.todo}</p>
        {open}
      </>
    );
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2 text-sm">
        <span className="text-muted">{quick.clientId}</span>
        <Copyable value={client.client_id} what={quick.clientId} />
      </p>
      {hasCredential(facts, way) ? null : (
        <>
          <p className="mt-1.5 max-w-[62ch] text-muted">
            {way === "api_key" ? quick.client.keyMissing : quick.client.secretMissing}
          </p>
          {open}
        </>
      )}
    </>
  );
}

/** A token by OAuth; or the key or the secret itself, into a variable of the shell. */
function CredentialStep({ facts, way, done }: { facts: Quickstart; way: Way | undefined; done: boolean }) {
  const { quick } = useText().home;
  const { client } = facts;
  if (!client || !hasCredential(facts, way)) return null;
  const words = way === "api_key" ? quick.key : way === "basic" ? quick.secret : quick.token;
  const command = way === "oauth" ? tokenCommand(client.client_id, facts.token_url) : readCommand(way ?? "basic");
  // Once done it is still wanted: tokens end, and a new terminal has no variables.
  return (
    <details open={!done || facts.first_success_at == null} className="mt-1">
      <summary className="w-fit cursor-pointer text-muted hover:text-ink">{words.command}</summary>
      <p className="mt-2 max-w-[62ch] text-muted">{words.todo}</p>
      <Code what={words.command} text={command} />
    </details>
  );
}
