import { useNavigate, useSearch } from "@tanstack/react-router";
import { useList } from "#/client/use";
import { useParties } from "#/i18n/parties";
import { Board } from "#/ui/feed";
import { useOrganization } from "./organization";

const KINDS = ["organization", "group", "app", "api"];

/** What happened to the organization, newest first. */
export function OrganizationBoard() {
  const { parts, boardEmpty } = useParties();
  const { id } = useOrganization();
  const { kind } = useSearch({ from: "/organizations/$organization/board" });
  const navigate = useNavigate({ from: "/organizations/$organization/board" });
  const list = useList("/api/v1/organizations/{id}/board", { params: { path: { id }, query: { kind } } });
  return (
    <Board
      list={list}
      here={{ kind: "organization", id }}
      label={parts.board}
      emptyHint={boardEmpty}
      kinds={KINDS}
      kind={kind}
      onKind={(chosen) => void navigate({ search: { kind: chosen }, resetScroll: false })}
    />
  );
}
