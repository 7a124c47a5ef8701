import createClient from "openapi-fetch";
import { askPassword } from "./reauthenticate";
import type { paths } from "./schema";
import { csrfToken, readSessionAgain, signIn } from "./session";

const READS = ["GET", "HEAD", "OPTIONS"];
/** How often a refused request may be sent once more: after a new token, and after the password. */
const RETRIES = 2;

async function codeOf(response: Response): Promise<string | undefined> {
  if (!response.headers.get("content-type")?.includes("problem+json")) return undefined;
  const body = (await response.clone().json()) as { code?: string };
  return body.code;
}

/** Whether what stood against a request is out of the way, so that it may be sent again. */
async function mayGoOn(response: Response): Promise<boolean> {
  if (response.status === 401) {
    if ((await codeOf(response)) === "reauthenticate") return askPassword();
    signIn();
    return false;
  }
  return response.status === 403 && (await codeOf(response)) === "cross-site" && readSessionAgain();
}

/** Sends a request with the session's token of this very moment; what the session can still put right is sent again. */
async function send(request: Request, retries: number): Promise<Response> {
  const again = request.clone();
  if (!READS.includes(request.method)) request.headers.set("X-CSRF-Token", csrfToken());
  const response = await fetch(request);
  return (await mayGoOn(response)) && retries > 0 ? send(again, retries - 1) : response;
}

/** The HTTP interface of the server, typed by its own OpenAPI document. The console has no other way in. */
export const http = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) => send(request, RETRIES),
});
