import { useState } from "react";
import type { User } from "#/client/schema";
import { renewSession } from "#/client/session";
import { useGet, useWrite } from "#/client/use";
import { type Language, useText } from "#/i18n";
import { day } from "#/i18n/format";
import { useMe } from "#/i18n/me";
import { useConsole } from "#/layout/console";
import { LANGUAGES } from "#/layout/prefs";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Form, Select, TextInput } from "#/ui/field";
import { Card, Properties } from "#/ui/page";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { MeHead } from "./head";
import { MyInvitations, Verification } from "./verification";

/** Who one is to others. */
export function Profile() {
  const me = useMe();
  const { shell } = useText();
  const user = useGet("/api/v1/me");
  return (
    <>
      <MeHead title={shell.profile} sub={me.profileSub} />
      <Card className="mb-6">
        <Properties
          items={[
            [
              me.username,
              <span key="username">
                <span className="font-semibold">{user.username}</span>
                <span className="text-muted">{` · ${me.usernameHint}`}</span>
              </span>,
            ],
            [me.id, <Copyable key="id" value={user.id} what={me.id} />],
            [me.since, day(user.created_at)],
            ...(user.site_admin ? [[me.role, me.siteAdmin] as [string, string]] : []),
          ]}
        />
      </Card>
      <Verification user={user} />
      <MyInvitations />
      <Edit user={user} />
      <WithApi method="PATCH" path="/api/v1/me" body={{ display_name: user.display_name }} />
    </>
  );
}

function Edit({ user }: { user: User }) {
  const me = useMe();
  const { common, shell } = useText();
  const toast = useToast();
  const { showLanguage } = useConsole();
  const [name, setName] = useState(user.display_name);
  const [email, setEmail] = useState(user.email ?? "");
  const [language, setLanguage] = useState<Language | "">(user.language ?? "");
  const edit = useWrite("patch", "/api/v1/me");
  const save = async () => {
    const answer = await edit.run({ body: { display_name: name, email, language: language || null } });
    renewSession({ user: answer });
    if (language) await showLanguage(language);
    toast(common.saved);
  };
  return (
    <Form
      error={edit.error}
      fields={["display_name", "email", "language"]}
      onSubmit={() => void save().catch(() => undefined)}
      label={shell.profile}
    >
      <TextInput
        label={me.displayName}
        hint={me.displayNameHint}
        name="display_name"
        autoComplete="name"
        maxLength={120}
        error={edit.error}
        value={name}
        onValue={setName}
      />
      <TextInput
        label={me.email}
        hint={me.emailHint}
        name="email"
        type="email"
        autoComplete="email"
        error={edit.error}
        optional
        value={email}
        onValue={setEmail}
      />
      <Select
        label={me.language}
        hint={me.languageHint}
        name="language"
        error={edit.error}
        optional
        value={language}
        onValue={(value) => setLanguage(value as Language | "")}
        options={[
          { value: "", label: me.languageOfBrowser },
          ...LANGUAGES.map((one) => ({ value: one, label: shell.languages[one] })),
        ]}
      />
      <Button type="submit" kind="primary" busy={edit.busy}>
        {common.save}
      </Button>
    </Form>
  );
}
