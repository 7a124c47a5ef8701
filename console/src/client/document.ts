import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { http } from "./http";
import { ProblemError, problemOf } from "./problem";
import { type Fetched, refresh, unwrap } from "./use";

type Init = { params?: object; signal?: AbortSignal };
type Raw = (path: string, init: object) => Promise<Fetched>;

/** JSON begins with a brace; everything else is read as YAML, of which JSON is a part. */
function mediaType(text: string): string {
  return text.trimStart().startsWith("{") ? "application/json" : "application/yaml";
}

/** Sends a document as it is: line numbers in the answer are those of the text. */
export async function postDocument<T>(
  path: string,
  text: string,
  init: Init = {},
  method: "POST" | "PUT" = "POST",
): Promise<T> {
  const post = http[method] as unknown as Raw;
  return unwrap<T>(
    await post(path, {
      ...init,
      body: text,
      bodySerializer: (body: string) => body,
      headers: { "Content-Type": mediaType(text) },
    }),
  );
}

/** Writes a document; as with every write, what is on the screen is read again afterwards. */
export function useDocument<T>(path: string, method: "POST" | "PUT" = "POST") {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ProblemError>();
  const run = useCallback(
    async (text: string, init: Init = {}): Promise<T> => {
      setBusy(true);
      setError(undefined);
      try {
        return await postDocument<T>(path, text, init, method);
      } catch (thrown) {
        const problem = thrown instanceof ProblemError ? thrown : new ProblemError(problemOf(thrown));
        setError(problem);
        throw problem;
      } finally {
        setBusy(false);
        void refresh(client);
      }
    },
    [client, path, method],
  );
  return { run, busy, error, reset: useCallback(() => setError(undefined), []) };
}
