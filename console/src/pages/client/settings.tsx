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
          <Several
            legend={words.environments}
            hint={words.environmentsHint}
            options={all.map((one) => ({ value: one.id, label: one.name }))}
            chosen={environments}
            onChosen={setEnvironments}
          />
          <Several
            legend={words.grants}
            hint={words.grantsHint}
            options={GRANTS.map((value) => ({ value, label: word(words.grantWords, value) }))}
            chosen={grants}
            onChosen={setGrants}
          />
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
          <Lifetime
            label={words.lifetime}
            hint={words.lifetimeHint}
            name="accesstoken_valid_seconds"
            max={86_400}
            value={lifetime}
            onValue={setLifetime}
            error={save.error}
          />
          <Lifetime
            label={words.refresh}
            hint={words.refreshHint}
            name="refreshtoken_validity_seconds"
            max={31_622_400}
            value={refresh}
            onValue={setRefresh}
            error={save.error}
          />
          <Lifetime
            label={words.idtoken}
            hint={words.idtokenHint}
            name="maximum_idtoken_expiration_minutes"
            max={1_440}
            value={idtoken}
            onValue={setIdtoken}
            error={save.error}
          />
          <Lines
            label={words.scopes}
            hint={words.scopesHint}
            name="allowed_scopes"
            rows={4}
            value={scopes}
            onValue={setScopes}
            error={save.error}
          />
          <Lines
            label={words.uris}
            hint={words.urisHint}
            name="allowed_uris"
            rows={3}
            value={uris}
            onValue={setUris}
            error={save.error}
          />
          <Lines
            label={words.logoutUris}
            hint={words.logoutUrisHint}
            name="allowed_logout_uris"
            rows={2}
            value={logoutUris}
            onValue={setLogoutUris}
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

type Entry = {
  label: string;
  hint: string;
  name: string;
  value: string;
  onValue: (value: string) => void;
  error: unknown;
};

/** How long something lasts, as a whole number from 1 on; empty is the usual. */
function Lifetime(props: Entry & { max: number }) {
  return <TextInput {...props} type="number" min={1} inputMode="numeric" optional />;
}

/** A list of words or addresses, one a line. */
function Lines(props: Entry & { rows: number }) {
  return <TextArea {...props} className="font-mono text-sm" spellCheck={false} optional />;
}

type SeveralProps<T extends string> = {
  legend: string;
  hint: string;
  options: { value: T; label: string }[];
  chosen: T[];
  onChosen: (chosen: T[]) => void;
};

/** Any of several. What was chosen and is no option here stays chosen. */
function Several<T extends string>({ legend, hint, options, chosen, onChosen }: SeveralProps<T>) {
  return (
    <fieldset className="mb-4">
      <legend className="font-semibold">{legend}</legend>
      <p className="mb-2 text-sm text-muted">{hint}</p>
      {options.map(({ value, label }) => (
        <Checkbox
          key={value}
          label={label}
          checked={chosen.includes(value)}
          onChecked={(on) => onChosen(on ? [...chosen, value] : chosen.filter((one) => one !== value))}
        />
      ))}
    </fieldset>
  );
}
