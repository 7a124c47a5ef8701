import { useNavigate, useSearch } from "@tanstack/react-router";
import { useList } from "#/client/use";
import { useText } from "#/i18n";
import { Calls } from "#/ui/calls";
import { Section } from "#/ui/page";
import { WithApi } from "#/ui/withapi";
import { useApp } from "./app";

/** The calls of the app, each with the reason for its answer. */
export function AppCalls() {
  const { apps } = useText();
  const app = useApp();
  const search = useSearch({ from: "/apps/$app/calls" });
  const navigate = useNavigate({ from: "/apps/$app/calls" });
  const list = useList("/api/v1/apps/{id}/decisions", {
    params: { path: { id: app.id }, query: { allowed: search.allowed } },
  });
  return (
    <Section id="calls" title={apps.calls.title} sub={apps.calls.hint}>
      <Calls
        list={list}
        search={search}
        onSearch={(next) => void navigate({ search: next, resetScroll: false })}
        side="app"
        label={apps.calls.label}
        emptyHint={apps.calls.emptyHint}
      />
      <WithApi method="GET" path={`/api/v1/apps/${app.id}/decisions`} />
    </Section>
  );
}
