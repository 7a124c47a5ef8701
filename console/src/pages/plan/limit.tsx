import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useRemove } from "#/client/remove";
import type { LimitGroupOverview } from "#/client/schema";
import { useMaybe, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Form, TextInput } from "#/ui/field";
import { limitWords } from "#/ui/limits";
import { Properties } from "#/ui/page";
import { FoundPanel } from "#/ui/panel";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { maySharedByAll, Owner, useProviders } from "./owner";
import { allows, Removal } from "./removal";
import { draft, Windows, windowFields, written } from "./windows";

type PanelProps = { item: string; onClose: () => unknown; onMade: (id: string) => void };

/** A limit group beside the list: to read, to change, or a new one. */
export function LimitPanel({ item, onClose, onMade }: PanelProps) {
  const { limits } = useText().plans;
  const found = useMaybe(item === "new" ? undefined : "/api/v1/limit_groups/{id}", { params: { path: { id: item } } });
  const title = item === "new" ? limits.create : (found.data?.name ?? limits.one);
  return (
    <FoundPanel
      title={title}
      back={limits.back}
      item={item}
      onClose={onClose}
      found={found}
      fresh={<NewGroup onMade={onMade} onClose={onClose} />}
    >
      {(group) => <Existing group={group} onClose={onClose} />}
    </FoundPanel>
  );
}

function Existing({ group, onClose }: { group: LimitGroupOverview; onClose: () => unknown }) {
  const text = useText();
  const { plans, common } = text;
  const { limits } = plans;
  const toast = useToast();
  const edit = useWrite("patch", "/api/v1/limit_groups/{id}");
  const remove = useRemove("/api/v1/limit_groups/{id}");
  const [name, setName] = useState(group.name);
  const [windows, setWindows] = useState(() => group.windows.map(draft));
  const path = { id: group.id };
  const save = async () => {
    try {
      await edit.run({ params: { path }, body: { name, windows: written(windows) } });
      toast(plans.edited(name));
    } catch {
      // The form shows it.
    }
  };
  const facts = (
    <Properties
      items={[
        [limits.columns.owner, group.organization_name ?? plans.shared],
        [plans.id, <Copyable key="id" value={group.id} what={plans.id} />],
      ]}
    />
  );
  if (!allows(group.actions, "edit")) {
    return (
      <>
        <p className="mb-3 text-muted">{plans.readOnly}</p>
        <p className="mb-3 font-semibold">{limitWords(group.windows, text)}</p>
        {facts}
        <UsedBy group={group} />
      </>
    );
  }
  return (
    <>
      <Form error={edit.error} fields={fields(windows)} onSubmit={() => void save()} label={limits.one}>
        <TextInput label={plans.name} name="name" value={name} onValue={setName} maxLength={120} error={edit.error} />
        <Windows value={windows} onValue={setWindows} error={edit.error} />
        <UsedBy group={group} effect />
        <Button type="submit" kind="primary" busy={edit.busy}>
          {common.save}
        </Button>
      </Form>
      <div className="mt-5">{facts}</div>
      <WithApi method="PATCH" path={`/api/v1/limit_groups/${group.id}`} body={{ name, windows: written(windows) }} />
      <Removal
        name={group.name}
        verb={limits.remove}
        title={limits.removeTitle(group.name)}
        hint={limits.removeHint}
        actions={group.actions}
        busy={remove.busy}
        error={remove.error}
        onRemove={async () => {
          await remove.run(group.id, onClose);
          toast(plans.deleted(group.name));
        }}
      />
    </>
  );
}

const fields = (windows: Parameters<typeof windowFields>[0]) => [
  "name",
  "organization",
  "windows",
  ...windowFields(windows),
];

function NewGroup({ onMade, onClose }: { onMade: (id: string) => void; onClose: () => unknown }) {
  const { plans, common } = useText();
  const { limits } = plans;
  const toast = useToast();
  const providers = useProviders();
  const { run, busy, error } = useWrite("post", "/api/v1/limit_groups");
  const [organization, setOrganization] = useState(providers[0]?.id ?? "");
  const [name, setName] = useState("");
  const [windows, setWindows] = useState(() => [draft()]);
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
      const made = await run({ body: { name, windows: written(windows), organization: organization || null } });
      toast(plans.created(made.name));
      onMade(made.id);
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form error={error} fields={fields(windows)} onSubmit={() => void create()} label={limits.create}>
      <Owner value={organization} onValue={setOrganization} error={error} hint={plans.organizationHint} />
      <TextInput label={plans.name} name="name" value={name} onValue={setName} maxLength={120} error={error} />
      <Windows value={windows} onValue={setWindows} error={error} />
      <div className="flex gap-2">
        <Button type="submit" kind="primary" busy={busy}>
          {limits.submit}
        </Button>
        <Button onClick={onClose}>{common.cancel}</Button>
      </div>
    </Form>
  );
}

/** Which plans have these limits. */
function UsedBy({ group, effect }: { group: LimitGroupOverview; effect?: boolean }) {
  const { limits } = useText().plans;
  const plans = group.plans;
  return (
    <section className="my-4" aria-labelledby="used-by">
      <h3 id="used-by" className="font-semibold">
        {limits.usedBy}
      </h3>
      {plans.length === 0 ? (
        <p className="text-muted">{limits.usedByNothing}</p>
      ) : (
        <ul className="flex flex-wrap gap-x-3 gap-y-1">
          {plans.map((plan) => (
            <li key={plan.id}>
              <Link to="/provide/plans" search={{ item: plan.id }} className="underline underline-offset-3">
                {plan.name}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {effect && plans.length > 0 ? <p className="mt-1 text-sm text-muted">{limits.effect}</p> : null}
    </section>
  );
}
