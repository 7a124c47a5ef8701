import { useState } from "react";
import type { Environment } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { DialogButtons } from "#/ui/dialog";
import { Form, TextArea, TextInput } from "#/ui/field";
import { useToast } from "#/ui/toast";

const URLS = ["oauth_authorization_url", "oauth_token_url", "oidc_discovery_url"] as const;
const LABELS = {
  oauth_authorization_url: "authorization",
  oauth_token_url: "token",
  oidc_discovery_url: "discovery",
} as const;
const FIELDS = ["slug", "name", "host", "prefix", "description", "gateway", ...URLS];

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
  const [description, setDescription] = useState(of?.description ?? "");
  const [gateway, setGateway] = useState(of?.gateway ?? "");
  // Only what was said otherwise is in the field: the rest follows this program's own address.
  const [urls, setUrls] = useState(() =>
    Object.fromEntries(URLS.map((name) => [name, of?.own_urls.includes(name) ? of[name] : ""])),
  );
  const error = create.error ?? edit.error;
  const moves = of !== undefined && (host !== of.host || prefix !== of.prefix);
  const save = async () => {
    const own = Object.fromEntries(URLS.map((one) => [one, urls[one] ?? ""]));
    const body = { slug, name: name || slug, host, prefix, description, gateway, ...own };
    if (of) await edit.run({ params: { path: { id: of.id } }, body });
    else await create.run({ body });
    toast(of ? common.saved : words.added(body.name));
    onDone();
  };
  return (
    <Form error={error} fields={FIELDS} onSubmit={() => void save().catch(() => undefined)}>
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
      <TextArea
        label={words.description}
        name="description"
        optional
        rows={2}
        error={error}
        value={description}
        onValue={setDescription}
      />
      {URLS.map((one) => (
        <TextInput
          key={one}
          label={words[LABELS[one]]}
          hint={of && !of.own_urls.includes(one) ? words.urlHint(of[one]) : words.urlNew}
          name={one}
          type="url"
          autoComplete="off"
          optional
          error={error}
          value={urls[one] ?? ""}
          onValue={(value) => setUrls({ ...urls, [one]: value })}
          className="font-mono"
        />
      ))}
      <TextInput
        label={words.gateway}
        hint={words.gatewayHint}
        name="gateway"
        maxLength={120}
        autoComplete="off"
        optional
        error={error}
        value={gateway}
        onValue={setGateway}
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
