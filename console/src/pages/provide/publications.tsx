import { useState } from "react";
import type { Admission, ApiOverview, Publication, Version } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { day } from "#/i18n/format";
import { Button, buttonClass } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Confirm, Dialog, DialogButtons } from "#/ui/dialog";
import { Form, Select, TextInput } from "#/ui/field";
import { Pill } from "#/ui/pill";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { Wire } from "#/ui/wire";

type Place = { environment: string; environment_name: string; publication?: Publication };
type PublicationsProps = { api: ApiOverview; version: Version };

/** Each environment, whether the version is published there, under which address, and where its calls go. */
export function Publications({ api, version }: PublicationsProps) {
  const { provide, common, versions } = useText();
  const { definition, states } = provide;
  const [publishing, setPublishing] = useState<Place>();
  const [leaving, setLeaving] = useState<Place>();
  const publish = version.actions.find((offer) => offer.action === "publish");
  const places: Place[] = api.admissions.map(({ environment, environment_name }: Admission) => ({
    environment,
    environment_name,
    publication: version.publications.find((one) => one.environment === environment),
  }));
  return (
    <>
      <ul className="rounded-xl border border-line bg-surface">
        {places.map((place) => (
          <li key={place.environment} className="border-b border-line px-4 py-3 last:border-b-0">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
              <Wire state={place.publication ? "active" : "none"} className="w-16" />
              <span className="font-semibold">{place.environment_name}</span>
              {place.publication ? (
                <Pill tone="ok">{states.published}</Pill>
              ) : (
                <Pill tone="off">{definition.notPublished}</Pill>
              )}
              {place.publication?.behind ? <Pill tone="hold">{versions.publishing.behind}</Pill> : null}
              {api.may_edit ? (
                <span className="ml-auto flex flex-wrap gap-1.5">
                  {publish?.allowed ? (
                    <Button
                      small
                      kind={place.publication && !place.publication.behind ? "plain" : "primary"}
                      onClick={() => setPublishing(place)}
                      aria-label={`${place.publication ? definition.republish : definition.publish}: ${place.environment_name}`}
                    >
                      {place.publication ? definition.republish : definition.publish}
                    </Button>
                  ) : (
                    <Refused reason={word(common.reasons, publish?.reason ?? "role")}>{definition.publish}</Refused>
                  )}
                  {place.publication ? (
                    <Button
                      small
                      kind="danger"
                      onClick={() => setLeaving(place)}
                      aria-label={`${definition.unpublish}: ${place.environment_name}`}
                    >
                      {definition.unpublish}
                    </Button>
                  ) : null}
                </span>
              ) : null}
            </div>
            {place.publication ? <Where of={place.publication} version={version} /> : null}
          </li>
        ))}
      </ul>
      <Publish api={api} version={version} place={publishing} onClose={() => setPublishing(undefined)} />
      <Unpublish version={version} place={leaving} onClose={() => setLeaving(undefined)} />
    </>
  );
}

function Where({ of, version }: { of: Publication; version: Version }) {
  const { provide, versions } = useText();
  const { definition } = provide;
  return (
    <div className="mt-2 text-sm">
      <Copyable value={of.url} what={`${definition.url}, ${of.environment_name}`} />
      <p className="text-muted">
        {[
          versions.publishing.gets(of.revision),
          of.destination_name ? `→ ${of.destination_name}` : "",
          definition.since(day(of.published_at)),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <a
        href={`/api/v1/versions/${version.id}/document?environment=${of.environment_slug}`}
        download={`${version.name}-${of.environment_slug}.json`}
        className={buttonClass("quiet", true)}
      >
        {versions.publishing.documentFor(of.environment_name)}
      </a>
    </div>
  );
}

type PublishProps = PublicationsProps & { place: Place | undefined; onClose: () => void };

function Publish({ api, version, place, onClose }: PublishProps) {
  const { definition } = useText().provide;
  return (
    <Dialog
      open={place !== undefined}
      onClose={onClose}
      title={place ? definition.publishIn(version.name, place.environment_name) : ""}
    >
      {place ? <PublishForm api={api} version={version} place={place} onClose={onClose} /> : null}
    </Dialog>
  );
}

/** Where calls go: one of the organization's destinations, or a new one, which stays when the publishing fails. */
function PublishForm({ api, version, place, onClose }: PublishProps & { place: Place }) {
  const { provide, common, versions } = useText();
  const { definition } = provide;
  const { publishing, revisions } = versions;
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
          {word(common.reasons, here.reason ?? "role")}
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
              label: reason ? publishing.fenced(label, word(common.reasons, reason)) : label,
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

type UnpublishProps = { version: Version; place: Place | undefined; onClose: () => void };

function Unpublish({ version, place, onClose }: UnpublishProps) {
  const { definition } = useText().provide;
  const toast = useToast();
  const { run, busy, error, reset } = useWrite("delete", "/api/v1/versions/{id}/publications/{environment}");
  const close = () => {
    reset();
    onClose();
  };
  const leave = async () => {
    if (!place) return;
    try {
      await run({ params: { path: { id: version.id, environment: place.environment } } });
      toast(definition.unpublished(version.name, place.environment_name));
      close();
    } catch {
      // The dialog shows it.
    }
  };
  return (
    <Confirm
      open={place !== undefined}
      onClose={close}
      title={place ? definition.unpublishTitle(version.name, place.environment_name) : ""}
      verb={definition.unpublish}
      danger
      busy={busy}
      error={error}
      onConfirm={() => void leave()}
    >
      {definition.unpublishHint}
    </Confirm>
  );
}
