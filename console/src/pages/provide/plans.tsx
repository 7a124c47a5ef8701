import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Admission, ApiOverview, Plan } from "#/client/schema";
import { useGet, useMaybe, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button, buttonClass } from "#/ui/button";
import { Checkbox, Choices, Form } from "#/ui/field";
import { limitWords } from "#/ui/limits";
import { Card, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { obstacle } from "../profile/fence";
import { useReason } from "../profile/reason";
import { AdmissionForm } from "./admission";
import { useProvided } from "./use";

/** Under what consumers may ask for access, and how they get in. */
export function OfferedPlansPage() {
  const { provide } = useText();
  const { plans } = provide;
  const api = useProvided();
  const manage = (
    <Link to="/provide/plans" className={buttonClass("plain", true)}>
      {plans.manage}
    </Link>
  );
  return (
    <div className="grid items-start gap-x-10 xl:grid-cols-2">
      <Section title={plans.title} sub={plans.sub} id="offered" actions={manage}>
        <Offered key={api.plans.map((plan) => plan.id).join()} api={api} />
      </Section>
      <Section title={plans.admission} sub={plans.admissionSub} id="admission">
        <div className="grid gap-4">
          {api.admissions.map((admission: Admission) => (
            <AdmissionForm key={admission.environment} api={api} admission={admission} />
          ))}
        </div>
      </Section>
    </div>
  );
}

function Offered({ api }: { api: ApiOverview }) {
  const text = useText();
  const { plans } = text.provide;
  const why = useReason();
  const toast = useToast();
  const { run, busy, error } = useWrite("put", "/api/v1/apis/{id}/plans");
  const everything = useGet("/api/v1/plans", { params: { query: { limit: 200 } } }).items;
  const profile = useMaybe(api.profile ? "/api/v1/profiles/{id}" : undefined, {
    params: { path: { id: api.profile ?? "" } },
  });
  const own = profile.data?.subscription_plans ?? [];
  const offered = api.plans.map((plan) => plan.id);
  // A profile that lists plans leaves no others to choose.
  const listed = (id: string) => own.length === 0 || own.includes(id) || offered.includes(id);
  const usable = everything.filter(
    (plan) => (!plan.organization || plan.organization === api.organization) && listed(plan.id),
  );
  const fenced = obstacle(api.fenced_by?.acts, "subscription");
  // Nothing chosen means every plan that there is: then the two lists are the same.
  const [scope, setScope] = useState(offered.length === usable.length ? "any" : "chosen");
  const [ticked, setTicked] = useState(offered);
  const [none, setNone] = useState(false);
  const terms = (plan: Plan) =>
    `${limitWords(plan.limits, text)} · ${plan.requires_approval ? plans.needsApproval : plans.noApproval}`;
  const body = { plans: scope === "any" ? [] : ticked };
  const save = async () => {
    if (scope === "chosen" && ticked.length === 0) return setNone(true);
    try {
      await run({ params: { path: { id: api.id } }, body });
      toast(plans.saved);
    } catch {
      // The form shows it.
    }
  };
  if (usable.length === 0) return <p className="text-muted">{plans.noPlans}</p>;
  return (
    <Card>
      <Form error={error} fields={["plans"]} onSubmit={() => void save()} label={plans.title}>
        <fieldset disabled={!api.may_edit || fenced !== undefined}>
          <Choices
            legend={plans.scope}
            name="scope"
            value={scope}
            onValue={setScope}
            choices={[
              { value: "any", title: plans.any, sub: plans.anyHint },
              { value: "chosen", title: plans.chosen },
            ]}
          />
          {scope === "chosen" ? (
            <fieldset className="mb-3 pl-1">
              <legend className="mb-2 font-semibold">{plans.which}</legend>
              {usable.map((plan) => (
                <Checkbox
                  key={plan.id}
                  label={<span className="font-semibold">{plan.name}</span>}
                  hint={terms(plan)}
                  checked={ticked.includes(plan.id)}
                  onChecked={(checked) => {
                    setNone(false);
                    setTicked(checked ? [...ticked, plan.id] : ticked.filter((id) => id !== plan.id));
                  }}
                />
              ))}
              {none ? (
                <p role="alert" className="text-sm text-bad">
                  {plans.none}
                </p>
              ) : null}
            </fieldset>
          ) : (
            <ul aria-label={plans.which} className="mb-4 grid gap-1.5 pl-1">
              {usable.map((plan) => (
                <li key={plan.id}>
                  {plan.name} <span className="text-sm text-muted">{terms(plan)}</span>
                </li>
              ))}
            </ul>
          )}
          {fenced ? (
            <Refused reason={why(fenced.reason, fenced.privileges)}>{plans.save}</Refused>
          ) : api.may_edit ? (
            <Button type="submit" kind="primary" busy={busy}>
              {plans.save}
            </Button>
          ) : (
            <p className="text-muted">{text.provide.definition.denied}</p>
          )}
        </fieldset>
      </Form>
      <WithApi method="PUT" path={`/api/v1/apis/${api.id}/plans`} body={body} />
    </Card>
  );
}
