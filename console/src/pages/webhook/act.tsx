import { type ReactNode, useState } from "react";
import { useRemove } from "#/client/remove";
import type { Webhook } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { useWebhooks } from "#/i18n/webhooks";
import { Confirm, Dialog } from "#/ui/dialog";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { WebhookForm } from "./form";
import { useShowSigning } from "./secret";

type Done = () => void;

/** What can be done to a webhook. Draw `dialogs` once; `gone` runs when it was deleted. */
export function useWebhookActs(
  of: Webhook,
  gone: () => unknown,
): { act: (action: string) => void; dialogs: ReactNode } {
  const webhooks = useWebhooks();
  const toast = useToast();
  const [asked, setAsked] = useState<string>();
  const enable = useWrite("post", "/api/v1/webhooks/{id}/enable");
  const test = useWrite("post", "/api/v1/webhooks/{id}/test");
  const init = { params: { path: { id: of.id } } };
  const close = () => setAsked(undefined);
  const at: Record<string, () => Promise<unknown>> = {
    enable: () => enable.run(init).then(() => toast(webhooks.enabled(of.name))),
    test: () => test.run(init).then(() => toast(webhooks.tested)),
  };
  const act = (action: string) => {
    const now = at[action];
    if (now) void now().catch(() => undefined);
    else setAsked(action);
  };
  const dialogs = (
    <>
      <ProblemBanner error={enable.error ?? test.error} />
      <Dialog open={asked === "edit"} onClose={close} title={webhooks.edit(of.name)}>
        {asked === "edit" ? <WebhookForm of={of} onDone={close} /> : null}
      </Dialog>
      {asked === "disable" ? <Disable of={of} onClose={close} /> : null}
      {asked === "rotate_secret" ? <Rotate of={of} onClose={close} /> : null}
      {asked === "replay" ? <Replay of={of} onClose={close} /> : null}
      {asked === "delete" ? <Delete of={of} onClose={close} gone={gone} /> : null}
    </>
  );
  return { act, dialogs };
}

type ActProps = { of: Webhook; onClose: Done };

function Disable({ of, onClose }: ActProps) {
  const webhooks = useWebhooks();
  const { common } = useText();
  const toast = useToast();
  const off = useWrite("post", "/api/v1/webhooks/{id}/disable");
  const confirm = async () => {
    await off.run({ params: { path: { id: of.id } } });
    toast(webhooks.disabled(of.name));
    onClose();
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={webhooks.disableTitle(of.name)}
      verb={word(common.actions, "disable")}
      danger
      busy={off.busy}
      error={off.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {webhooks.disableHint(of.waiting)}
    </Confirm>
  );
}

function Rotate({ of, onClose }: ActProps) {
  const webhooks = useWebhooks();
  const { common } = useText();
  const show = useShowSigning();
  const rotate = useWrite("post", "/api/v1/webhooks/{id}/rotate_secret");
  const confirm = async () => {
    const made = await rotate.run({ params: { path: { id: of.id } } });
    onClose();
    show(of.name, made.secret);
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={webhooks.rotateTitle(of.name)}
      verb={word(common.actions, "rotate_secret")}
      busy={rotate.busy}
      error={rotate.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {webhooks.rotateHint}
    </Confirm>
  );
}

function Replay({ of, onClose }: ActProps) {
  const webhooks = useWebhooks();
  const { common } = useText();
  const toast = useToast();
  const replay = useWrite("post", "/api/v1/webhooks/{id}/replay");
  const confirm = async () => {
    const done = await replay.run({ params: { path: { id: of.id } } });
    toast(webhooks.replayed(done.deliveries));
    onClose();
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={webhooks.replayTitle(of.dead)}
      verb={word(common.actions, "replay")}
      busy={replay.busy}
      error={replay.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {webhooks.replayHint}
    </Confirm>
  );
}

function Delete({ of, onClose, gone }: ActProps & { gone: () => unknown }) {
  const webhooks = useWebhooks();
  const { common } = useText();
  const toast = useToast();
  const remove = useRemove("/api/v1/webhooks/{id}");
  const confirm = async () => {
    await remove.run(of.id, gone);
    toast(webhooks.deleted(of.name));
    onClose();
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={webhooks.deleteTitle(of.name)}
      verb={word(common.actions, "delete")}
      danger
      busy={remove.busy}
      error={remove.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {webhooks.deleteHint(of.waiting, of.dead)}
    </Confirm>
  );
}
