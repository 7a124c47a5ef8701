import { useSyncExternalStore } from "react";
import type { Session } from "./schema";

/** Who is signed in. The server writes it into the page, so the first paint waits for no request. */
let current: Session | undefined;

function fromPage(): Session | undefined {
  const text = document.getElementById("session")?.textContent;
  return text ? (JSON.parse(text) as Session) : undefined;
}

async function fromServer(): Promise<Session | undefined> {
  const response = await fetch("/api/v1/session", { headers: { Accept: "application/json" } });
  return response.ok ? ((await response.json()) as Session) : undefined;
}

export async function loadSession(): Promise<Session | undefined> {
  current = fromPage() ?? (await fromServer());
  return current;
}

export function session(): Session {
  if (!current) throw new Error("nobody is signed in");
  return current;
}

export function csrfToken(): string {
  return current?.csrf_token ?? "";
}

const watchers = new Set<() => void>();

/** The session goes on under another cookie: what its writes carry from now on, and what else is new about it. */
export function renewSession(next: Partial<Session>): void {
  if (current) current = { ...current, ...next };
  for (const changed of watchers) changed();
}

function watch(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}

/** Who is signed in, for what shows it: it is drawn anew when they change their name. */
export function useSession(): Session {
  return useSyncExternalStore(watch, session);
}

/**
 * Asks the server once more who is signed in, because it did not take our token: another tab may have renewed the session.
 * Answers whether there is a new token. If somebody else has signed in meanwhile, this page is no longer theirs: it starts anew.
 */
export async function readSessionAgain(): Promise<boolean> {
  const next = await fromServer();
  if (!next) {
    signIn();
    return false;
  }
  if (next.user.id !== current?.user.id) {
    window.location.reload();
    return false;
  }
  const isNew = next.csrf_token !== current.csrf_token;
  renewSession(next);
  return isNew;
}

let leaving = false;

/** Leaves the console, once: whatever is still on its way back cannot change where to. */
function leave(address: string, keep: boolean): void {
  if (leaving) return;
  leaving = true;
  if (keep) window.location.assign(address);
  else window.location.replace(address);
}

/** Leaves for the sign-in page, and comes back to where we are. */
export function signIn(): void {
  const here = window.location.pathname + window.location.search + window.location.hash;
  leave(`/login?return_to=${encodeURIComponent(here)}`, true);
}

/** Leaves for the platform's terms, which have changed, and comes back to where we are. */
export function acceptTerms(): void {
  const here = window.location.pathname + window.location.search + window.location.hash;
  leave(`/agreement?return_to=${encodeURIComponent(here)}`, true);
}

/** Leaves for the page that says that one has signed out. */
export function leaveSignedOut(): void {
  leave("/signed-out", false);
}
