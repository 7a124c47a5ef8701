import { useNavigate, useSearch } from "@tanstack/react-router";
import { useList } from "#/client/use";
import { useText } from "#/i18n";
import { Calls } from "#/ui/calls";
import { Section } from "#/ui/page";
import { WithApi } from "#/ui/withapi";
import { useProvided } from "./use";

/** The calls to the API, each with the reason for its answer. */
export function ProvidedCalls() {
  const { provide } = useText();
  const api = useProvided();
  const search = useSearch({ from: "/provide/apis/$api/calls" });
  const navigate = useNavigate({ from: "/provide/apis/$api/calls" });
  const list = useList("/api/v1/apis/{id}/decisions", {
    params: { path: { id: api.id }, query: { allowed: search.allowed } },
  });
  return (
    <Section id="calls" title={provide.calls.title} sub={provide.calls.sub}>
      <Calls
        list={list}
        search={search}
        onSearch={(next) => void navigate({ search: next, resetScroll: false })}
        side="api"
        label={provide.calls.title}
        emptyHint={provide.calls.emptyHint}
      />
      <WithApi method="GET" path={`/api/v1/apis/${api.id}/decisions`} />
    </Section>
  );
}
