import createClient, { type Client } from "openapi-fetch";
import type { paths } from "../../src/client/schema";
import type { Program } from "./program";

export const SESSION_COOKIE = "__Host-wayleave";
/** What everybody here signs in with. */
export const PASSWORD = "correct horse battery";

type Answered = { data?: unknown; error?: unknown; response: Response };

/** The answer of a call that has to go well; what it answered otherwise is the message. */
export async function good<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${JSON.stringify(error)}`);
  return data as T;
}

/** The problem of a call that has to be refused. */
export async function refused(call: Promise<Answered>): Promise<{ status: number; code: string; reason?: string }> {
  const { error, response } = await call;
  if (response.ok) throw new Error(`${response.url}: ${response.status}, but it had to be refused`);
  const problem = error as { code?: string; reason?: string } | undefined;
  return { status: response.status, code: problem?.code ?? "", reason: problem?.reason };
}

/** Somebody with an account, signed in: what a test's story needs to have happened is done by them, over HTTP. */
export class Person {
  private constructor(
    readonly program: Program,
    readonly username: string,
    readonly password: string,
    readonly id: string,
    /** The management interface in this person's name. */
    readonly http: Client<paths>,
    /** The value of their session's cookie. */
    readonly cookie: string,
    readonly csrf: string,
  ) {}

  static async register(program: Program, username: string): Promise<Person> {
    const nobody = createClient<paths>({ baseUrl: program.url });
    const email = `${username}@example.com`;
    const name = username.replace(/^./, (first) => first.toUpperCase());
    await good(nobody.POST("/api/v1/users", { body: { username, display_name: name, email, password: PASSWORD } }));
    return Person.signIn(program, username, PASSWORD);
  }

  static async signIn(program: Program, username: string, password: string): Promise<Person> {
    const answer = await fetch(`${program.url}/api/v1/session`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username, password }),
    });
    if (!answer.ok) throw new Error(`${username} cannot sign in: ${answer.status} ${await answer.text()}`);
    const { csrf_token, user } = (await answer.json()) as { csrf_token: string; user: { id: string } };
    const set = answer.headers.getSetCookie().find((text) => text.startsWith(`${SESSION_COOKIE}=`));
    const cookie = set?.split(";")[0]?.slice(SESSION_COOKIE.length + 1) ?? "";
    const headers = { Cookie: `${SESSION_COOKIE}=${cookie}`, "X-CSRF-Token": csrf_token };
    const http = createClient<paths>({ baseUrl: program.url, headers });
    return new Person(program, username, password, user.id, http, cookie, csrf_token);
  }

  /** The name that others see. */
  get name(): string {
    return this.username.replace(/^./, (first) => first.toUpperCase());
  }

  /** Does something to a subscription, by its verb. */
  act(subscription: string, action: string, comment?: string) {
    return this.http.POST("/api/v1/subscriptions/{id}/{action}", {
      params: { path: { id: subscription, action } },
      body: { comment },
    });
  }

  /** A request of which the interface's own types know nothing, such as an upload. */
  async raw(method: string, path: string, media: string, body: string): Promise<unknown> {
    const headers = {
      Cookie: `${SESSION_COOKIE}=${this.cookie}`,
      "X-CSRF-Token": this.csrf,
      "Content-Type": media,
    };
    const answer = await fetch(`${this.program.url}${path}`, { method, headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }
}
