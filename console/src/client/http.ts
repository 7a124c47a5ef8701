import createClient from "openapi-fetch";
import { askPassword } from "./reauthenticate";
import type { paths } from "./schema";
import { acceptTerms, csrfToken, readSessionAgain, signIn } from "./session";

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
  if (response.status !== 403) return false;
  const code = await codeOf(response);
  if (code === "agreement-required") acceptTerms();
  return code === "cross-site" && readSessionAgain();
}

/** Under this key the server carries a request out once, however often it arrives. */
function keyed(request: Request): Request {
  if (request.method !== "POST") return request;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  request.headers.set("Idempotency-Key", Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  return request;
}

/** Asks once more where the connection broke: what has a key is carried out once even if the first arrived. */
async function reach(request: Request): Promise<Response> {
  const again = request.headers.has("Idempotency-Key") ? request.clone() : undefined;
  try {
    return await fetch(request);
  } catch (broken) {
    if (!again || request.signal.aborted) throw broken;
    return fetch(again);
  }
}

/** Sends a request with the session's token of this very moment; what the session can still put right is sent again. */
async function send(request: Request, retries: number): Promise<Response> {
  const again = request.clone();
  if (!READS.includes(request.method)) request.headers.set("X-CSRF-Token", csrfToken());
  const response = await reach(request);
  return (await mayGoOn(response)) && retries > 0 ? send(again, retries - 1) : response;
}

/** The HTTP interface of the server, typed by its own OpenAPI document. The console has no other way in. */
export const http = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) => send(keyed(request), RETRIES),
});
