import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useRemove } from "#/client/remove";
import type { ProfileOverview } from "#/client/schema";
import { session } from "#/client/session";
import { useList, useMaybe, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useDesign } from "#/i18n/design";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Form } from "#/ui/field";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Properties, Section } from "#/ui/page";
import { Collection, FoundPanel, type Opened } from "#/ui/panel";
import { Pill } from "#/ui/pill";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { allows, Removal } from "../plan/removal";
import { Fence } from "./fence";
import { FIELDS, Fields } from "./form";
import { bodyOf, EMPTY, valuesOf } from "./values";

/** Template and fence for designers: those that there are, what each leaves to the reader, and all of its fields. */
export function Profiles() {
  const { profiles: text } = useDesign();
  const search = useSearch({ from: "/provide/profiles" });
  const list = useList("/api/v1/profiles", { params: { query: { limit: 50 } } });
  return (
    <Collection
      text={text}
      search={search}
      list={list}
      denied={session().user.site_admin ? undefined : text.denied}
      rows={
        <Rows columns="md:grid-cols-[minmax(0,2fr)_auto_auto]" label={text.list}>
          <RowHead names={[text.columns.name, text.columns.use, text.columns.apis]} />
          {list.items.map((profile) => (
            <Line key={profile.id} profile={profile} item={search.item} />
          ))}
        </Rows>
      }
      panel={(opened) => <ProfilePanel {...opened} />}
    />
  );
}

function Line({ profile, item }: { profile: ProfileOverview; item: string | undefined }) {
  const { profiles: text } = useDesign();
  return (
    <Row marked={profile.id === item}>
      <Cell
        className="max-md:w-full"
        title={
          <Link
            to="/provide/profiles"
            search={{ item: profile.id }}
            resetScroll={false}
            data-item={profile.id}
            aria-current={profile.id === item ? "true" : undefined}
            className="hover:underline"
          >
            {profile.name}
          </Link>
        }
        sub={profile.description}
      />
      {profile.usable ? <Pill tone="ok">{text.usable}</Pill> : <Pill tone="off">{text.unusable}</Pill>}
      <span className="text-muted">{text.apis(profile.apis)}</span>
    </Row>
  );
}

function ProfilePanel({ item, onClose, onMade }: Opened) {
  const { profiles: text } = useDesign();
  const found = useMaybe(item === "new" ? undefined : "/api/v1/profiles/{id}", { params: { path: { id: item } } });
  return (
    <FoundPanel
      title={item === "new" ? text.create : (found.data?.name ?? text.one)}
      back={text.back}
      item={item}
      onClose={onClose}
      found={found}
      fresh={<Made onMade={onMade} onClose={onClose} />}
    >
      {(profile) => <Existing profile={profile} onClose={onClose} />}
    </FoundPanel>
  );
}

function Existing({ profile, onClose }: { profile: ProfileOverview; onClose: () => unknown }) {
  const { common } = useText();
  const { profiles: text, fence } = useDesign();
  const toast = useToast();
  const edit = useWrite("patch", "/api/v1/profiles/{id}");
  const remove = useRemove("/api/v1/profiles/{id}");
  const [values, setValues] = useState(() => valuesOf(profile));
  const body = bodyOf(values, profile);
  const save = async () => {
    try {
      await edit.run({ params: { path: { id: profile.id } }, body });
      toast(text.saved(values.name));
    } catch {
      // The form shows it.
    }
  };
  const writes = allows(profile.actions, "edit");
  return (
    <>
      <Section title={fence.list} id="fence">
        <Fence acts={profile.fence} environments={profile.environments} destinations={profile.destinations} />
      </Section>
      {writes ? (
        <Form error={edit.error} fields={FIELDS} onSubmit={() => void save()} label={text.one}>
          <Fields values={values} onValues={setValues} error={edit.error} />
          <Button type="submit" kind="primary" busy={edit.busy}>
            {common.save}
          </Button>
        </Form>
      ) : (
        <Properties
          items={[
            [text.description, profile.description || common.none],
            [text.roles, profile.roles.join(", ") || common.none],
            [text.plans, profile.plans.map((plan) => plan.name).join(", ") || fence.any],
          ]}
        />
      )}
      <div className="mt-5">
        <Properties items={[[text.id, <Copyable key="id" value={profile.id} what={text.id} />]]} />
      </div>
      {writes ? (
        <>
          <WithApi method="PATCH" path={`/api/v1/profiles/${profile.id}`} body={body} />
          <Removal
            name={profile.name}
            verb={text.remove}
            title={text.removeTitle(profile.name)}
            hint={text.removeHint}
            actions={profile.actions}
            busy={remove.busy}
            error={remove.error}
            onRemove={async () => {
              await remove.run(profile.id, onClose);
              toast(text.deleted(profile.name));
            }}
          />
        </>
      ) : (
        <p className="mt-3 text-muted">{text.denied}</p>
      )}
    </>
  );
}

function Made({ onMade, onClose }: { onMade: (id: string) => void; onClose: () => unknown }) {
  const { common } = useText();
  const { profiles: text } = useDesign();
  const toast = useToast();
  const { run, busy, error } = useWrite("post", "/api/v1/profiles");
  const [values, setValues] = useState(EMPTY);
  const create = async () => {
    try {
      const made = await run({ body: bodyOf(values) });
      toast(text.created(made.name));
      onMade(made.id);
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form error={error} fields={FIELDS} onSubmit={() => void create()} label={text.create}>
      <Fields values={values} onValues={setValues} error={error} />
      <div className="flex gap-2">
        <Button type="submit" kind="primary" busy={busy}>
          {text.submit}
        </Button>
        <Button onClick={onClose}>{common.cancel}</Button>
      </div>
    </Form>
  );
}
