import { useState } from "react";
import type { Destination } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { usePageActions } from "#/layout/pageactions";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, TextInput } from "#/ui/field";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { useOrganization } from "./organization";

/** Where the gateway may forward the calls of an organization's APIs. */
export function Destinations() {
  const { organization, common } = useText();
  const { id, may_provide: mayProvide } = useOrganization();
  const { items } = useGet("/api/v1/organizations/{id}/destinations", { params: { path: { id } } });
  const [editing, setEditing] = useState<Destination | "new">();
  const add = () => setEditing("new");
  usePageActions(mayProvide ? [{ key: "add", label: organization.addDestination, run: add }] : []);
  const button = mayProvide ? (
    <Button kind="primary" onClick={add}>
      {organization.addDestination}
    </Button>
  ) : (
    <Refused reason={organization.onlyOwners}>{organization.addDestination}</Refused>
  );
  const close = () => setEditing(undefined);
  return (
    <Section
      title={organization.destinations}
      sub={organization.destinationsHint}
      id="destinations"
      actions={items.length > 0 ? button : null}
    >
      {items.length === 0 ? (
        <Empty title={organization.destinationsEmpty} action={button}>
          {organization.destinationsEmptyHint}
        </Empty>
      ) : (
        <Rows columns="grid-cols-[minmax(0,1fr)_minmax(0,2fr)_auto_auto]" label={organization.destinations}>
          <RowHead names={organization.destinationColumns} />
          {items.map((one) => (
            <Row key={one.id}>
              <Cell title={one.name} className="max-md:w-full" />
              <Copyable value={one.url} what={organization.address} />
              <span className="text-sm text-muted">{organization.publications(one.publications)}</span>
              {one.actions.some((offer) => offer.action === "edit" && offer.allowed) ? (
                <Button
                  small
                  onClick={() => setEditing(one)}
                  aria-label={organization.editDestination(one.name)}
                  className="max-md:ml-auto"
                >
                  {common.edit}
                </Button>
              ) : (
                <span />
              )}
            </Row>
          ))}
        </Rows>
      )}
      <Dialog
        open={editing !== undefined}
        onClose={close}
        title={editing === "new" || !editing ? organization.addDestination : organization.editDestination(editing.name)}
      >
        {editing === undefined ? null : <Edit of={editing === "new" ? undefined : editing} onDone={close} />}
      </Dialog>
    </Section>
  );
}

function Edit({ of, onDone }: { of: Destination | undefined; onDone: () => void }) {
  const { organization, common } = useText();
  const { id } = useOrganization();
  const toast = useToast();
  const create = useWrite("post", "/api/v1/organizations/{id}/destinations");
  const edit = useWrite("patch", "/api/v1/destinations/{id}");
  const [name, setName] = useState(of?.name ?? "");
  const [url, setUrl] = useState(of?.url ?? "");
  const error = create.error ?? edit.error;
  const save = async () => {
    if (of) await edit.run({ params: { path: { id: of.id } }, body: { name, url } });
    else await create.run({ params: { path: { id } }, body: { name, url } });
    toast(of ? common.saved : organization.destinationAdded(name));
    onDone();
  };
  return (
    <Form error={error} fields={["name", "url"]} onSubmit={() => void save().catch(() => undefined)}>
      <TextInput
        label={organization.destinationName}
        hint={organization.destinationNameHint}
        name="name"
        maxLength={120}
        autoComplete="off"
        error={error}
        value={name}
        onValue={setName}
      />
      <TextInput
        label={organization.address}
        hint={organization.addressHint}
        name="url"
        type="url"
        autoComplete="off"
        error={error}
        value={url}
        onValue={setUrl}
        className="font-mono"
      />
      {of && url !== of.url && of.publications > 0 ? (
        <p className="rounded-md bg-wait-soft px-3 py-2">{organization.addressWarning(of.publications)}</p>
      ) : null}
      <DialogButtons>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={create.busy || edit.busy}>
          {of ? common.save : common.add}
        </Button>
      </DialogButtons>
    </Form>
  );
}
