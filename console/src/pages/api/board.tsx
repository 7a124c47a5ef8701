import { useNavigate, useSearch } from "@tanstack/react-router";
import { useList } from "#/client/use";
import { useText } from "#/i18n";
import { Board } from "#/ui/feed";
import { useApi } from "./use";

/** What happened to this API, as far as the reader may know. */
export function ApiBoard() {
  const { api: words } = useText();
  const api = useApi();
  const { kind } = useSearch({ from: "/apis/$api/board" });
  const navigate = useNavigate();
  const list = useList("/api/v1/apis/{id}/board", { params: { path: { id: api.id }, query: { kind } } });
  return (
    <Board
      list={list}
      here={{ kind: "api", id: api.id }}
      label={words.board}
      emptyHint={words.boardHint}
      kinds={["version", "api", "subscription", "agreement"]}
      kind={kind}
      onKind={(chosen) => void navigate({ to: ".", search: { kind: chosen } as never, resetScroll: false })}
    />
  );
}
