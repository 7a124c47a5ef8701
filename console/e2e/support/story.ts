import { good, Person } from "./person";
import { DOCUMENTS, document, type Program } from "./program";

let made = 0;
const written = new Set<string>();

/** A name that no other test of this worker uses. */
export function fresh(word: string): string {
  made += 1;
  return said(`${word}-${made}`);
}

/** Keeps a text that people of a test have written: it is in no catalogue, in whatever language it is shown. */
export function said(text: string): string {
  written.add(text);
  return text;
}

export function isWritten(text: string): boolean {
  return written.has(text);
}

export type Plan = { id: string; name: string };

/** A provider with an API that is published and offered under two plans. */
export type Supply = {
  provider: Person;
  organization: string;
  api: string;
  apiName: string;
  slug: string;
  version: string;
  destination: string;
  /** Needs no approval. */
  open: Plan;
  /** Needs approval; three calls in five seconds. */
  guarded: Plan;
  limits: string;
};

/** A consumer with an app. */
export type Demand = { consumer: Person; organization: string; app: string; appName: string };

export async function found(owner: Person, name: string): Promise<string> {
  return (await good(owner.http.POST("/api/v1/organizations", { body: { name } }))).id;
}

async function plan(
  owner: Person,
  body: { name: string; requires_approval: boolean; limit_group?: string; organization: string },
) {
  return { id: (await good(owner.http.POST("/api/v1/plans", { body }))).id, name: body.name };
}

/** What a provider does before anybody can ask for access. */
export async function supply(program: Program, which: keyof typeof DOCUMENTS = "petstore"): Promise<Supply> {
  const provider = await Person.register(program, fresh("provider"));
  const organization = await found(provider, fresh("Supplying organization"));
  const windows = [{ count: 3, seconds: 5 }];
  const { id: limits } = await good(
    provider.http.POST("/api/v1/limit_groups", {
      body: { organization, name: fresh("Three in five seconds"), windows },
    }),
  );
  const open = await plan(provider, { organization, name: fresh("Silver plan"), requires_approval: false });
  const named = { organization, name: fresh("Gold plan"), requires_approval: true, limit_group: limits };
  const guarded = await plan(provider, named);
  const slug = fresh("pets");
  const apiName = fresh("Pet API");
  const { id: api } = await good(
    provider.http.POST("/api/v1/apis", {
      body: { organization, name: apiName, slug, description: said("Pets by number.") },
    }),
  );
  const params = { path: { id: api } };
  await good(provider.http.PUT("/api/v1/apis/{id}/plans", { params, body: { plans: [open.id, guarded.id] } }));
  const { version, mount } = { version: DOCUMENTS[which].version, mount: DOCUMENTS[which].mount };
  const { text } = document(which);
  const upload = await provider.raw(
    "POST",
    `/api/v1/apis/${api}/versions?name=${version}`,
    "application/octet-stream",
    text,
  );
  const versionId = (upload as { id: string }).id;
  const security = [{ scheme: "api_key" as const }, { scheme: "oauth" as const }];
  await good(provider.http.PATCH("/api/v1/versions/{id}", { params: { path: { id: versionId } }, body: { security } }));
  const target = { name: fresh("sample"), url: `${program.upstream}${mount}` };
  const { id: destination } = await good(
    provider.http.POST("/api/v1/organizations/{id}/destinations", {
      params: { path: { id: organization } },
      body: target,
    }),
  );
  for (const environment of ["sandbox", "production"]) {
    const path = { id: versionId, environment };
    await good(
      provider.http.PUT("/api/v1/versions/{id}/publications/{environment}", {
        params: { path },
        body: { destination },
      }),
    );
  }
  return { provider, organization, api, apiName, slug, version: versionId, destination, open, guarded, limits };
}

export async function demand(program: Program): Promise<Demand> {
  const consumer = await Person.register(program, fresh("consumer"));
  const organization = await found(consumer, fresh("Demanding organization"));
  const appName = fresh("Shop");
  const body = { organization, name: appName, description: said("Sells pets.") };
  const { id: app } = await good(consumer.http.POST("/api/v1/apps", { body }));
  return { consumer, organization, app, appName };
}

/** Both sides, and nothing between them yet. */
export async function story(program: Program): Promise<Supply & Demand & { supplier: string }> {
  const [one, other] = await Promise.all([supply(program), demand(program)]);
  return { ...one, ...other, supplier: one.organization };
}
export type Story = Awaited<ReturnType<typeof story>>;

/** The consumer asks for access; answers the subscription's id. */
export async function ask(
  told: Story,
  under: Plan,
  environment = "production",
  comment = "For the shop.",
): Promise<string> {
  const body = { apps: [told.app], api: told.api, environment, plan: under.id, comment: said(comment) };
  const answer = await good(told.consumer.http.POST("/api/v1/subscriptions", { body }));
  const first = answer.items[0];
  if (!first) throw new Error("no subscription was made");
  return first.id;
}

/** The consumer has access under the guarded plan. */
export async function letIn(told: Story): Promise<string> {
  const id = await ask(told, told.guarded);
  await good(told.provider.act(id, "approve"));
  await good(told.provider.act(id, "activate"));
  return id;
}

/** A client of the consumer's app with a secret and a key. */
export async function equip(told: Demand) {
  const { http } = told.consumer;
  const name = fresh("Shop backend");
  const client = await good(http.POST("/api/v1/clients", { body: { app: told.app, name } }));
  const params = { path: { id: client.id } };
  const secret = await good(http.POST("/api/v1/clients/{id}/credentials", { params, body: { kind: "client_secret" } }));
  const key = await good(http.POST("/api/v1/clients/{id}/credentials", { params, body: { kind: "api_key" } }));
  return { id: client.id, name, clientId: client.client_id, secret: secret.secret ?? "", key: key.secret ?? "" };
}

/** What the gateway answers to a real call. */
export async function call(
  told: { slug: string },
  program: Program,
  headers: Record<string, string>,
  environment = "",
) {
  const answer = await fetch(`${program.gateway}${environment}/${told.slug}/v1/pets`, { headers });
  const body = (await answer.json().catch(() => ({}))) as { code?: string; decision?: string };
  return { status: answer.status, code: body.code, decision: body.decision };
}

/** Asks for a token as a program does; undefined if it is refused. */
export async function token(program: Program, clientId: string, secret: string): Promise<string | undefined> {
  const answer = await fetch(`${program.url}/oauth2/token`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  if (!answer.ok) return undefined;
  return ((await answer.json()) as { access_token: string }).access_token;
}
