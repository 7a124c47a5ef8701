import { useState } from "react";
import type { ApiOverview, Version } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, Select, TextInput } from "#/ui/field";
import { useToast } from "#/ui/toast";
import { useReason } from "../profile/reason";
import type { Place } from "./publications";

type Props = { api: ApiOverview; version: Version; onClose: () => void };
type PublishProps = Props & { open: boolean; place: Place | undefined };

/** Publishes a version in an environment, or another revision of it. */
export function Publish({ open, api, version, place, onClose }: PublishProps) {
  const { definition } = useText().provide;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={place ? definition.publishIn(version.name, place.environment_name) : ""}
    >
      {place ? <PublishForm api={api} version={version} place={place} onClose={onClose} /> : null}
    </Dialog>
  );
}

/** Where calls go: one of the organization's destinations, or a new one, which stays when the publishing fails. */
function PublishForm({ api, version, place, onClose }: Props & { place: Place }) {
  const { provide, common, versions } = useText();
  const { definition } = provide;
  const { publishing, revisions } = versions;
  const why = useReason();
  const toast = useToast();
  const path = { id: api.organization };
  const choices = useGet("/api/v1/versions/{id}/choices", { params: { path: { id: version.id } } });
  const here = choices.environments.find((one) => one.id === place.environment);
  const fenced = (id: string) => choices.destinations.find((one) => one.id === id && !one.allowed)?.reason;
  const [revision, setRevision] = useState(String(version.revision));
  const numbers = Array.from({ length: Math.min(version.revision, 50) }, (_, index) => version.revision - index);
  const destinations = useGet("/api/v1/organizations/{id}/destinations", { params: { path } }).items;
  const make = useWrite("post", "/api/v1/organizations/{id}/destinations");
  const publish = useWrite("put", "/api/v1/versions/{id}/publications/{environment}");
  const [destination, setDestination] = useState(place.publication?.destination ?? destinations[0]?.id ?? "new");
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const submit = async () => {
    try {
      let chosen = destination;
      if (chosen === "new") {
        chosen = (await make.run({ params: { path }, body: { name, url } })).id;
        setDestination(chosen);
      }
      await publish.run({
        params: { path: { id: version.id, environment: place.environment } },
        body: { destination: chosen, revision: Number(revision) },
      });
      toast(definition.published(version.name, place.environment_name));
      onClose();
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form
      error={make.error ?? publish.error}
      fields={["name", "url", "revision", "destination"]}
      onSubmit={() => void submit()}
    >
      <p className="mb-4">{definition.publishHint}</p>
      {here && !here.allowed ? (
        <p role="alert" className="mb-4 rounded-md bg-wait-soft px-3 py-2">
          {why(here.reason)}
        </p>
      ) : null}
      <Select
        label={publishing.revision}
        hint={publishing.revisionHint}
        name="revision"
        value={revision}
        onValue={setRevision}
        error={publish.error}
        options={numbers.map((one) => ({
          value: String(one),
          label: one === version.revision ? `${revisions.one(one)} (${revisions.newest})` : revisions.one(one),
        }))}
      />
      <Select
        label={definition.destination}
        hint={definition.destinationHint}
        name="destination"
        value={destination}
        onValue={setDestination}
        error={publish.error}
        options={[
          ...destinations.map((one) => {
            const reason = fenced(one.id);
            const label = `${one.name} (${one.url})`;
            return {
              value: one.id,
              label: reason ? publishing.fenced(label, why(reason)) : label,
              disabled: reason !== undefined,
            };
          }),
          { value: "new", label: definition.newDestination },
        ]}
      />
      {destination === "new" ? (
        <>
          <TextInput
            label={definition.destinationName}
            name="name"
            value={name}
            onValue={setName}
            maxLength={120}
            error={make.error}
          />
          <TextInput
            label={definition.destinationUrl}
            hint={definition.destinationUrlHint}
            name="url"
            type="url"
            inputMode="url"
            spellCheck={false}
            value={url}
            onValue={setUrl}
            error={make.error}
            className="font-mono"
          />
        </>
      ) : null}
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={make.busy || publish.busy} disabled={here?.allowed === false}>
          {place.publication ? definition.republish : definition.publish}
        </Button>
      </DialogButtons>
    </Form>
  );
}
