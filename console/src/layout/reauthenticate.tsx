import { type FormEvent, useEffect, useRef, useState } from "react";
import { answerWith } from "#/client/reauthenticate";
import { csrfToken } from "#/client/session";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { TextInput } from "#/ui/field";

/** Asks for the password again when the server wants it, and lets the request that wanted it go on. */
export function Reauthenticate() {
  const { common } = useText();
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<string>();
  const answer = useRef<(shown: boolean) => void>(undefined);
  useEffect(() => {
    answerWith(
      () =>
        new Promise((resolve) => {
          // A second request that wants it meanwhile waits for the same dialog's successor: the first one gives up.
          answer.current?.(false);
          answer.current = resolve;
          setOpen(true);
        }),
    );
    return () => answerWith(undefined);
  }, []);
  const finish = (shown: boolean) => {
    setOpen(false);
    setPassword("");
    setFault(undefined);
    answer.current?.(shown);
    answer.current = undefined;
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const response = await fetch("/api/v1/session/reauthenticate", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() },
      body: JSON.stringify({ password }),
    });
    if (response.ok) finish(true);
    else
      setFault(response.status === 429 ? ((await response.json()) as { detail: string }).detail : common.wrongPassword);
  };
  return (
    <Dialog open={open} onClose={() => finish(false)} title={common.passwordAgain}>
      <p className="mb-4">{common.passwordAgainHint}</p>
      <form onSubmit={(event) => void submit(event)}>
        {fault ? (
          <p role="alert" className="mb-3 text-bad">
            {fault}
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
          <Button type="submit" kind="primary">
            {common.confirm}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
