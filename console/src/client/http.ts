import createClient from "openapi-fetch";
import { askPassword } from "./reauthenticate";
import type { paths } from "./schema";
import { csrfToken, signIn } from "./session";

const READS = ["GET", "HEAD", "OPTIONS"];

async function codeOf(response: Response): Promise<string | undefined> {
  if (!response.headers.get("content-type")?.includes("problem+json")) return undefined;
  const body = (await response.clone().json()) as { code?: string };
  return body.code;
}

/** One request: with the session's token when it writes, and again after the password was asked for. */
async function send(request: Request): Promise<Response> {
  if (!READS.includes(request.method)) request.headers.set("X-CSRF-Token", csrfToken());
  const again = request.clone();
  const response = await fetch(request);
  if (response.status !== 401) return response;
  if ((await codeOf(response)) === "reauthenticate") {
    return (await askPassword()) ? fetch(again) : response;
  }
  signIn();
  return response;
}

/** The HTTP interface of the server, typed by its own OpenAPI document. The console has no other way in. */
export const http = createClient<paths>({ baseUrl: window.location.origin, fetch: send });
