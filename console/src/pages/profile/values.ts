import type { Profile, ProfileEdit, RequestModification, SecurityScheme } from "#/client/schema";
import { type Change, changesOf, modificationOf } from "../provide/changes";
import { type Draft, draftOf, schemesOf } from "../provide/schemes";

/** A profile as a form holds it: lists as lines, defaults as the settings of a version are written. */
export type Values = {
  name: string;
  description: string;
  roles: string;
  subscription: { allow_override: boolean; required: boolean };
  subscription_plans: string[];
  requestmod: {
    specify_defaults: boolean;
    allow_override: boolean;
    changes: Change[];
    /** Defaults that no version can begin with, as JSON: they came from elsewhere. */
    odd: string | undefined;
  };
  security: {
    specify_defaults: boolean;
    allow_override: boolean;
    allow_override_per_operation: boolean;
    schemes: Draft;
  };
  implementation: {
    limit_methods: boolean;
    method_pipeline: boolean;
    method_script: boolean;
    method_proxy: boolean;
    allow_override_per_operation: boolean;
  };
  publish_allow: boolean;
  environments: string[];
  destinations: string;
};

type Members = Record<string, unknown>;
/** An object of any members, as the schema writes it. */
type Free = Record<string, never>;

const lines = (text: string) => [...new Set(text.split("\n").map((line) => line.trim()))].filter((line) => line !== "");
const isObject = (value: unknown): value is Members =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const isPair = (value: unknown) =>
  isObject(value) &&
  typeof value.name === "string" &&
  typeof value.value === "string" &&
  Object.keys(value).length === 2;

/** Whether every member of an object is a list of a known name whose entries pass. */
function isOf(value: unknown, members: Record<string, (entry: unknown) => boolean>): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(([name, list]) => Array.isArray(list) && members[name] && list.every(members[name]))
  );
}

/** Whether a version can begin with these changes of requests. The server keeps any object, and passes over others. */
export function isModification(defaults: unknown): boolean {
  const edits = { remove: (name: unknown) => typeof name === "string", set: isPair, add: isPair };
  const known = ["headers", "query"];
  return (
    isObject(defaults) && Object.entries(defaults).every(([name, value]) => known.includes(name) && isOf(value, edits))
  );
}

/** What callers show unless a version says otherwise. */
const USUAL: SecurityScheme[] = [{ scheme: "api_key", in: "header", name: "X-API-Key" }];

/** A new profile begins strict, with a subscription. */
export const EMPTY: Values = {
  name: "",
  description: "",
  roles: "",
  subscription: { allow_override: false, required: true },
  subscription_plans: [],
  requestmod: { specify_defaults: false, allow_override: false, changes: [], odd: undefined },
  security: {
    specify_defaults: false,
    allow_override: false,
    allow_override_per_operation: false,
    schemes: draftOf(USUAL),
  },
  implementation: {
    limit_methods: false,
    method_pipeline: false,
    method_script: false,
    method_proxy: false,
    allow_override_per_operation: false,
  },
  publish_allow: true,
  environments: [],
  destinations: "",
};

export function valuesOf(profile: Profile): Values {
  const { defaults: modification = {}, ...requestmod } = profile.requestmod;
  const { defaults: authentication = {}, ...security } = profile.security;
  const readable = isModification(modification);
  const { schemes = USUAL } = authentication as { schemes?: SecurityScheme[] };
  return {
    name: profile.name,
    description: profile.description,
    roles: profile.roles.join("\n"),
    subscription: profile.subscription,
    subscription_plans: profile.subscription_plans,
    requestmod: {
      ...requestmod,
      changes: readable ? changesOf(modification as unknown as RequestModification) : [],
      odd: readable ? undefined : JSON.stringify(modification, undefined, 2),
    },
    security: { ...security, schemes: draftOf(schemes) },
    implementation: profile.implementation,
    publish_allow: profile.publish_allow,
    environments: profile.environments,
    destinations: profile.destinations.join("\n"),
  };
}

/** The merge patch (RFC 7396) that makes `after` of `before`. */
export function patch(before: unknown, after: Members): Members {
  const old = isObject(before) ? before : {};
  const gone = Object.keys(old).filter((key) => !(key in after));
  const out: Members = Object.fromEntries(gone.map((key) => [key, null]));
  for (const [key, value] of Object.entries(after)) out[key] = isObject(value) ? patch(old[key], value) : value;
  return out;
}

/** What is sent: the whole profile. Defaults that new versions do not begin with stay as they are. */
export function bodyOf(values: Values, before?: Profile) {
  const { changes, odd, ...requestmod } = values.requestmod;
  const { schemes, ...security } = values.security;
  const authentication: Members = { schemes: schemesOf(schemes) };
  const modification = patch(before?.requestmod.defaults, modificationOf(changes) as unknown as Members);
  return {
    ...values,
    roles: lines(values.roles),
    destinations: lines(values.destinations),
    requestmod: { ...requestmod, defaults: requestmod.specify_defaults ? (modification as Free) : undefined },
    // Other members than `schemes` are not ours: a merge patch leaves them.
    security: { ...security, defaults: security.specify_defaults ? (authentication as Free) : undefined },
  } satisfies ProfileEdit;
}
