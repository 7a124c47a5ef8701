import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { OrganizationOverview } from "#/client/schema";
import { useList, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { day } from "#/i18n/format";
import { useParties } from "#/i18n/parties";
import { Button } from "#/ui/button";
import { Confirm, Dialog, DialogButtons } from "#/ui/dialog";
import { Form, TextInput } from "#/ui/field";
import { Cell, Listed, Row, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { Found } from "./list";
import { useOrganization } from "./organization";

/** Who manages the organization, and which ones it manages. */
export function Managed() {
  const one = useOrganization();
  return (
    <>
      <Manager one={one} />
      {one.managed_by ? null : <Managing one={one} />}
    </>
  );
}

/** A button for an action of the organization, or what stands for it with its reason. */
function Offer(props: { one: OrganizationOverview; action: string; label: string; onPress: () => void }) {
  const { managed } = useParties();
  const offer = props.one.actions.find(({ action }) => action === props.action);
  if (offer?.allowed) return <Button onClick={props.onPress}>{props.label}</Button>;
  return <Refused reason={word(managed.reasons, offer?.reason ?? "role")}>{props.label}</Refused>;
}

function Manager({ one }: { one: OrganizationOverview }) {
  const { managed } = useParties();
  const toast = useToast();
  const [setting, setSetting] = useState(false);
  const [ending, setEnding] = useState(false);
  const end = useWrite("delete", "/api/v1/organizations/{id}/manager");
  const name = one.managed_by?.name ?? "";
  const confirm = async () => {
    await end.run({ params: { path: { id: one.id } } });
    toast(managed.ended);
    setEnding(false);
  };
  const action = one.managed_by ? (
    <Offer one={one} action="end_management" label={managed.end} onPress={() => setEnding(true)} />
  ) : (
    <Offer one={one} action="set_manager" label={managed.set} onPress={() => setSetting(true)} />
  );
  return (
    <Section title={managed.by} id="manager" actions={action}>
      <p>{one.managed_by ? managed.byHint(name) : managed.byNobody}</p>
      {one.managed_since ? <p className="text-sm text-muted">{managed.since(day(one.managed_since))}</p> : null}
      <Dialog open={setting} onClose={() => setSetting(false)} title={managed.set}>
        <SetManager id={one.id} onDone={() => setSetting(false)} />
      </Dialog>
      <Confirm
        open={ending}
        onClose={() => setEnding(false)}
        title={managed.endTitle(name)}
        verb={managed.end}
        danger
        busy={end.busy}
        error={end.error}
        onConfirm={() => void confirm().catch(() => undefined)}
      >
        {managed.endHint}
      </Confirm>
    </Section>
  );
}

function SetManager({ id, onDone }: { id: string; onDone: () => void }) {
  const { common } = useText();
  const { managed } = useParties();
  const toast = useToast();
  const put = useWrite("put", "/api/v1/organizations/{id}/manager");
  const [organization, setOrganization] = useState("");
  const save = async () => {
    const done = await put.run({ params: { path: { id } }, body: { organization: organization.trim() } });
    toast(managed.done(done.managed_by?.name ?? ""));
    onDone();
  };
  return (
    <Form error={put.error} fields={["organization"]} onSubmit={() => void save().catch(() => undefined)}>
      <p className="mb-4 text-muted">{managed.setHint}</p>
      <TextInput
        label={managed.organization}
        hint={managed.organizationHint}
        name="organization"
        autoComplete="off"
        error={put.error}
        value={organization}
        onValue={setOrganization}
      />
      <DialogButtons>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={put.busy}>
          {managed.set}
        </Button>
      </DialogButtons>
    </Form>
  );
}

function Managing({ one }: { one: OrganizationOverview }) {
  const { managed } = useParties();
  const list = useList("/api/v1/organizations/{id}/managed", { params: { path: { id: one.id } } });
  const [founding, setFounding] = useState(false);
  const found = <Offer one={one} action="found_managed" label={managed.found} onPress={() => setFounding(true)} />;
  return (
    <Section title={managed.title} sub={managed.hint} id="managing" actions={found}>
      <Listed list={list} empty={<Empty title={managed.empty}>{managed.emptyHint}</Empty>}>
        <Rows columns="grid-cols-[minmax(0,1fr)_auto]" label={managed.title}>
          {list.items.map((it) => (
            <Row key={it.id}>
              <Cell
                title={
                  <Link to="/organizations/$organization" params={{ organization: it.id }} className="hover:underline">
                    {it.name}
                  </Link>
                }
                sub={it.description}
                className="max-md:w-full"
              />
              <span className="text-sm text-muted">{it.managed_since ? managed.since(day(it.managed_since)) : ""}</span>
            </Row>
          ))}
        </Rows>
      </Listed>
      <Dialog open={founding} onClose={() => setFounding(false)} title={managed.found}>
        <Found managers={[one]} manager={one.id} onCancel={() => setFounding(false)} />
      </Dialog>
    </Section>
  );
}
