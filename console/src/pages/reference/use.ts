import { useSuspenseQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { http } from "#/client/http";
import { ProblemError } from "#/client/problem";
import type { Problem, Reference } from "#/client/schema";

/** The last answers by address, so that what has not changed is neither read nor compared again: documents are large. */
const kept = new Map<string, { tag: string; reference: Reference }>();
/** More are not kept: a document may be megabytes. */
const MOST_KEPT = 4;

async function fetchReference(version: string | undefined, signal: AbortSignal): Promise<Reference> {
  const key = version ?? "";
  const { data, error, response } = version
    ? await http.GET("/api/v1/versions/{id}/reference", { params: { path: { id: version } }, parseAs: "text", signal })
    : await http.GET("/api/v1/reference", { parseAs: "text", signal });
  if (!response.ok || data === undefined) throw new ProblemError(error as unknown as Problem);
  const tag = response.headers.get("etag") ?? "";
  const known = kept.get(key);
  if (known && tag && known.tag === tag) return known.reference;
  const reference = JSON.parse(data) as Reference;
  kept.delete(key);
  kept.set(key, { tag, reference });
  for (const old of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(old);
  return reference;
}

/** The reference of a version, or of the platform's own interface. */
export function useReference(version: string | undefined): Reference {
  return useSuspenseQuery({
    queryKey: ["reference", version ?? null],
    queryFn: ({ signal }) => fetchReference(version, signal),
    structuralSharing: false,
  }).data;
}

/** Whether there is room for the list of operations beside what it leads to. */
export function useWide(): boolean {
  return useSyncExternalStore(follow, () => wide().matches);
}

const wide = () => window.matchMedia("(min-width: 64rem)");

function follow(changed: () => void): () => void {
  const query = wide();
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}
