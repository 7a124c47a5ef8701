import { useState } from "react";
import type { PersonalToken } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useMe } from "#/i18n/me";
import { Button } from "#/ui/button";
import { Confirm, Dialog, DialogButtons } from "#/ui/dialog";
import { Form, Select, TextInput } from "#/ui/field";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Empty } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { useShowSecret } from "#/ui/secret";
import { When } from "#/ui/time";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { MeHead } from "./head";

/** Days until a new token ends; none is never. */
const ENDS = [30, 90, 365];
const DAY = 86_400_000;

/** What programs act with in one's own name. */
export function Tokens() {
  const me = useMe();
  const { shell } = useText();
  const { items } = useGet("/api/v1/me/tokens");
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<PersonalToken>();
  const make = (
    <Button kind="primary" onClick={() => setMaking(true)}>
      {me.newToken}
    </Button>
  );
  return (
    <>
      <MeHead title={shell.tokens} sub={me.tokensSub} />
      <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
        <p className="max-w-[62ch] text-sm text-muted">{me.tokensHint}</p>
        {items.length > 0 ? make : null}
      </div>
      {items.length === 0 ? (
        <Empty title={me.tokensEmpty} action={make}>
          {me.tokensEmptyHint}
        </Empty>
      ) : (
        <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto_auto_auto]" label={shell.tokens}>
          <RowHead names={me.tokenColumns} />
          {items.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
          ))}
        </Rows>
      )}
      <WithApi method="POST" path="/api/v1/me/tokens" body={{ name: me.tokenName }} />
      <NewToken open={making} onClose={() => setMaking(false)} />
      <Revoke token={revoking} onDone={() => setRevoking(undefined)} />
    </>
  );
}

function TokenRow({ token, onRevoke }: { token: PersonalToken; onRevoke: () => void }) {
  const me = useMe();
  const over = token.expires_at ? new Date(token.expires_at).getTime() < Date.now() : false;
  return (
    <Row>
      <Cell title={token.name} className="max-md:w-full" />
      <code className="font-mono text-sm">{`…${token.hint}`}</code>
      <span className="text-sm text-muted">
        <span className="md:hidden">{`${me.tokenColumns[2]} `}</span>
        <When at={token.created_at} />
      </span>
      <span className="text-sm text-muted">
        {over ? (
          <Pill tone="bad">{me.expired}</Pill>
        ) : token.expires_at ? (
          <>
            <span className="md:hidden">{`${me.expires} `}</span>
            <When at={token.expires_at} />
          </>
        ) : (
          <>
            <span className="md:hidden">{`${me.expires} `}</span>
            {me.neverExpires}
          </>
        )}
      </span>
      <Button small kind="danger" onClick={onRevoke} aria-label={me.revokeOf(token.name)} className="max-md:ml-auto">
        {me.revoke}
      </Button>
    </Row>
  );
}

function NewToken({ open, onClose }: { open: boolean; onClose: () => void }) {
  const me = useMe();
  return (
    <Dialog open={open} onClose={onClose} title={me.newToken}>
      <NewTokenForm onClose={onClose} />
    </Dialog>
  );
}

function NewTokenForm({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const { common } = useText();
  const show = useShowSecret();
  const [name, setName] = useState("");
  const [days, setDays] = useState(String(ENDS[1]));
  const create = useWrite("post", "/api/v1/me/tokens");
  const submit = async () => {
    const expires_at = days ? new Date(Date.now() + Number(days) * DAY).toISOString() : undefined;
    const made = await create.run({ body: { name, expires_at } });
    onClose();
    show({
      label: me.tokenLabel,
      once: me.tokenOnce,
      value: made.token ?? "",
      file: { name: "wayleave", members: { wayleave_token: made.token ?? "" } },
      use: {
        label: me.tokenUse,
        command: (token) => `curl ${window.location.origin}/api/v1/me \\\n  -H 'Authorization: Bearer ${token}'`,
        placeholder: "TOKEN",
      },
    });
  };
  return (
    <Form
      error={create.error}
      fields={["name", "expires_at"]}
      onSubmit={() => void submit().catch(() => undefined)}
      label={me.newToken}
    >
      <TextInput
        label={me.tokenName}
        hint={me.tokenNameHint}
        name="name"
        maxLength={120}
        autoComplete="off"
        error={create.error}
        value={name}
        onValue={setName}
      />
      <Select
        label={me.expires}
        hint={me.expiryHint}
        name="expires_at"
        error={create.error}
        optional
        value={days}
        onValue={setDays}
        options={[...ENDS.map((n) => ({ value: String(n), label: me.days(n) })), { value: "", label: me.neverExpires }]}
      />
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={create.busy}>
          {me.newToken}
        </Button>
      </DialogButtons>
    </Form>
  );
}

function Revoke({ token, onDone }: { token: PersonalToken | undefined; onDone: () => void }) {
  const me = useMe();
  const toast = useToast();
  const revoke = useWrite("delete", "/api/v1/me/tokens/{id}");
  const name = token?.name ?? "";
  const confirm = async () => {
    if (!token) return;
    await revoke.run({ params: { path: { id: token.id } } });
    toast(me.revoked(name));
    onDone();
  };
  return (
    <Confirm
      open={token !== undefined}
      onClose={onDone}
      title={me.revokeTitle(name)}
      verb={me.revoke}
      danger
      busy={revoke.busy}
      error={revoke.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {me.revokeHint}
    </Confirm>
  );
}
