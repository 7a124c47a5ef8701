import type { ReactNode } from "react";
import { useGet } from "#/client/use";
import { useDesign } from "#/i18n/design";
import { Checkbox, TextArea, TextInput } from "#/ui/field";
import { ModificationRows } from "../provide/modification";
import { SecurityFields } from "../provide/security";
import type { Values } from "./values";

/** The members of the body that fields of the form are about. */
export const FIELDS = ["name", "description", "roles", "destinations"];

type FieldsProps = { values: Values; onValues: (values: Values) => void; error: unknown };

/** Every field of a profile. */
export function Fields({ values, onValues, error }: FieldsProps) {
  const { profiles: text } = useDesign();
  const set = (change: Partial<Values>) => onValues({ ...values, ...change });
  const toggle = (list: string[], entry: string, on: boolean) =>
    on ? [...list, entry] : list.filter((one) => one !== entry);
  const plans = useGet("/api/v1/plans", { params: { query: { limit: 200 } } }).items;
  const environments = useGet("/api/v1/environments").items;
  return (
    <>
      <TextInput
        label={text.name}
        hint={text.nameHint}
        name="name"
        maxLength={120}
        value={values.name}
        onValue={(name) => set({ name })}
        error={error}
      />
      <TextArea
        label={text.description}
        name="description"
        optional
        rows={2}
        maxLength={4000}
        value={values.description}
        onValue={(description) => set({ description })}
        error={error}
      />
      <TextArea
        label={text.roles}
        hint={text.rolesHint}
        name="roles"
        optional
        rows={2}
        value={values.roles}
        onValue={(roles) => set({ roles })}
        error={error}
      />
      <Group title={text.subscription}>
        <Checkbox
          label={text.required}
          checked={values.subscription.required}
          onChecked={(required) => set({ subscription: { ...values.subscription, required } })}
        />
        <Checkbox
          label={text.subscriptionOverride}
          checked={values.subscription.allow_override}
          onChecked={(allow_override) => set({ subscription: { ...values.subscription, allow_override } })}
        />
        <Group title={text.plans} hint={text.plansHint}>
          {plans.map((plan) => (
            <Checkbox
              key={plan.id}
              label={plan.name}
              hint={plan.organization_name ?? undefined}
              checked={values.subscription_plans.includes(plan.id)}
              onChecked={(on) => set({ subscription_plans: toggle(values.subscription_plans, plan.id, on) })}
            />
          ))}
        </Group>
      </Group>
      <Rules values={values} set={set} />
      <Group title={text.publishing}>
        <Checkbox
          label={text.publish}
          checked={values.publish_allow}
          onChecked={(publish_allow) => set({ publish_allow })}
        />
        <Group title={text.environments} hint={text.environmentsHint}>
          {environments.map(({ slug, name }) => (
            <Checkbox
              key={slug}
              label={name}
              checked={values.environments.includes(slug)}
              onChecked={(on) => set({ environments: toggle(values.environments, slug, on) })}
            />
          ))}
        </Group>
        <TextArea
          label={text.destinations}
          hint={text.destinationsHint}
          name="destinations"
          optional
          rows={2}
          value={values.destinations}
          onValue={(destinations) => set({ destinations })}
          error={error}
        />
      </Group>
    </>
  );
}

type RulesProps = { values: Values; set: (change: Partial<Values>) => void };

/** Request modification, security and implementation. */
function Rules({ values, set }: RulesProps) {
  const { profiles: text } = useDesign();
  const { requestmod, security, implementation } = values;
  const kinds = [
    ["method_pipeline", text.pipeline],
    ["method_script", text.script],
    ["method_proxy", text.proxy],
  ] as const;
  return (
    <>
      <Group title={text.requestmod}>
        <Checkbox
          label={text.specifyDefaults}
          checked={requestmod.specify_defaults}
          onChecked={(specify_defaults) => set({ requestmod: { ...requestmod, specify_defaults } })}
        />
        <Checkbox
          label={text.requestmodOverride}
          checked={requestmod.allow_override}
          onChecked={(allow_override) => set({ requestmod: { ...requestmod, allow_override } })}
        />
        {requestmod.specify_defaults ? (
          <>
            {requestmod.odd ? <Odd json={requestmod.odd} /> : null}
            <ModificationRows
              changes={requestmod.changes}
              onChange={(changes) => set({ requestmod: { ...requestmod, changes } })}
            />
          </>
        ) : null}
      </Group>
      <Group title={text.security}>
        <Checkbox
          label={text.specifyDefaults}
          checked={security.specify_defaults}
          onChecked={(specify_defaults) => set({ security: { ...security, specify_defaults } })}
        />
        <Checkbox
          label={text.securityOverride}
          checked={security.allow_override}
          onChecked={(allow_override) => set({ security: { ...security, allow_override } })}
        />
        <Checkbox
          label={text.securityOperation}
          checked={security.allow_override_per_operation}
          onChecked={(allow_override_per_operation) => set({ security: { ...security, allow_override_per_operation } })}
        />
        {security.specify_defaults ? (
          <Group title={text.schemes}>
            <SecurityFields
              draft={security.schemes}
              onDraft={(schemes) => set({ security: { ...security, schemes } })}
            />
          </Group>
        ) : null}
      </Group>
      <Group title={text.implementation}>
        <Checkbox
          label={text.limit}
          checked={implementation.limit_methods}
          onChecked={(limit_methods) => set({ implementation: { ...implementation, limit_methods } })}
        />
        <div className="pl-7">
          {kinds.map(([member, label]) => (
            <Checkbox
              key={member}
              label={label}
              disabled={!implementation.limit_methods}
              checked={!implementation.limit_methods || implementation[member]}
              onChecked={(on) => set({ implementation: { ...implementation, [member]: on } })}
            />
          ))}
        </div>
        <Checkbox
          label={text.implementationOperation}
          checked={implementation.allow_override_per_operation}
          onChecked={(allow_override_per_operation) =>
            set({ implementation: { ...implementation, allow_override_per_operation } })
          }
        />
      </Group>
    </>
  );
}

/** Defaults that came from elsewhere, in no shape that a version could have. */
function Odd({ json }: { json: string }) {
  const { profiles: text } = useDesign();
  return (
    <div className="mb-3 rounded-md bg-wait-soft px-3 py-2 text-wait">
      <p>{text.odd}</p>
      <pre className="mt-1 overflow-x-auto font-mono text-sm">{json}</pre>
    </div>
  );
}

function Group({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <fieldset className="mb-4">
      <legend className="mb-1.5 font-semibold">{title}</legend>
      {hint ? <p className="mb-2 text-sm text-muted">{hint}</p> : null}
      {children}
    </fieldset>
  );
}
