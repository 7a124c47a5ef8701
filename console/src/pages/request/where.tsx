import { Link } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, useState } from "react";
import type { Candidate } from "#/client/schema";
import { useGet } from "#/client/use";
import { useText } from "#/i18n";
import { Checkbox, Choices } from "#/ui/field";
import { Waiting } from "#/ui/list";
import { wayIn } from "#/ui/way";
import { AppForm } from "./app";
import { Step } from "./steps";
import type { StepProps } from "./types";

/** Where, and for which apps. */
export function WhereStep({ api, draft, choose, go }: StepProps) {
  const { request } = useText();
  const { plan, place } = draft;
  const missing = !place ? request.chooseEnvironment : draft.apps.length === 0 ? request.chooseApp : undefined;
  return (
    <Step title={request.steps.where} missing={missing} onNext={() => go({ step: 3 })} onBack={() => go({ step: 1 })}>
      <Choices
        legend={request.environment}
        name="environment"
        value={place?.environment ?? ""}
        onValue={(environment) => choose({ environment, step: 2 })}
        choices={api.admissions.map((one) => {
          const way = plan ? wayIn(plan, one) : undefined;
          return {
            value: one.environment,
            title: one.environment_name,
            sub: way?.approval ? request.approval : way?.activation ? request.activation : request.atOnce,
          };
        })}
      />
      {place ? (
        <Suspense fallback={<Waiting />}>
          <AppChoice {...{ api, draft, choose }} environment={place.environment} />
        </Suspense>
      ) : null}
    </Step>
  );
}

/** My apps: those that can ask, and the others with what stands against it. */
function AppChoice({
  api,
  draft,
  choose,
  environment,
}: Pick<StepProps, "api" | "draft" | "choose"> & { environment: string }) {
  const { request } = useText();
  const { items } = useGet("/api/v1/apis/{id}/candidates", {
    params: { path: { id: api.id }, query: { environment } },
  });
  // What was made in passing takes the focus, as soon as it is in the list.
  const [made, setMade] = useState<string>();
  const list = useRef<HTMLFieldSetElement>(null);
  const at = items.findIndex((one) => one.app.id === made);
  useEffect(() => {
    if (at < 0) return;
    list.current?.querySelectorAll<HTMLElement>('input[type="checkbox"]')[at]?.focus();
    setMade(undefined);
  }, [at]);
  const put = (chosen: string[]) => choose({ app: chosen.join(","), step: 2 });
  // What was chosen elsewhere and cannot ask here is not carried along unseen.
  const possible = draft.apps.filter((id) => items.some((one) => one.allowed && one.app.id === id));
  const stray = possible.length < draft.apps.length && !made;
  useEffect(() => {
    if (stray) put(possible);
  });
  const change = (app: string, on: boolean) =>
    put(on ? [...draft.apps, app] : draft.apps.filter((other) => other !== app));
  return (
    <fieldset ref={list}>
      <legend className="mb-1 font-semibold">{request.apps}</legend>
      <p className="mb-3 text-sm text-muted">{request.appsHint}</p>
      {items.map((one) => (
        <Checkbox
          key={one.app.id}
          label={
            <>
              {one.app.name}
              <span className="text-muted">{` · ${one.organization.name}`}</span>
            </>
          }
          hint={one.allowed ? undefined : <Reason of={one} />}
          disabled={!one.allowed}
          checked={one.allowed && draft.apps.includes(one.app.id)}
          onChecked={(on) => change(one.app.id, on)}
        />
      ))}
      <AppForm
        first={items.length === 0}
        onCreated={(id) => {
          setMade(id);
          put([...draft.apps, id]);
        }}
      />
    </fieldset>
  );
}

/** Why an app cannot ask here, with the way to what it has already. */
function Reason({ of }: { of: Candidate }) {
  const { request } = useText();
  const words = of.reason === "live_subscription" ? request.live[of.state ?? ""] : request.reasons[of.reason ?? ""];
  return (
    <>
      {words ?? of.reason}
      {of.subscription ? (
        <>
          {": "}
          <Link
            to="/subscriptions/$subscription"
            params={{ subscription: of.subscription }}
            className="text-accent underline"
          >
            {request.openThread}
          </Link>
        </>
      ) : null}
    </>
  );
}
