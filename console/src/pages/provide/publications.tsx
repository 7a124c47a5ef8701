import { useState } from "react";
import type { Admission, ApiOverview, Publication, Version } from "#/client/schema";
import { useText } from "#/i18n";
import { day } from "#/i18n/format";
import { Button, buttonClass } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { later } from "#/ui/dialog";
import { Pill } from "#/ui/pill";
import { Refused } from "#/ui/refused";
import { Wire } from "#/ui/wire";
import { useReason } from "../profile/reason";

export type Place = { environment: string; environment_name: string; publication?: Publication };
const Unpublish = later(() => import("./unpublish").then((m) => m.Unpublish));
const Publish = later(() => import("./publish").then((m) => m.Publish));

type PublicationsProps = { api: ApiOverview; version: Version };

/** Each environment, whether the version is published there, under which address, and where its calls go. */
export function Publications({ api, version }: PublicationsProps) {
  const { provide, versions } = useText();
  const { definition, states } = provide;
  const why = useReason();
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
                    <Refused reason={why(publish?.reason)}>{definition.publish}</Refused>
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
      <Publish
        open={publishing !== undefined}
        api={api}
        version={version}
        place={publishing}
        onClose={() => setPublishing(undefined)}
      />
      <Unpublish open={leaving !== undefined} version={version} place={leaving} onClose={() => setLeaving(undefined)} />
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
