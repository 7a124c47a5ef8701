import { useState } from "react";
import { useRemove } from "#/client/remove";
import type { PlanOverview } from "#/client/schema";
import { useGet, useMaybe, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Checkbox, Form, Select, TextArea, TextInput } from "#/ui/field";
import { limitWords } from "#/ui/limits";
import { Properties } from "#/ui/page";
import { FoundPanel } from "#/ui/panel";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { maySharedByAll, Owner, useProviders } from "./owner";
import { allows, Removal } from "./removal";
import { UsedBy } from "./used";

type PanelProps = { item: string; onClose: () => unknown; onMade: (id: string) => void };

/** A plan beside the list: to read, to change, or a new one. */
export function PlanPanel({ item, onClose, onMade }: PanelProps) {
  const { plans } = useText();
  const found = useMaybe(item === "new" ? undefined : "/api/v1/plans/{id}", { params: { path: { id: item } } });
  const title = item === "new" ? plans.create : (found.data?.name ?? plans.one);
  return (
    <FoundPanel
      title={title}
      back={plans.back}
      item={item}
      onClose={onClose}
      found={found}
      fresh={<NewPlan onMade={onMade} onClose={onClose} />}
    >
      {(plan) => <Existing plan={plan} onClose={onClose} />}
    </FoundPanel>
  );
}

type Values = {
  name: string;
  description: string;
  limit_group: string;
  requires_approval: boolean;
  default: boolean;
};

const FIELDS = ["name", "description", "limit_group", "organization"];

function Existing({ plan, onClose }: { plan: PlanOverview; onClose: () => unknown }) {
  const text = useText();
  const { plans, common } = text;
  const toast = useToast();
  const edit = useWrite("patch", "/api/v1/plans/{id}");
  const remove = useRemove("/api/v1/plans/{id}");
  const [values, setValues] = useState<Values>({
    name: plan.name,
    description: plan.description,
    limit_group: plan.limit_group ?? "",
    requires_approval: plan.requires_approval,
    default: plan.default,
  });
  const path = { id: plan.id };
  const body = { ...values, limit_group: values.limit_group || null };
  const save = async () => {
    try {
      await edit.run({ params: { path }, body });
      toast(plans.edited(values.name));
    } catch {
      // The form shows it.
    }
  };
  if (!allows(plan.actions, "edit")) {
    return (
      <>
        <p className="mb-3 text-muted">{plans.readOnly}</p>
        <Properties
          items={[
            [plans.description, plan.description || common.none],
            [plans.columns.limits, limitWords(plan.limits, text)],
            [plans.columns.admission, plan.requires_approval ? plans.needsApproval : plans.noApproval],
            [plans.columns.owner, plan.organization_name ?? plans.shared],
            [plans.id, <Copyable key="id" value={plan.id} what={plans.id} />],
          ]}
        />
        <UsedBy plan={plan} />
      </>
    );
  }
  return (
    <>
      <Form error={edit.error} fields={FIELDS} onSubmit={() => void save()} label={plans.one}>
        <Fields values={values} onValues={setValues} error={edit.error} organization={plan.organization ?? ""} />
        <UsedBy plan={plan} effect />
        <Button type="submit" kind="primary" busy={edit.busy}>
          {common.save}
        </Button>
      </Form>
      <div className="mt-5">
        <Properties
          items={[
            [plans.columns.owner, plan.organization_name ?? plans.shared],
            [plans.id, <Copyable key="id" value={plan.id} what={plans.id} />],
          ]}
        />
      </div>
      <WithApi method="PATCH" path={`/api/v1/plans/${plan.id}`} body={body} />
      <Removal
        name={plan.name}
        verb={plans.remove}
        title={plans.removeTitle(plan.name)}
        hint={plans.removeHint}
        actions={plan.actions}
        busy={remove.busy}
        error={remove.error}
        onRemove={async () => {
          await remove.run(plan.id, onClose);
          toast(plans.deleted(plan.name));
        }}
      />
    </>
  );
}

function NewPlan({ onMade, onClose }: { onMade: (id: string) => void; onClose: () => unknown }) {
  const { plans, common } = useText();
  const toast = useToast();
  const providers = useProviders();
  const { run, busy, error } = useWrite("post", "/api/v1/plans");
  const [organization, setOrganization] = useState(providers[0]?.id ?? "");
  const [values, setValues] = useState<Values>({
    name: "",
    description: "",
    limit_group: "",
    requires_approval: true,
    default: false,
  });
  if (providers.length === 0 && !maySharedByAll()) {
    return (
      <>
        <p className="font-semibold">{plans.noOrganization}</p>
        <p className="text-muted">{plans.noOrganizationHint}</p>
      </>
    );
  }
  const create = async () => {
    try {
      const made = await run({
        body: { ...values, limit_group: values.limit_group || null, organization: organization || null },
      });
      toast(plans.created(made.name));
      onMade(made.id);
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form error={error} fields={FIELDS} onSubmit={() => void create()} label={plans.create}>
      <Owner value={organization} onValue={setOrganization} error={error} hint={plans.organizationHint} />
      <Fields values={values} onValues={setValues} error={error} organization={organization} />
      <div className="flex gap-2">
        <Button type="submit" kind="primary" busy={busy}>
          {plans.submit}
        </Button>
        <Button onClick={onClose}>{common.cancel}</Button>
      </div>
    </Form>
  );
}

type FieldsProps = {
  values: Values;
  onValues: (values: Values) => void;
  error: unknown;
  /** Whose plan it is; "" is shared. */
  organization: string;
};

function Fields({ values, onValues, error, organization }: FieldsProps) {
  const text = useText();
  const { plans } = text;
  const groups = useGet("/api/v1/limit_groups", { params: { query: { limit: 200 } } }).items;
  const set = (change: Partial<Values>) => onValues({ ...values, ...change });
  // A plan may use what is shared, and what belongs to its own organization.
  const usable = groups.filter(
    (group) => !group.organization || group.organization === organization || group.id === values.limit_group,
  );
  return (
    <>
      <TextInput
        label={plans.name}
        name="name"
        value={values.name}
        onValue={(name) => set({ name })}
        maxLength={120}
        error={error}
      />
      <TextArea
        label={plans.description}
        name="description"
        rows={2}
        value={values.description}
        onValue={(description) => set({ description })}
        optional
        error={error}
      />
      <Select
        label={plans.limitGroup}
        hint={plans.limitGroupHint}
        name="limit_group"
        value={values.limit_group}
        onValue={(limit_group) => set({ limit_group })}
        optional
        error={error}
        options={[
          { value: "", label: plans.noLimitGroup },
          ...usable.map((group) => ({
            value: group.id,
            label: `${group.name} (${limitWords(group.windows, text)})`,
          })),
        ]}
      />
      <Checkbox
        label={plans.requiresApproval}
        hint={plans.requiresApprovalHint}
        checked={values.requires_approval}
        onChecked={(requires_approval) => set({ requires_approval })}
      />
      <Checkbox
        label={plans.default}
        hint={plans.defaultHint}
        checked={values.default}
        onChecked={(value) => set({ default: value })}
      />
    </>
  );
}
