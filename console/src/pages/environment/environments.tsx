import { useState } from "react";
import type { Environment } from "#/client/schema";
import { session } from "#/client/session";
import { useGet } from "#/client/use";
import { useText } from "#/i18n";
import { usePageActions } from "#/layout/pageactions";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Dialog } from "#/ui/dialog";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { WithApi } from "#/ui/withapi";
import { EnvironmentForm } from "./form";

/** Where versions are published. */
export function Environments() {
  const { organization } = useText();
  const words = organization.environments;
  const { items } = useGet("/api/v1/environments");
  const [editing, setEditing] = useState<Environment | "new">();
  const mayEdit = session().user.site_admin === true;
  const add = () => setEditing("new");
  usePageActions(mayEdit ? [{ key: "add", label: words.add, run: add }] : []);
  const button = mayEdit ? (
    <Button kind="primary" onClick={add}>
      {words.add}
    </Button>
  ) : (
    <Refused reason={organization.onlySite}>{words.add}</Refused>
  );
  const close = () => setEditing(undefined);
  return (
    <>
      <PageHead title={words.title} sub={words.sub} actions={items.length > 0 ? button : null} />
      {items.length === 0 ? (
        <Empty title={words.empty} action={button}>
          {words.emptyHint}
        </Empty>
      ) : (
        <Rows columns="grid-cols-[minmax(0,1fr)_minmax(0,2fr)_auto_auto_auto]" label={words.title}>
          <RowHead names={words.columns} />
          {items.map((one) => (
            <Line key={one.id} one={one} onEdit={() => setEditing(one)} />
          ))}
        </Rows>
      )}
      <WithApi method="POST" path="/api/v1/environments" body={{ slug: "staging", prefix: "/staging" }} />
      <Dialog
        open={editing !== undefined}
        onClose={close}
        title={editing === "new" || !editing ? words.add : words.edit(editing.name)}
      >
        {editing === undefined ? null : <EnvironmentForm of={editing === "new" ? undefined : editing} onDone={close} />}
      </Dialog>
    </>
  );
}

function Line({ one, onEdit }: { one: Environment; onEdit: () => void }) {
  const { organization, common } = useText();
  const words = organization.environments;
  return (
    <Row>
      <Cell
        title={one.name}
        sub={
          <>
            <code className="font-mono">{one.slug}</code>
            {one.description ? ` · ${one.description}` : ""}
          </>
        }
        className="max-md:w-full"
      />
      <Copyable value={one.base_url} what={words.baseUrl} />
      <span className="text-sm text-muted">
        <span className="md:hidden">{`${words.host} `}</span>
        {one.host ? <code className="font-mono">{one.host}</code> : words.anyHost}
      </span>
      <span className="text-sm text-muted">
        <span className="md:hidden">{`${words.prefix} `}</span>
        {one.prefix ? <code className="font-mono">{one.prefix}</code> : words.noPrefix}
      </span>
      {one.actions.some((offer) => offer.action === "edit" && offer.allowed) ? (
        <Button small onClick={onEdit} aria-label={words.edit(one.name)} className="max-md:ml-auto">
          {common.edit}
        </Button>
      ) : (
        <span />
      )}
    </Row>
  );
}
