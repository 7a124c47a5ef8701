import { useEffect, useState } from "react";
import { postDocument } from "#/client/document";
import { problemOf } from "#/client/problem";
import type { CheckedDocument, NoteView } from "#/client/schema";

export type Note = NoteView;
export type Checked = CheckedDocument;

/** How long nothing is typed before a document is checked, in milliseconds. */
const PAUSE = 500;

/** Whether it was the document that the server could not do anything with, and not something on the way. */
export function isUnreadable(error: unknown): boolean {
  return error !== undefined && [400, 413, 415, 422].includes(problemOf(error).status);
}

export type Check = { checked?: Checked; error?: unknown; busy: boolean };

/** What the server says about a document, without keeping it; again whenever the text rests. */
export function useCheck(text: string): Check {
  const [check, setCheck] = useState<Check & { of: string }>({ busy: false, of: "" });
  useEffect(() => {
    if (text.trim() === "") return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const checked = await postDocument<Checked>("/api/v1/documents/check", text, { signal: stop.signal });
        setCheck({ checked, busy: false, of: text });
      } catch (error) {
        if (!stop.signal.aborted) setCheck({ error, busy: false, of: text });
      }
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);
  if (text.trim() === "") return { busy: false };
  return check.of === text ? check : { busy: true };
}
