import { useEffect, useRef, useState } from "react";
import { ProblemError, problemOf } from "#/client/problem";
import { answerWith } from "#/client/reauthenticate";
import type { Problem, Session } from "#/client/schema";
import { csrfToken, renewSession, signIn } from "#/client/session";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, TextInput } from "#/ui/field";

/** Shows the password to the server. The session goes on under another cookie, so writes carry another token from then on. */
async function show(password: string): Promise<void> {
  const response = await fetch("/api/v1/session/reauthenticate", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() },
    body: JSON.stringify({ password }),
  });
  if (response.ok) renewSession((await response.json()) as Session);
  else throw new ProblemError((await response.json()) as Problem);
}

/** Asks for the password again when the server wants it, and lets the requests that wanted it go on. */
export function Reauthenticate() {
  const { common, shell } = useText();
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  // Everything that asks while the dialog is open gets the one answer.
  const waiting = useRef<((shown: boolean) => void)[]>([]);
  useEffect(() => {
    answerWith(
      () =>
        new Promise((resolve) => {
          waiting.current.push(resolve);
          setOpen(true);
        }),
    );
    return () => answerWith(undefined);
  }, []);
  const finish = (shown: boolean) => {
    setOpen(false);
    setPassword("");
    setFault(undefined);
    for (const answer of waiting.current.splice(0)) answer(shown);
  };
  const submit = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await show(password);
      finish(true);
    } catch (thrown) {
      const { code } = problemOf(thrown);
      if (code === "unauthenticated") signIn();
      setPassword("");
      setFault(thrown);
    } finally {
      setBusy(false);
    }
  };
  const { code } = problemOf(fault);
  const words = code === "sign-in-failed" ? common.wrongPassword : code === "slow-down" ? shell.slowDown : undefined;
  return (
    <Dialog open={open} onClose={() => finish(false)} title={common.passwordAgain}>
      <p className="mb-4">{common.passwordAgainHint}</p>
      <Form error={words ? undefined : fault} fields={[]} onSubmit={() => void submit()}>
        {fault && words ? (
          <p role="alert" className="mb-3 text-bad">
            {words}
          </p>
        ) : null}
        <TextInput
          label={common.password}
          name="password"
          type="password"
          autoComplete="current-password"
          value={password}
          onValue={setPassword}
        />
        <DialogButtons>
          <Button onClick={() => finish(false)}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={busy}>
            {common.confirm}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
