import { useState } from "react";
import type { Admission, ApiOverview } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button } from "#/ui/button";
import { Checkbox, Form, Select } from "#/ui/field";
import { useToast } from "#/ui/toast";

/** Whether new apps are connected by themselves, in one environment, and why nothing comes of it where it rests. */
export function AutomaticForm({ api, admission }: { api: ApiOverview; admission: Admission }) {
  const { contracts, common } = useText();
  const toast = useToast();
  const now = admission.auto_connect;
  const { run, busy, error } = useWrite("put", "/api/v1/apis/{id}/environments/{environment}/auto_connect");
  const [enabled, setEnabled] = useState(now.enabled);
  const [plan, setPlan] = useState(now.plan?.id ?? api.plans[0]?.id ?? "");
  const turnOn = now.actions.find((one) => one.action === "turn_on");
  const why = api.may_edit && turnOn?.reason ? contracts.autoReasons[turnOn.reason] : undefined;
  const mayOnlyEnd = why !== undefined;
  const options = api.plans.map((one) => ({ value: one.id, label: one.name }));
  if (now.plan && !api.plans.some((one) => one.id === now.plan?.id)) {
    options.unshift({ value: now.plan.id, label: now.plan.name });
  }
  const save = async () => {
    try {
      await run({
        params: { path: { id: api.id, environment: admission.environment } },
        body: { enabled, plan: enabled ? plan : (now.plan?.id ?? null) },
      });
      toast(contracts.autoSaved(admission.environment_name));
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form
      error={error}
      fields={["enabled", "plan"]}
      onSubmit={() => void save()}
      label={`${contracts.auto}: ${admission.environment_name}`}
    >
      <fieldset disabled={!api.may_edit} className="mt-4 border-t border-line pt-4">
        <Checkbox
          label={contracts.auto}
          hint={contracts.autoHint}
          checked={enabled}
          onChecked={setEnabled}
          disabled={!api.may_edit || (mayOnlyEnd && !now.enabled)}
        />
        {why ? <p className="mb-3">{why}</p> : null}
        {enabled ? (
          <Select
            label={contracts.autoPlan}
            name="plan"
            value={plan}
            onValue={setPlan}
            disabled={!api.may_edit || mayOnlyEnd}
            error={error}
            options={options}
          />
        ) : null}
        {now.rests ? <p className="mb-3 font-semibold">{word(contracts.rests, now.rests)}</p> : null}
        {api.may_edit ? (
          <Button type="submit" busy={busy}>
            {common.save}
          </Button>
        ) : null}
      </fieldset>
    </Form>
  );
}
