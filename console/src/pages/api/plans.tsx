import { Link } from "@tanstack/react-router";
import type { Admission, Plan } from "#/client/schema";
import { useText } from "#/i18n";
import { buttonClass } from "#/ui/button";
import { limitWords } from "#/ui/limits";
import { Card, Empty } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { wayIn } from "#/ui/way";
import { useApi } from "./use";

/** The terms under which one can get in, side by side. */
export function ApiPlans() {
  const { api: words } = useText();
  const api = useApi();
  if (api.plans.length === 0)
    return (
      <Empty
        title={words.noPlans}
        action={
          api.may_edit ? (
            <Link to="/provide/apis/$api/plans" params={{ api: api.id }} className={buttonClass("primary")}>
              {words.plansProvider}
            </Link>
          ) : undefined
        }
      >
        {words.noPlansHint}
      </Empty>
    );
  return (
    <>
      <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        {api.plans.map((plan) => (
          <li key={plan.id} className="flex">
            <PlanCard plan={plan} api={api.id} admissions={api.admissions} />
          </li>
        ))}
      </ul>
      <p className="mt-4 max-w-[62ch] text-sm text-muted">{words.planShared}</p>
    </>
  );
}

function PlanCard({ plan, api, admissions }: { plan: Plan; api: string; admissions: Admission[] }) {
  const text = useText();
  const words = text.api;
  return (
    <Card className="flex w-full flex-col">
      <h2 className="flex flex-wrap items-center gap-2 font-semibold [overflow-wrap:anywhere]">
        {plan.name}
        {plan.default ? <Pill tone="off">{words.planDefault}</Pill> : null}
      </h2>
      <p className="mt-1 text-lg font-bold">{limitWords(plan.limits, text)}</p>
      {plan.description ? <p className="mt-2">{plan.description}</p> : null}
      <ul aria-label={words.planEnvironments} className="mt-3 mb-5 grid gap-2 text-sm">
        {admissions.map((admission) => (
          <li key={admission.environment}>
            <span className="font-semibold">{admission.environment_name}</span>
            <span className="block text-muted">
              <Way plan={plan} admission={admission} />
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-auto">
        <Link
          to="/apis/$api/request"
          params={{ api }}
          search={{ plan: plan.id }}
          className={buttonClass("plain")}
          aria-label={words.choosePlan(plan.name)}
        >
          {words.request}
        </Link>
      </p>
    </Card>
  );
}

/** What a request under this plan has to pass there. */
function Way({ plan, admission }: { plan: Plan; admission: Admission }) {
  const { api: words } = useText();
  const { approval, activation } = wayIn(plan, admission);
  if (approval) return words.approvalNeeded;
  return activation ? words.activationLater : words.approvalFree;
}
