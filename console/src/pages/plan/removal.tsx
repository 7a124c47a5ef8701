import { useState } from "react";
import { useText, word } from "#/i18n";
import { Button } from "#/ui/button";
import { Confirm } from "#/ui/dialog";
import { Refused } from "#/ui/refused";

type Offer = { action: string; allowed: boolean; reason?: string | null };

type RemovalProps = {
  name: string;
  verb: string;
  title: string;
  hint: string;
  actions: Offer[];
  busy: boolean;
  error: unknown;
  onRemove: () => Promise<void>;
};

/** Deletes something after its name was typed; where that is not allowed the button says why. */
export function Removal({ name, verb, title, hint, actions, busy, error, onRemove }: RemovalProps) {
  const { common } = useText();
  const [open, setOpen] = useState(false);
  const offer = actions.find((one) => one.action === "delete");
  const refused = offer && !offer.allowed ? word(common.reasons, offer.reason ?? "state") : undefined;
  const remove = async () => {
    try {
      await onRemove();
      setOpen(false);
    } catch {
      // The dialog shows `error`.
    }
  };
  return (
    <div className="mt-6 border-t border-line pt-4">
      {refused ? (
        <Refused reason={refused} kind="danger">
          {verb}
        </Refused>
      ) : (
        <Button kind="danger" onClick={() => setOpen(true)}>
          {verb}
        </Button>
      )}
      <Confirm
        open={open}
        onClose={() => setOpen(false)}
        title={title}
        verb={verb}
        danger
        typed={name}
        busy={busy}
        error={error}
        onConfirm={() => void remove()}
      >
        {hint}
      </Confirm>
    </div>
  );
}

/** Whether the server allows this now. */
export function allows(actions: Offer[], action: string): boolean {
  return actions.some((one) => one.action === action && one.allowed);
}
