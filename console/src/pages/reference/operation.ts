import type {
  Reference,
  ReferenceDemand,
  ReferenceOperation,
  ReferenceScheme,
  ReferenceWebhook,
} from "#/client/schema";
import {
  at,
  entries,
  follow,
  isBlank,
  items,
  type Json,
  type Members,
  members,
  type Prose,
  prose,
  text,
} from "./document";
import { mediaSample, parameterSample } from "./sample";

export type Place = "path" | "query" | "header" | "cookie";

export type Parameter = {
  name: string;
  place: Place;
  required: boolean;
  deprecated: boolean;
  prose?: Prose;
  /** What it holds; that of its only media type, if it has one. */
  schema: Json;
  /** Whether each item of a list is a parameter of its own. */
  explode: boolean;
  sample?: Json;
  /** Whether the document itself says what it may look like, so that a sample request had better carry it. */
  told: boolean;
};

export type Media = { type: string; schema?: Json; sample?: Json };

export type Body = { required: boolean; prose?: Prose; media: Media[] };

export type Header = { name: string; prose?: Prose; schema: Json; required: boolean };

export type Answer = { status: string; prose?: Prose; media: Media[]; headers: Header[] };

/** What the document says of one operation, with its references followed. */
export type Described = {
  prose?: Prose;
  parameters: Parameter[];
  body?: Body;
  answers: Answer[];
};

/** The document is the customer's: typed as what it is, any JSON. */
export const documentOf = (reference: Reference): Json => reference.document as unknown as Json;

/** What the document says of this operation or webhook. */
export function describe(document: Json, of: ReferenceOperation | ReferenceWebhook): Described {
  const [own, ...shared] = of.pointers.map((pointer) => members(at(document, pointer)));
  const operation = own ?? {};
  return {
    prose: prose(operation, ...shared),
    parameters: parameters(document, [operation, ...shared]),
    body: body(document, operation.requestBody),
    answers: answers(document, operation.responses),
  };
}

const PLACES: string[] = ["path", "query", "header", "cookie"];
/** These are said by the body and the credential (OpenAPI 3 section 4.8.12). */
const SAID_ELSEWHERE = ["accept", "content-type", "authorization"];

function parameters(document: Json, owners: Members[]): Parameter[] {
  const found: Parameter[] = [];
  for (const given of owners.flatMap((owner) => items(owner.parameters))) {
    const { value } = follow(document, given);
    const [name, place] = [text(value.name), text(value.in)];
    if (!name || !PLACES.includes(place) || found.some((one) => one.name === name && one.place === place)) continue;
    if (place === "header" && SAID_ELSEWHERE.includes(name.toLowerCase())) continue;
    const [, media] = entries(value.content)[0] ?? [];
    const style = text(value.style) || (place === "query" || place === "cookie" ? "form" : "simple");
    found.push({
      name,
      place: place as Place,
      required: value.required === true || place === "path",
      deprecated: value.deprecated === true,
      prose: prose(value),
      schema: media ? (media.schema ?? {}) : (value.schema ?? {}),
      explode: typeof value.explode === "boolean" ? value.explode : style === "form",
      sample: parameterSample(document, value),
      told: (value.example !== undefined && !isBlank(value.example)) || value.examples !== undefined,
    });
  }
  return found.sort((a, b) => PLACES.indexOf(a.place) - PLACES.indexOf(b.place));
}

function media(document: Json, content: Json | undefined, direction: "request" | "response"): Media[] {
  return entries(content).map(([type, value]) => ({
    type,
    schema: value.schema,
    get sample() {
      return mediaSample(document, value, direction);
    },
  }));
}

function body(document: Json, given: Json | undefined): Body | undefined {
  if (given === undefined) return undefined;
  const { value } = follow(document, given);
  return { required: value.required === true, prose: prose(value), media: media(document, value.content, "request") };
}

function answers(document: Json, given: Json | undefined): Answer[] {
  const found = entries(given).filter(([status]) => !status.startsWith("x-"));
  return found.map(([status, response]) => {
    const { value } = follow(document, response);
    const headers = entries(value.headers).map(([name, header]) => {
      const { value: said } = follow(document, header);
      return { name, prose: prose(said), schema: said.schema ?? {}, required: said.required === true };
    });
    return {
      status,
      prose: prose(members(response), value),
      media: media(document, value.content, "response"),
      headers,
    };
  });
}

/** The answer that a caller hopes for. */
export function bestAnswer(all: Answer[]): Answer | undefined {
  return all.find((one) => /^2/.test(one.status)) ?? all.find((one) => one.status === "default") ?? all[0];
}

/** The scheme that a demand names. */
export function schemeOf(reference: Reference, demand: ReferenceDemand | undefined): ReferenceScheme | undefined {
  return reference.schemes.find((scheme) => scheme.id === demand?.scheme);
}

export type Group = { tag: string; operations: ReferenceOperation[] };

/** The operations by their first tag, in the order of the tags; those without one come last, under no name. */
export function groups(reference: Reference, operations: ReferenceOperation[]): Group[] {
  const found = new Map<string, ReferenceOperation[]>(reference.tags.map((tag) => [tag.name, []]));
  for (const operation of operations) {
    const tag = operation.tags?.[0] ?? "";
    const group = found.get(tag);
    if (group) group.push(operation);
    else found.set(tag, [operation]);
  }
  const all = [...found].map(([tag, members]) => ({ tag, operations: members }));
  return all.filter((group) => group.operations.length > 0).sort((a, b) => Number(a.tag === "") - Number(b.tag === ""));
}

/** The operations in which every word is found: in method, path, summary, name or tag. */
export function search(operations: ReferenceOperation[], query: string): ReferenceOperation[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return operations;
  return operations.filter((operation) => {
    const { method, path, summary, name, tags } = operation;
    const all = [method, path, summary, name, ...(tags ?? [])].join(" ").toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** How the address names a webhook, which shares no name with an operation. */
export function webhookKey(webhook: ReferenceWebhook): string {
  return `webhook ${webhook.method} ${webhook.name}`;
}
