import { type ReactNode, useEffect, useState } from "react";
import { useText } from "#/i18n";
import { Button } from "./button";
import { Code, CopyButton } from "./copy";
import { Dialog, DialogButtons } from "./dialog";
import { Checkbox } from "./field";

export type Secret = {
  /** What it is: "Client secret". */
  label: string;
  value: string;
  /** Lines for a `.env` file, and the members of the JSON file. */
  file: { name: string; members: Record<string, string> };
  /** The command that uses it, with a placeholder; `filled` has the secret in it and is shown only when asked for. */
  use?: { label: string; command: (secret: string) => string; placeholder: string };
};

/**
 * Shows a secret the only time that it can be shown. It lives in the caller's state and nowhere else; neither Escape nor a
 * press outside closes the dialog, and leaving the page asks first.
 */
export function SecretOnce({ secret, onClose }: { secret: Secret | undefined; onClose: () => void }) {
  const { clients } = useText();
  return (
    <Dialog open={secret !== undefined} onClose={onClose} title={clients.secretTitle} stays>
      {secret ? <Shown secret={secret} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Shown({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const { clients, common } = useText();
  const [stored, setStored] = useState(false);
  const [copied, setCopied] = useState(false);
  const [filled, setFilled] = useState(false);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
  const { use } = secret;
  return (
    <>
      <p className="mb-4">{clients.secretOnce}</p>
      <p className="mb-1 text-sm font-semibold">{secret.label}</p>
      <div className="mb-3 flex items-start gap-3 rounded-md bg-code p-3 text-on-code">
        <code className="min-w-0 flex-1 font-mono [overflow-wrap:anywhere]">{secret.value}</code>
        <CopyButton value={secret.value} what={secret.label} onCode onCopied={() => setCopied(true)} />
      </div>
      <div className="mb-4 flex flex-wrap gap-2">
        <Button small onClick={() => download(`${secret.file.name}.env`, env(secret.file.members))}>
          {clients.downloadEnv}
        </Button>
        <Button
          small
          onClick={() => download(`${secret.file.name}.json`, `${JSON.stringify(secret.file.members, null, 2)}\n`)}
        >
          {clients.downloadJson}
        </Button>
      </div>
      {use ? (
        <Part>
          <Code label={use.label} what={use.label} text={use.command(filled ? secret.value : use.placeholder)} />
          <Checkbox
            label={clients.insertSecret}
            hint={clients.insertSecretHint}
            checked={filled}
            onChecked={setFilled}
          />
        </Part>
      ) : null}
      <Checkbox label={clients.stored} checked={stored} onChecked={setStored} />
      <DialogButtons>
        <Button kind="primary" disabled={!stored && !copied} onClick={onClose}>
          {common.close}
        </Button>
      </DialogButtons>
    </>
  );
}

function Part({ children }: { children: ReactNode }) {
  return <div className="mb-4">{children}</div>;
}

function env(members: Record<string, string>): string {
  return Object.entries(members)
    .map(([name, value]) => `${name.toUpperCase()}=${value}\n`)
    .join("");
}

/** Hands a file to the browser without a request. */
function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
