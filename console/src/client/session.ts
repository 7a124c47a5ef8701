import type { Session } from "./schema";

/** Who is signed in. The server writes it into the page, so the first paint waits for no request. */
let current: Session | undefined;

function fromPage(): Session | undefined {
  const text = document.getElementById("session")?.textContent;
  return text ? (JSON.parse(text) as Session) : undefined;
}

export async function loadSession(): Promise<Session | undefined> {
  current = fromPage();
  if (!current) {
    const response = await fetch("/api/v1/session", { headers: { Accept: "application/json" } });
    if (response.ok) current = (await response.json()) as Session;
  }
  return current;
}

export function session(): Session {
  if (!current) throw new Error("nobody is signed in");
  return current;
}

export function csrfToken(): string {
  return current?.csrf_token ?? "";
}

/** Leaves for the sign-in page, once, and comes back to where we are. */
let leaving = false;
export function signIn(): void {
  if (leaving) return;
  leaving = true;
  const here = window.location.pathname + window.location.search + window.location.hash;
  window.location.assign(`/login?return_to=${encodeURIComponent(here)}`);
}
