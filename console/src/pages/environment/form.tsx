import { useState } from "react";
import type { Environment } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { DialogButtons } from "#/ui/dialog";
import { Form, TextInput } from "#/ui/field";
import { useToast } from "#/ui/toast";

/** Adds an environment, or changes one. */
export function EnvironmentForm({ of, onDone }: { of: Environment | undefined; onDone: () => void }) {
  const { organization, common } = useText();
  const words = organization.environments;
  const toast = useToast();
  const create = useWrite("post", "/api/v1/environments");
  const edit = useWrite("patch", "/api/v1/environments/{id}");
  const [slug, setSlug] = useState(of?.slug ?? "");
  const [name, setName] = useState(of?.name ?? "");
  const [host, setHost] = useState(of?.host ?? "");
  const [prefix, setPrefix] = useState(of?.prefix ?? "");
  const error = create.error ?? edit.error;
  const moves = of !== undefined && (host !== of.host || prefix !== of.prefix);
  const save = async () => {
    const body = { slug, name: name || slug, host, prefix };
    if (of) await edit.run({ params: { path: { id: of.id } }, body });
    else await create.run({ body });
    toast(of ? common.saved : words.added(body.name));
    onDone();
  };
  return (
    <Form error={error} fields={["slug", "name", "host", "prefix"]} onSubmit={() => void save().catch(() => undefined)}>
      <TextInput
        label={words.slug}
        hint={words.slugHint}
        name="slug"
        pattern="[a-z0-9._\-]{1,60}"
        autoComplete="off"
        autoCapitalize="none"
        error={error}
        value={slug}
        onValue={setSlug}
        className="font-mono"
      />
      <TextInput
        label={words.name}
        hint={words.nameHint}
        name="name"
        maxLength={120}
        autoComplete="off"
        optional
        error={error}
        value={name}
        onValue={setName}
      />
      <TextInput
        label={words.host}
        hint={words.hostHint}
        name="host"
        autoComplete="off"
        autoCapitalize="none"
        optional
        error={error}
        value={host}
        onValue={setHost}
        className="font-mono"
      />
      <TextInput
        label={words.prefix}
        hint={words.prefixHint}
        name="prefix"
        autoComplete="off"
        autoCapitalize="none"
        optional
        error={error}
        value={prefix}
        onValue={setPrefix}
        className="font-mono"
      />
      {moves ? <p className="rounded-md bg-wait-soft px-3 py-2">{words.consequence}</p> : null}
      <DialogButtons>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={create.busy || edit.busy}>
          {of ? common.save : common.add}
        </Button>
      </DialogButtons>
    </Form>
  );
}
