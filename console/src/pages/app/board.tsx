import { useNavigate, useSearch } from "@tanstack/react-router";
import { useList } from "#/client/use";
import { useText } from "#/i18n";
import { Board } from "#/ui/feed";
import { History } from "#/ui/history";
import { useApp } from "./app";

const KINDS = ["subscription", "app", "client", "credential"];

/** What happened to the app, newest first. */
export function AppBoard() {
  const { apps } = useText();
  const app = useApp();
  const { kind } = useSearch({ from: "/apps/$app/board" });
  const navigate = useNavigate({ from: "/apps/$app/board" });
  const list = useList("/api/v1/apps/{id}/board", { params: { path: { id: app.id }, query: { kind } } });
  return (
    <>
      <p className="mb-3">
        <History organization={app.organization} kind="app" id={app.id} />
      </p>
      <Board
        list={list}
        here={{ kind: "app", id: app.id }}
        label={apps.part.board}
        emptyHint={apps.boardEmpty}
        kinds={KINDS}
        kind={kind}
        onKind={(chosen) => void navigate({ search: { kind: chosen }, resetScroll: false })}
      />
    </>
  );
}
