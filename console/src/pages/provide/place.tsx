import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ApiOverview } from "#/client/schema";
import { session } from "#/client/session";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useDesign } from "#/i18n/design";
import { Button, buttonClass } from "#/ui/button";
import { Form, Select, TextInput } from "#/ui/field";
import { Card, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { Fence, obstacle } from "../profile/fence";
import { useReason } from "../profile/reason";

/** Where an API stands in the catalogue, and which profile fences its designers. */
export function Place({ api }: { api: ApiOverview }) {
  const { place } = useDesign();
  return (
    <>
      <Section title={place.title} sub={place.sub} id="place">
        <Tags api={api} />
      </Section>
      <Section title={place.profile} sub={place.profileSub} id="fenced">
        <ProfileChoice key={api.profile ?? ""} api={api} />
      </Section>
    </>
  );
}

function Tags({ api }: { api: ApiOverview }) {
  const { provide } = useText();
  const { place } = useDesign();
  const toast = useToast();
  const { run, busy, error } = useWrite("patch", "/api/v1/apis/{id}");
  const [typed, setTyped] = useState(api.tags.join(" "));
  const body = { tags: typed.split(/[\s,]+/).filter((tag) => tag !== "") };
  const save = async () => {
    await run({ params: { path: { id: api.id } }, body });
    toast(place.saved);
  };
  return (
    <Card>
      <Form error={error} fields={["tags"]} onSubmit={() => void save().catch(() => undefined)} label={place.tags}>
        <fieldset disabled={!api.may_edit}>
          <TextInput
            label={place.tags}
            hint={place.tagsHint}
            name="tags"
            optional
            spellCheck={false}
            autoCapitalize="none"
            value={typed}
            onValue={setTyped}
            error={error}
          />
          {api.may_edit ? (
            <Button type="submit" kind="primary" busy={busy}>
              {place.save}
            </Button>
          ) : (
            <Refused reason={provide.settings.readOnly}>{place.save}</Refused>
          )}
        </fieldset>
      </Form>
      <WithApi method="PATCH" path={`/api/v1/apis/${api.id}`} body={body} />
      <h3 className="mb-1 font-semibold">{place.groups}</h3>
      <p className="mb-2 text-muted">{api.groups.map((group) => group.name).join(", ") || place.noGroups}</p>
      <Link to="/provide/groups" className={buttonClass("plain", true)}>
        {place.toGroups}
      </Link>
    </Card>
  );
}

function ProfileChoice({ api }: { api: ApiOverview }) {
  const { provide } = useText();
  const { place } = useDesign();
  const why = useReason();
  const toast = useToast();
  const { run, busy, error } = useWrite("patch", "/api/v1/apis/{id}");
  const { fenced_by: fenced } = api;
  const [profile, setProfile] = useState(api.profile ?? "");
  if (!api.may_edit) return <p className="text-muted">{provide.settings.readOnly}</p>;
  // Whoever writes profiles takes APIs out of them, too.
  const stuck = session().user.site_admin ? undefined : obstacle(fenced?.acts, "leave");
  const body = { profile: profile || null };
  const save = async () => {
    await run({ params: { path: { id: api.id } }, body });
    toast(place.wasSet);
  };
  return (
    <Card>
      {stuck ? (
        <p className="mb-4 flex flex-wrap items-center gap-3">
          <strong>{fenced?.profile.name}</strong>
          <Refused reason={why(stuck.reason, stuck.privileges)}>{place.set}</Refused>
        </p>
      ) : (
        <Form
          error={error}
          fields={["profile"]}
          onSubmit={() => void save().catch(() => undefined)}
          label={place.profile}
        >
          <ProfileSelect value={profile} onValue={setProfile} error={error} now={fenced?.profile} />
          <Button type="submit" kind="primary" busy={busy}>
            {place.set}
          </Button>
          <WithApi method="PATCH" path={`/api/v1/apis/${api.id}`} body={body} />
        </Form>
      )}
      {fenced ? (
        <Fence acts={fenced.acts} environments={fenced.environments} destinations={fenced.destinations} />
      ) : (
        <p className="text-muted">{place.unknown}</p>
      )}
    </Card>
  );
}

type ProfileSelectProps = {
  value: string;
  onValue: (value: string) => void;
  error: unknown;
  /** The one that it has, which stays in the list. */
  now?: { id: string; name: string } | undefined;
};

/** The profiles that the reader may use. */
export function ProfileSelect({ value, onValue, error, now }: ProfileSelectProps) {
  const { place } = useDesign();
  const { items } = useGet("/api/v1/profiles", { params: { query: { usable: true, limit: 200 } } });
  const known = items.map(({ id, name }) => ({ value: id, label: name }));
  const own = now && !items.some((one) => one.id === now.id) ? [{ value: now.id, label: now.name }] : [];
  return (
    <Select
      label={place.choose}
      hint={place.chooseHint}
      name="profile"
      required={false}
      value={value}
      onValue={onValue}
      error={error}
      options={[{ value: "", label: place.none }, ...own, ...known]}
    />
  );
}
