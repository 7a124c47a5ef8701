import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import type { Quickstart } from "#/client/schema";
import { useMaybe } from "#/client/use";
import { useText } from "#/i18n";
import { buttonClass } from "./button";
import { callCommand, type Way } from "./commands";
import { Code } from "./copy";
import { Explain } from "./explain";
import { When } from "./time";

/** The codes of calls that nobody can be told to have made. */
const NAMELESS = ["credential-missing", "credential-invalid", "no-route"];

/** The last step: the command, and what becomes of the call as soon as it arrives. */
export function CallStep({ facts, way, ready }: { facts: Quickstart; way: Way | undefined; ready: boolean }) {
  const { quick } = useText().home;
  const { call } = quick;
  const { sample, subscription, client, last_call, first_success_at } = facts;
  const open = useOpen(facts);
  // A call that is older than this page is no news: only one that arrives now draws the wire.
  const before = useRef(first_success_at);
  const arrived = before.current == null && first_success_at != null;
  const success = first_success_at != null;
  // Of successes only samples are kept: the last call that is known may be an older one.
  const passed = last_call?.allowed === true && last_call.status < 400;
  const why =
    last_call && (success ? arrived && passed : !passed) ? (
      <Arrived decision={last_call.decision} fresh={arrived} />
    ) : null;
  if (!ready && !success)
    return (
      <>
        {subscription && subscription.status !== "Active" ? <p className="text-muted">{call.needsAccess}</p> : null}
        {why}
      </>
    );
  return (
    <>
      {sample ? (
        <details open={!success} className="mt-1">
          <summary className="w-fit cursor-pointer text-muted hover:text-ink">{call.command}</summary>
          <p className="mt-2 text-muted">{call.todo}</p>
          <Code what={call.command} text={callCommand(way, sample, client?.client_id ?? "")} />
        </details>
      ) : subscription ? (
        <p className="max-w-[62ch] text-muted">
          {call.noSample}{" "}
          <Link to="/apis/$api/reference" params={{ api: subscription.api.id }} className={buttonClass("plain", true)}>
            {call.reference}
          </Link>
        </p>
      ) : null}
      {open ? <p className="max-w-[62ch] text-sm text-muted">{call.open}</p> : null}
      <div role="status" className="mt-2">
        {success ? (
          <p>
            <span className="font-semibold text-ok">{call.passed}</span>{" "}
            <span className="text-sm text-muted">
              <When at={first_success_at} />
            </span>
          </p>
        ) : (
          <p className="flex items-center gap-2.5 text-muted">
            <span aria-hidden="true" className="inline-block size-2.5 animate-pulse rounded-full bg-accent" />
            {call.listening}
          </p>
        )}
        {why && !success ? <p className="mt-2 max-w-[62ch]">{call.failed}</p> : null}
      </div>
      {why}
      {success || last_call ? null : <Nothing />}
    </>
  );
}

/** A call that has arrived: every stage of it. */
function Arrived({ decision, fresh }: { decision: string; fresh: boolean }) {
  const { data } = useMaybe("/api/v1/decisions/{id}", { params: { path: { id: decision } } });
  if (!data) return null;
  return (
    <div className="mt-3 rounded-md border border-line bg-paper p-4">
      <Explain decision={data} fresh={fresh} />
    </div>
  );
}

/** Why a call may not show up, by the code that stands in the terminal. */
function Nothing() {
  const { home, explain } = useText();
  return (
    <details className="mt-2 text-sm">
      <summary className="w-fit cursor-pointer text-muted hover:text-ink">{home.quick.call.nothing}</summary>
      <p className="mt-2 max-w-[62ch] text-muted">{home.quick.call.nothingHint}</p>
      <dl className="mt-1.5 grid max-w-[62ch] gap-1.5">
        {NAMELESS.map((code) => (
          <div key={code}>
            <dt>
              <code className="font-mono">{code}</code> {explain.codes[code]?.title}
            </dt>
            <dd className="text-muted">{explain.codes[code]?.todo}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Whether the version asks nobody who calls: then no call can be told to be this app's. */
function useOpen({ sample, subscription }: Quickstart): boolean {
  const unnamed = sample?.security.length === 0;
  const id = subscription?.api.id ?? "";
  const api = useMaybe(unnamed ? "/api/v1/apis/{id}" : undefined, { params: { path: { id } } }).data;
  return unnamed && api?.subscription_required === false;
}
