import { useEffect, useId, useSyncExternalStore } from "react";

/** Something that the open page can do, offered in the palette as well. */
export type PageAction = { key: string; label: string; run: () => void };

// The palette is a sibling of the page, not above or below it: what pages offer is kept between the two.
const offered = new Map<string, PageAction[]>();
const watchers = new Set<() => void>();
let all: PageAction[] = [];

function put(page: string, actions: PageAction[]): void {
  if (actions.length > 0) offered.set(page, actions);
  else if (!offered.delete(page)) return;
  all = [...offered.values()].flat();
  for (const changed of watchers) changed();
}

/** Offers what this page or part of a page can do in the palette, for as long as it is shown. */
export function usePageActions(actions: PageAction[]): void {
  const page = useId();
  useEffect(() => put(page, actions));
  useEffect(() => () => put(page, []), [page]);
}

function watch(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}

/** What is offered now. */
export function useOfferedActions(): PageAction[] {
  return useSyncExternalStore(watch, () => all);
}
