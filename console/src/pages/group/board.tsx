import { useList } from "#/client/use";
import { useParties } from "#/i18n/parties";
import { Board } from "#/ui/feed";
import { useGroup } from "./group";

/** What happened to the group, newest first. */
export function GroupBoard() {
  const { parts, groups } = useParties();
  const { id } = useGroup();
  const list = useList("/api/v1/groups/{id}/board", { params: { path: { id } } });
  return <Board list={list} here={{ kind: "group", id }} label={parts.board} emptyHint={groups.boardEmpty} />;
}
