import { useState } from "react";
import type { Follower } from "#/client/schema";
import { session } from "#/client/session";
import { useList, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "./button";
import { Confirm } from "./dialog";
import { Cell, Listed, Row, RowHead, Rows } from "./list";
import { Empty } from "./page";
import { When } from "./time";
import { useToast } from "./toast";

type Followable = "apis" | "apps" | "organizations" | "groups";

/** Who follows something. Its administrators remove anybody, everybody themselves; that ends the news, nothing else. */
export function Followers({ of, id, mayRemove }: { of: Followable; id: string; mayRemove: boolean }) {
  const { common } = useText();
  const words = common.followersList;
  // All lists have one shape; their paths differ.
  const path = `/api/v1/${of}/{id}/followers` as "/api/v1/apis/{id}/followers";
  const list = useList(path, { params: { path: { id } } });
  const [leaving, setLeaving] = useState<Follower>();
  return (
    <>
      <Listed list={list} empty={<Empty title={words.empty}>{words.emptyHint}</Empty>}>
        <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={words.title}>
          <RowHead names={[words.user, words.since, ""]} />
          {list.items.map((follower) => (
            <Row key={follower.user.id}>
              <Cell title={follower.user.display_name} sub={follower.user.username} className="max-md:grow" />
              <span className="text-sm text-muted">
                <When at={follower.followed_at} />
              </span>
              {mayRemove || follower.user.id === session().user.id ? (
                <Button
                  small
                  onClick={() => setLeaving(follower)}
                  aria-label={words.removeThis(follower.user.display_name)}
                >
                  {words.remove}
                </Button>
              ) : (
                <span />
              )}
            </Row>
          ))}
        </Rows>
      </Listed>
      <Removal of={of} id={id} follower={leaving} onDone={() => setLeaving(undefined)} />
    </>
  );
}

function Removal({
  of,
  id,
  follower,
  onDone,
}: {
  of: Followable;
  id: string;
  follower: Follower | undefined;
  onDone: () => void;
}) {
  const { common } = useText();
  const toast = useToast();
  const remove = useWrite("delete", `/api/v1/${of}/{id}/followers/{user}`);
  const words = common.followersList;
  const name = follower?.user.display_name ?? "";
  const confirm = async () => {
    if (!follower) return;
    await remove.run({ params: { path: { id, user: follower.user.id } } });
    toast(words.removed(name));
    onDone();
  };
  return (
    <Confirm
      open={follower !== undefined}
      onClose={onDone}
      title={words.removeTitle(name)}
      verb={common.remove}
      danger
      busy={remove.busy}
      error={remove.error}
      onConfirm={() => void confirm().catch(() => undefined)}
    >
      {words.removeHint(name)}
    </Confirm>
  );
}
