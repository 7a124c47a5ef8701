import { useState } from "react";
import type { Activation, Admission, ApiOverview, Approval } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button } from "#/ui/button";
import { Form, Select } from "#/ui/field";
import { Card } from "#/ui/page";
import { useToast } from "#/ui/toast";
import { AutomaticForm } from "./automatic";

const APPROVALS: Approval[] = ["automatic", "manual"];
const ACTIVATIONS: Activation[] = ["default", "automatic", "manual"];

/** How subscribers get in, in one environment; and in words what happens then. */
export function AdmissionForm({ api, admission }: { api: ApiOverview; admission: Admission }) {
  const { provide, common } = useText();
  const { plans } = provide;
  const toast = useToast();
  const { run, busy, error } = useWrite("put", "/api/v1/apis/{id}/environments/{environment}");
  const [approval, setApproval] = useState(admission.approval);
  const [activation, setActivation] = useState(admission.activation);
  const save = async () => {
    try {
      await run({
        params: { path: { id: api.id, environment: admission.environment } },
        body: { approval, activation },
      });
      toast(plans.admissionSaved(admission.environment_name));
    } catch {
      // The form shows it.
    }
  };
  return (
    <Card>
      <h3 className="mb-3 font-semibold">{admission.environment_name}</h3>
      <Form
        error={error}
        fields={["approval", "activation"]}
        onSubmit={() => void save()}
        label={`${plans.admission}: ${admission.environment_name}`}
      >
        <fieldset disabled={!api.may_decide}>
          <div className="grid items-end gap-x-4 sm:grid-cols-2">
            <Select
              label={plans.approval}
              name="approval"
              value={approval}
              onValue={(value) => setApproval(value as Approval)}
              error={error}
              options={APPROVALS.map((value) => ({ value, label: word(plans.approvals, value) }))}
            />
            <Select
              label={plans.activation}
              name="activation"
              value={activation}
              onValue={(value) => setActivation(value as Activation)}
              error={error}
              options={ACTIVATIONS.map((value) => ({ value, label: word(plans.activations, value) }))}
            />
          </div>
          <p className="mb-3 text-sm text-muted">
            {outcome(approval, activation, plans.outcome)} {word(plans.approvalHints, approval)}
          </p>
          {api.may_decide ? (
            <Button type="submit" busy={busy}>
              {common.save}
            </Button>
          ) : (
            <p className="text-sm text-muted">{provide.settings.decidersOnly}</p>
          )}
        </fieldset>
      </Form>
      <AutomaticForm api={api} admission={admission} />
    </Card>
  );
}

type Outcomes = { open: string; approveThenActive: string; approveActivate: string; openActivate: string };

/** What the two settings mean together, for a plan that asks for no approval of its own. */
function outcome(approval: Approval, activation: Activation, words: Outcomes): string {
  if (approval === "manual") return activation === "automatic" ? words.approveThenActive : words.approveActivate;
  return activation === "manual" ? words.openActivate : words.open;
}
