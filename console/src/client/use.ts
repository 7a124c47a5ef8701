import {
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import type { MaybeOptionalInit } from "openapi-fetch";
import type { PathsWithMethod, RequiredKeysOf, SuccessResponse } from "openapi-typescript-helpers";
import { useCallback, useMemo, useState } from "react";
import { http } from "./http";
import { ProblemError, problemOf } from "./problem";
import type { Problem, paths } from "./schema";

export type Write = "post" | "put" | "patch" | "delete";
type Method = "get" | Write;
type Init<P extends keyof paths, M extends Method> = Pick<
  MaybeOptionalInit<paths[P], M>,
  "params" & keyof MaybeOptionalInit<paths[P], M>
> &
  Pick<MaybeOptionalInit<paths[P], M>, "body" & keyof MaybeOptionalInit<paths[P], M>>;
type Args<P extends keyof paths, M extends Method> =
  RequiredKeysOf<Init<P, M>> extends never ? [init?: Init<P, M>] : [init: Init<P, M>];
type Responses<P extends keyof paths, M extends Method> = paths[P][M] extends { responses: infer R } ? R : never;
/** What the server answers to this call when it goes well. */
export type Answer<P extends keyof paths, M extends Method = "get"> =
  Responses<P, M> extends infer R extends Record<string | number, unknown> ? SuccessResponse<R> : never;
export type GetPath = PathsWithMethod<paths, "get">;

/** An answer of the client, before it is known to be good. */
export type Fetched = { data?: unknown; error?: unknown; response: Response };

/** What the server answered, or its problem as an error. */
export function unwrap<T>({ data, error, response }: Fetched): T {
  if (response.ok) return data as T;
  const problem = error as Partial<Problem> | undefined;
  throw new ProblemError({
    type: problem?.type ?? "",
    title: problem?.title ?? response.statusText,
    status: response.status,
    code: problem?.code ?? "unexpected",
    detail: problem?.detail ?? response.statusText,
    errors: problem?.errors,
    request_id: problem?.request_id ?? response.headers.get("x-request-id") ?? "",
  });
}

// openapi-fetch types one method at a time; the method is a value here, so the call itself is untyped.
type Untyped = (path: string, init: object) => Promise<Fetched>;
const untyped = http as unknown as Record<string, Untyped>;

async function call<T>(method: Method, path: string, init: object): Promise<T> {
  const send = untyped[method.toUpperCase()];
  if (!send) throw new Error(method);
  return unwrap<T>(await send(path, init));
}

/** One read, as TanStack Query wants it: for `useGet`, loaders and prefetching. */
export function read<P extends GetPath>(path: P, ...[init]: Args<P, "get">) {
  return queryOptions({
    queryKey: [path, init ?? {}] as const,
    queryFn: ({ signal }) => call<Answer<P>>("get", path, { ...init, signal }),
  });
}

/** Reads, and suspends until it is there; a refusal goes to the page's error boundary. */
export function useGet<P extends GetPath>(path: P, ...args: Args<P, "get">): Answer<P> {
  return useSuspenseQuery(read(path, ...args)).data;
}

/** Reads without suspending: for what a page can do without for a moment. */
export function useMaybe<P extends GetPath>(path: P | undefined, ...args: Args<P, "get">) {
  const options = read((path ?? "") as P, ...args);
  return useQuery({ ...options, enabled: path !== undefined });
}

type Item<P extends GetPath> = Answer<P> extends { items: (infer I)[] } ? I : never;

/** A paged list: `items` so far, and `more` to fetch the next page. The server pages; nothing is held that was not asked for. */
export function useList<P extends GetPath>(path: P, init?: Args<P, "get">[0], enabled = true) {
  const given = (init ?? {}) as { params?: { query?: object } };
  const query = useInfiniteQuery({
    queryKey: [path, given, "list"] as const,
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) => {
      const params = { ...given.params, query: { ...given.params?.query, ...(pageParam ? { after: pageParam } : {}) } };
      return call<{ items: Item<P>[]; next?: string | null }>("get", path, { ...given, params, signal });
    },
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return {
    items,
    loading: query.isPending,
    error: query.error,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    loadingMore: query.isFetchingNextPage,
  };
}

/** After a write, whatever is on the screen is read again: nobody has to know which lists a change touches. */
export function refresh(client: QueryClient): Promise<void> {
  return client.invalidateQueries();
}

/**
 * One kind of write. `run` answers what the server answered, or throws a ProblemError, which is then also in `error`.
 * Lifecycle actions wait for the server; nothing is shown before it has happened. Neither what is sent nor what is
 * answered is kept here: both may be secrets, and a mutation of TanStack Query would hold them in its cache.
 */
export function useWrite<M extends Write, P extends PathsWithMethod<paths, M>>(method: M, path: P) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ProblemError>();
  const run = useCallback(
    async (...[init]: Args<P, M>): Promise<Answer<P, M>> => {
      setBusy(true);
      setError(undefined);
      try {
        return await call<Answer<P, M>>(method, path, (init ?? {}) as object);
      } catch (thrown) {
        const problem = thrown instanceof ProblemError ? thrown : new ProblemError(problemOf(thrown));
        setError(problem);
        throw problem;
      } finally {
        setBusy(false);
        void refresh(client);
      }
    },
    [client, method, path],
  );
  return { run, busy, error, reset: useCallback(() => setError(undefined), []) };
}
