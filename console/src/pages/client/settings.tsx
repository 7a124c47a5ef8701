import { useState } from "react";
import type { ClientOverview as Client, GrantType, TokenType } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { Button } from "#/ui/button";
import { Checkbox, Form, Select, TextArea, TextInput } from "#/ui/field";
import { Card, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { scopesOf } from "./entered";

const FIELDS = [
  "name",
  "description",
  "accesstoken_type",
  "accesstoken_valid_seconds",
  "refreshtoken_validity_seconds",
  "maximum_idtoken_expiration_minutes",
];
const GRANTS: GrantType[] = ["client_credentials", "authorization_code", "implicit", "hybrid"];

/** What can be changed of a client, and its end. */
export function ClientSettings({ client, onDelete }: { client: Client; onDelete: () => void }) {
  const clients = useClients();
  const { common } = useText();
  const words = clients.settings;
  const edit = client.actions.find((offer) => offer.action === "edit");
  const remove = client.actions.find((offer) => offer.action === "delete");
  const verb = word(common.actions, "delete");
  return (
    <>
      <Section id="settings" title={words.title} sub={edit?.allowed ? undefined : words.denied}>
        {edit?.allowed ? (
          <Card>
            <Fields client={client} />
          </Card>
        ) : null}
      </Section>
      <Section id="danger" title={words.danger}>
        <Card className="flex flex-wrap items-center justify-between gap-3">
          <div>
            <p className="font-semibold">{words.delete}</p>
            <p className="text-sm text-muted">{words.deleteHint}</p>
          </div>
          {remove?.allowed ? (
            <Button kind="danger" onClick={onDelete}>
              {verb}
            </Button>
          ) : (
            <Refused reason={word(common.reasons, remove?.reason ?? "role")} kind="danger">
              {verb}
            </Refused>
          )}
        </Card>
      </Section>
    </>
  );
}

const whole = (text: string) => (text.trim() === "" ? null : Number(text));

function Fields({ client }: { client: Client }) {
  const clients = useClients();
  const { common } = useText();
  const words = clients.settings;
  const toast = useToast();
  const all = useGet("/api/v1/environments").items;
  const save = useWrite("patch", "/api/v1/clients/{id}");
  const [name, setName] = useState(client.name);
  const [description, setDescription] = useState(client.description);
  const [kind, setKind] = useState<string>(client.accesstoken_type);
  const [lifetime, setLifetime] = useState(String(client.accesstoken_valid_seconds ?? ""));
  const [scopes, setScopes] = useState(client.allowed_scopes.join("\n"));
  const [refresh, setRefresh] = useState(String(client.refreshtoken_validity_seconds ?? ""));
  const [idtoken, setIdtoken] = useState(String(client.maximum_idtoken_expiration_minutes ?? ""));
  const [uris, setUris] = useState(client.allowed_uris.join("\n"));
  const [logoutUris, setLogoutUris] = useState(client.allowed_logout_uris.join("\n"));
  const [grants, setGrants] = useState(client.valid_grant_types);
  const [environments, setEnvironments] = useState(client.environments);
  const submit = async () => {
    await save.run({
      params: { path: { id: client.id } },
      body: {
        name,
        description,
        accesstoken_type: kind as TokenType,
        accesstoken_valid_seconds: whole(lifetime),
        refreshtoken_validity_seconds: whole(refresh),
        maximum_idtoken_expiration_minutes: whole(idtoken),
        allowed_uris: scopesOf(uris),
        allowed_logout_uris: scopesOf(logoutUris),
        valid_grant_types: grants,
        allowed_scopes: scopesOf(scopes),
        environments,
      },
    });
    toast(common.saved);
  };
  const choose = (id: string, chosen: boolean) =>
    setEnvironments((now) => (chosen ? [...now, id] : now.filter((one) => one !== id)));
  const grant = (one: GrantType, chosen: boolean) =>
    setGrants((now) => GRANTS.filter((each) => (each === one ? chosen : now.includes(each))));
  return (
    <Form error={save.error} fields={FIELDS} onSubmit={() => void submit().catch(() => undefined)}>
      <div className="grid gap-x-8 lg:grid-cols-2">
        <div>
          <TextInput
            label={common.name}
            name="name"
            value={name}
            onValue={setName}
            maxLength={120}
            autoComplete="off"
            error={save.error}
          />
          <TextArea
            label={common.description}
            name="description"
            value={description}
            onValue={setDescription}
            maxLength={4000}
            rows={3}
            optional
            error={save.error}
          />
          <fieldset className="mb-4">
            <legend className="font-semibold">{words.environments}</legend>
            <p className="mb-2 text-sm text-muted">{words.environmentsHint}</p>
            {all.map((one) => (
              <Checkbox
                key={one.id}
                label={one.name}
                checked={environments.includes(one.id)}
                onChecked={(chosen) => choose(one.id, chosen)}
              />
            ))}
          </fieldset>
          <fieldset className="mb-4">
            <legend className="font-semibold">{words.grants}</legend>
            <p className="mb-2 text-sm text-muted">{words.grantsHint}</p>
            {GRANTS.map((one) => (
              <Checkbox
                key={one}
                label={word(words.grantWords, one)}
                checked={grants.includes(one)}
                onChecked={(chosen) => grant(one, chosen)}
              />
            ))}
          </fieldset>
        </div>
        <div>
          <Select
            label={words.token}
            hint={words.tokenHint}
            name="accesstoken_type"
            value={kind}
            onValue={setKind}
            options={["JWT", "UUID"].map((value) => ({ value, label: word(clients.tokenKinds, value) }))}
            error={save.error}
          />
          <TextInput
            label={words.lifetime}
            hint={words.lifetimeHint}
            name="accesstoken_valid_seconds"
            type="number"
            min={1}
            max={86_400}
            inputMode="numeric"
            value={lifetime}
            onValue={setLifetime}
            optional
            error={save.error}
          />
          <TextInput
            label={words.refresh}
            hint={words.refreshHint}
            name="refreshtoken_validity_seconds"
            type="number"
            min={1}
            max={31_622_400}
            inputMode="numeric"
            value={refresh}
            onValue={setRefresh}
            optional
            error={save.error}
          />
          <TextInput
            label={words.idtoken}
            hint={words.idtokenHint}
            name="maximum_idtoken_expiration_minutes"
            type="number"
            min={1}
            max={1_440}
            inputMode="numeric"
            value={idtoken}
            onValue={setIdtoken}
            optional
            error={save.error}
          />
          <TextArea
            label={words.scopes}
            hint={words.scopesHint}
            name="allowed_scopes"
            value={scopes}
            onValue={setScopes}
            rows={4}
            className="font-mono text-sm"
            spellCheck={false}
            optional
            error={save.error}
          />
          <TextArea
            label={words.uris}
            hint={words.urisHint}
            name="allowed_uris"
            value={uris}
            onValue={setUris}
            rows={3}
            className="font-mono text-sm"
            spellCheck={false}
            optional
            error={save.error}
          />
          <TextArea
            label={words.logoutUris}
            hint={words.logoutUrisHint}
            name="allowed_logout_uris"
            value={logoutUris}
            onValue={setLogoutUris}
            rows={2}
            className="font-mono text-sm"
            spellCheck={false}
            optional
            error={save.error}
          />
        </div>
      </div>
      <Button type="submit" kind="primary" busy={save.busy}>
        {common.save}
      </Button>
    </Form>
  );
}
