import { Link } from "@tanstack/react-router";
import { useText } from "#/i18n";
import { buttonClass } from "#/ui/button";
import { Choices } from "#/ui/field";
import { limitWords } from "#/ui/limits";
import { Empty } from "#/ui/page";
import { Step } from "./steps";
import type { StepProps } from "./types";

/** The terms. */
export function PlanStep({ api, draft, choose, go }: StepProps) {
  const text = useText();
  const { request } = text;
  if (api.plans.length === 0)
    return (
      <Empty
        title={request.noPlans}
        action={
          <Link to="/apis/$api" params={{ api: api.id }} className={buttonClass("plain")}>
            {request.backToApi}
          </Link>
        }
      >
        {request.noPlansHint}
      </Empty>
    );
  return (
    <Step
      title={request.plan}
      hint={request.planHint}
      missing={draft.plan ? undefined : request.choosePlan}
      onNext={() => go({ step: 2 })}
    >
      <Choices
        legend={request.steps.plan}
        name="plan"
        value={draft.plan?.id ?? ""}
        onValue={(plan) => choose({ plan, step: 1 })}
        choices={api.plans.map((plan) => ({
          value: plan.id,
          title: plan.name,
          sub: (
            <>
              <span className="block text-ink">{limitWords(plan.limits, text)}</span>
              {plan.description}
            </>
          ),
        }))}
      />
    </Step>
  );
}
