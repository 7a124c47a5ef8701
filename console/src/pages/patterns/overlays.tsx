import { useState } from "react";
import { useText } from "#/i18n";
import { usePageActions } from "#/layout/pageactions";
import { Button } from "#/ui/button";
import { Confirm, Dialog, DialogButtons } from "#/ui/dialog";
import { useShowSecret } from "#/ui/secret";
import { useToast } from "#/ui/toast";
import { Line, refusal } from "./example";
import { usePatterns } from "./text";

type Open = "dialog" | "confirm" | "typed" | "failed";

export function Dialogs() {
  const patterns = usePatterns();
  const { common } = useText();
  const [open, setOpen] = useState<Open>();
  const show = useShowSecret();
  const close = () => setOpen(undefined);
  const secret = () =>
    show({
      label: patterns.secretLabel,
      value: "wls_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL",
      file: { name: "billing-engine", members: { client_id: "billing-engine", client_secret: "wls_0123456789" } },
      use: {
        label: patterns.secretUse,
        command: (value) =>
          `curl -u 'billing-engine:${value}' -d grant_type=client_credentials ${window.location.origin}/oauth2/token`,
        placeholder: "SECRET",
      },
    });
  return (
    <>
      <Line>
        <Button onClick={() => setOpen("dialog")}>{patterns.openDialog}</Button>
        <Button onClick={() => setOpen("confirm")}>{patterns.openConfirm}</Button>
        <Button onClick={() => setOpen("typed")}>{patterns.openTyped}</Button>
        <Button onClick={() => setOpen("failed")}>{patterns.openFailed}</Button>
        <Button onClick={secret}>{patterns.openSecret}</Button>
      </Line>
      <Dialog open={open === "dialog"} onClose={close} title={patterns.openDialog}>
        <p>{patterns.dialogText}</p>
        <DialogButtons>
          <Button kind="primary" onClick={close}>
            {common.close}
          </Button>
        </DialogButtons>
      </Dialog>
      <Confirm
        open={open === "confirm"}
        onClose={close}
        title={patterns.confirmTitle}
        verb={patterns.confirmVerb}
        onConfirm={close}
      >
        {patterns.confirmText}
      </Confirm>
      <Confirm
        open={open === "typed"}
        onClose={close}
        title={patterns.typedTitle}
        verb={patterns.typedVerb}
        typed={patterns.app}
        danger
        onConfirm={close}
      >
        {patterns.typedText}
      </Confirm>
      <Confirm
        open={open === "failed"}
        onClose={close}
        title={patterns.confirmTitle}
        verb={patterns.confirmVerb}
        danger
        error={refusal(409, "wrong-state", patterns.suspendWhy)}
        onConfirm={close}
      >
        {patterns.confirmText}
      </Confirm>
    </>
  );
}

export function ToastsShown() {
  const patterns = usePatterns();
  const toast = useToast();
  usePageActions([{ key: "toast", label: patterns.showToast, run: () => toast(patterns.toastText) }]);
  return (
    <Line>
      <Button onClick={() => toast(patterns.toastText)}>{patterns.showToast}</Button>
      <Button onClick={() => toast(patterns.toastText, () => toast(patterns.undone))}>{patterns.showUndo}</Button>
    </Line>
  );
}
