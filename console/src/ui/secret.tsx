import { createContext, type ReactNode, useCallback, useContext, useEffect, useId, useState } from "react";
import { useText } from "#/i18n";
import { Button } from "./button";
import { Code, CopyButton } from "./copy";
import { Dialog, DialogButtons } from "./dialog";
import { download } from "./download";
import { Checkbox } from "./field";

export type Secret = {
  /** What it is: "Client secret". */
  label: string;
  /** What to do with it, if it is no secret that can be rotated. */
  once?: string;
  value: string;
  /** Lines for a `.env` file, and the members of the JSON file. */
  file: { name: string; members: Record<string, string> };
  /** The command that uses it, with a placeholder; it has the secret in it only when that is asked for. */
  use?: { label: string; command: (secret: string) => string; placeholder: string };
};

const Show = createContext<((secret: Secret) => void) | undefined>(undefined);

/**
 * Around all pages: a secret that was just made is shown over whatever page comes next, so that neither the way to the
 * new client nor the browser's Back loses it. It is in the state of this component and nowhere else, until it is closed.
 */
export function Secrets({ children }: { children: ReactNode }) {
  const [secret, setSecret] = useState<Secret>();
  // The form that asked for it closes first and gives the focus back to its button: there it goes again afterwards.
  const show = useCallback((made: Secret) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setSecret(made)));
  }, []);
  return (
    <Show.Provider value={show}>
      {children}
      <SecretOnce secret={secret} onClose={useCallback(() => setSecret(undefined), [])} />
    </Show.Provider>
  );
}

/** Shows a secret, the only time that it can be shown. */
export function useShowSecret(): (secret: Secret) => void {
  const show = useContext(Show);
  if (!show) throw new Error("outside the console");
  return show;
}

/**
 * Shows a secret the only time that it can be shown. It lives in the caller's state and nowhere else; neither Escape nor a
 * press outside closes the dialog, and leaving the page asks first.
 */
export function SecretOnce({ secret, onClose }: { secret: Secret | undefined; onClose: () => void }) {
  const { common } = useText();
  return (
    <Dialog open={secret !== undefined} onClose={onClose} title={common.secret.title} stays>
      {secret ? <Shown secret={secret} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Shown({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const { common } = useText();
  const [stored, setStored] = useState(false);
  const [copied, setCopied] = useState(false);
  const [filled, setFilled] = useState(false);
  const hint = useId();
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
  const { use } = secret;
  const safe = stored || copied;
  const noticeCopy = () => {
    if (document.getSelection()?.toString().includes(secret.value)) setCopied(true);
  };
  return (
    <>
      <p className="mb-4">{secret.once ?? common.secret.once}</p>
      <p className="mb-1 text-sm font-semibold">{secret.label}</p>
      <div className="mb-3 flex items-start gap-3 rounded-md bg-code p-3 text-on-code">
        <code onCopy={noticeCopy} className="min-w-0 flex-1 font-mono select-all [overflow-wrap:anywhere]">
          {secret.value}
        </code>
        <CopyButton value={secret.value} what={secret.label} onCode onCopied={() => setCopied(true)} />
      </div>
      <div className="mb-4 flex flex-wrap gap-2">
        <Button small onClick={() => download(`${secret.file.name}.env`, env(secret.file.members))}>
          {common.secret.downloadEnv}
        </Button>
        <Button
          small
          onClick={() => download(`${secret.file.name}.json`, `${JSON.stringify(secret.file.members, null, 2)}\n`)}
        >
          {common.secret.downloadJson}
        </Button>
      </div>
      {use ? (
        <div className="mb-4">
          <Code label={use.label} what={use.label} text={use.command(filled ? secret.value : use.placeholder)} />
          <Checkbox
            label={common.secret.insert}
            hint={common.secret.insertHint}
            checked={filled}
            onChecked={setFilled}
          />
        </div>
      ) : null}
      <Checkbox label={common.secret.stored} checked={stored} onChecked={setStored} />
      <DialogButtons>
        {safe ? null : (
          <p id={hint} className="mr-auto self-center text-sm text-muted">
            {common.secret.closeHint}
          </p>
        )}
        <Button kind="primary" disabled={!safe} aria-describedby={safe ? undefined : hint} onClick={onClose}>
          {common.close}
        </Button>
      </DialogButtons>
    </>
  );
}

function env(members: Record<string, string>): string {
  return Object.entries(members)
    .map(([name, value]) => `${name.toUpperCase()}=${value}\n`)
    .join("");
}
