import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { http } from "./http";
import { ProblemError, problemOf } from "./problem";
import { type Fetched, unwrap } from "./use";

type Path =
  | "/api/v1/apis/{id}"
  | "/api/v1/versions/{id}"
  | "/api/v1/plans/{id}"
  | "/api/v1/limit_groups/{id}"
  | "/api/v1/profiles/{id}"
  | "/api/v1/webhooks/{id}"
  | "/api/v1/api_groups/{id}";
const PULSE = "/api/v1/me/pulse";
type Raw = (path: string, init: object) => Promise<Fetched>;

/**
 * Deletes what the page is about. `leave` goes away from it, and only then everything else is read again: nobody asks for
 * what has just been deleted.
 */
export function useRemove(path: Path) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ProblemError>();
  const run = useCallback(
    async (id: string, leave: () => unknown): Promise<void> => {
      setBusy(true);
      setError(undefined);
      try {
        const remove = http.DELETE as unknown as Raw;
        unwrap(await remove(path, { params: { path: { id } } }));
        await leave();
      } catch (thrown) {
        const problem = thrown instanceof ProblemError ? thrown : new ProblemError(problemOf(thrown));
        setError(problem);
        throw problem;
      } finally {
        setBusy(false);
        // The page about it may still be on the screen for a moment; the pulse would have it read again.
        const isOver = (key: string) => key.includes(id) || key.includes(PULSE);
        void client.invalidateQueries({ predicate: (query) => !isOver(JSON.stringify(query.queryKey)) });
      }
    },
    [client, path],
  );
  return { run, busy, error, reset: useCallback(() => setError(undefined), []) };
}
