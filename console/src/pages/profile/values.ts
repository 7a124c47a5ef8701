import type { Profile, ProfileEdit } from "#/client/schema";

/** A profile as a form holds it: lists as lines, defaults as JSON. */
export type Values = {
  name: string;
  description: string;
  roles: string;
  subscription: { allow_override: boolean; required: boolean };
  subscription_plans: string[];
  requestmod: { specify_defaults: boolean; allow_override: boolean; defaults: string };
  security: {
    specify_defaults: boolean;
    allow_override: boolean;
    allow_override_per_operation: boolean;
    defaults: string;
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

const json = (value: unknown) => JSON.stringify(value, undefined, 2);
const lines = (text: string) => [...new Set(text.split("\n").map((line) => line.trim()))].filter((line) => line !== "");

/** The JSON object that a text is, if it is one. */
export function object(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() || "{}");
    return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Members) : undefined;
  } catch {
    return undefined;
  }
}

/** A new profile begins strict, with a subscription. */
export const EMPTY: Values = {
  name: "",
  description: "",
  roles: "",
  subscription: { allow_override: false, required: true },
  subscription_plans: [],
  requestmod: { specify_defaults: false, allow_override: false, defaults: "{}" },
  security: { specify_defaults: false, allow_override: false, allow_override_per_operation: false, defaults: "{}" },
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
  return {
    name: profile.name,
    description: profile.description,
    roles: profile.roles.join("\n"),
    subscription: profile.subscription,
    subscription_plans: profile.subscription_plans,
    requestmod: { ...profile.requestmod, defaults: json(profile.requestmod.defaults ?? {}) },
    security: { ...profile.security, defaults: json(profile.security.defaults ?? {}) },
    implementation: profile.implementation,
    publish_allow: profile.publish_allow,
    environments: profile.environments,
    destinations: profile.destinations.join("\n"),
  };
}

/** The merge patch (RFC 7396) that makes `after` of `before`. */
export function patch(before: unknown, after: Members): Members {
  const old = before !== null && typeof before === "object" && !Array.isArray(before) ? (before as Members) : {};
  const gone = Object.keys(old).filter((key) => !(key in after));
  const out: Members = Object.fromEntries(gone.map((key) => [key, null]));
  for (const [key, value] of Object.entries(after)) {
    const inner = value !== null && typeof value === "object" && !Array.isArray(value);
    out[key] = inner ? patch(old[key], value as Members) : value;
  }
  return out;
}

/** What is sent: the whole profile, its defaults as a patch of those that are there. */
export function bodyOf(values: Values, before?: Profile) {
  return {
    ...values,
    roles: lines(values.roles),
    destinations: lines(values.destinations),
    requestmod: {
      ...values.requestmod,
      defaults: patch(before?.requestmod.defaults, object(values.requestmod.defaults) ?? {}) as Free,
    },
    security: {
      ...values.security,
      defaults: patch(before?.security.defaults, object(values.security.defaults) ?? {}) as Free,
    },
  } satisfies ProfileEdit;
}
