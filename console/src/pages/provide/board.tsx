import { useNavigate, useSearch } from "@tanstack/react-router";
import { useList } from "#/client/use";
import { useText } from "#/i18n";
import { Board } from "#/ui/feed";
import { History } from "#/ui/history";
import { useProvided } from "./use";

const KINDS = ["subscription", "api", "version", "agreement"];

/** What happened around the API, newest first. */
export function ProvidedBoard() {
  const { provide } = useText();
  const api = useProvided();
  const { kind } = useSearch({ from: "/provide/apis/$api/board" });
  const navigate = useNavigate({ from: "/provide/apis/$api/board" });
  const list = useList("/api/v1/apis/{id}/board", { params: { path: { id: api.id }, query: { kind } } });
  return (
    <>
      <p className="mb-3">
        <History organization={api.organization} kind="api" id={api.id} />
      </p>
      <Board
        list={list}
        here={{ kind: "api", id: api.id }}
        label={provide.tabs.board}
        emptyHint={provide.board.empty}
        kinds={KINDS}
        kind={kind}
        onKind={(chosen) => void navigate({ search: { kind: chosen }, resetScroll: false })}
      />
    </>
  );
}
