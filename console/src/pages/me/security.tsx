import { useState } from "react";
import { readSessionAgain } from "#/client/session";
import { useMaybe, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useMe } from "#/i18n/me";
import { Button } from "#/ui/button";
import { Checkbox, Form, TextInput } from "#/ui/field";
import { Section } from "#/ui/page";
import { useToast } from "#/ui/toast";
import { MeHead } from "./head";
import { Sessions } from "./sessions";

/** The password, and where it has been used. */
export function Security() {
  const me = useMe();
  const { shell } = useText();
  return (
    <>
      <MeHead title={shell.security} sub={me.securitySub} />
      <Password />
      <Sessions />
    </>
  );
}

function Password() {
  const me = useMe();
  const toast = useToast();
  const tokens = useMaybe("/api/v1/me/tokens").data?.items.length ?? 0;
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const change = useWrite("post", "/api/v1/me/password");
  const save = async () => {
    await change.run({ body: { old_password: old, password } });
    // The session goes on under another cookie, so its writes carry another token.
    await readSessionAgain();
    setOld("");
    setPassword("");
    setShown(false);
    toast(me.passwordChanged);
  };
  const type = shown ? "text" : "password";
  return (
    <Section title={me.password} sub={me.passwordHint(tokens)} id="password">
      <Form
        error={change.error}
        fields={["old_password", "password"]}
        onSubmit={() => void save().catch(() => undefined)}
        label={me.changePassword}
      >
        <TextInput
          label={me.oldPassword}
          name="old_password"
          type={type}
          autoComplete="current-password"
          error={change.error}
          value={old}
          onValue={setOld}
        />
        <TextInput
          label={me.newPassword}
          hint={me.newPasswordHint}
          name="password"
          type={type}
          autoComplete="new-password"
          minLength={12}
          error={change.error}
          value={password}
          onValue={setPassword}
        />
        <Checkbox label={me.showPassword} checked={shown} onChecked={setShown} />
        <Button type="submit" kind="primary" busy={change.busy}>
          {me.changePassword}
        </Button>
      </Form>
    </Section>
  );
}
