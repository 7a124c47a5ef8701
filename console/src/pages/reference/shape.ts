import {
  entries,
  type Found,
  follow,
  isBlank,
  isMembers,
  items,
  type Json,
  lastWord,
  type Members,
  members,
  type Prose,
  prose,
  text,
  texts,
} from "./document";

/** A bound or a form that a value keeps, by the keyword that says so. */
export type Limit = { keyword: string; value: string };

export type Field = { name: string; schema: Json; required: boolean };

export type Variant = { label: string; schema: Json };

/** What a schema says, its references followed and its `allOf` taken together; what lies inside is not looked at yet. */
export type Shape = {
  /** The name of the component, if it is one. */
  name?: string;
  /** What tells it from others, so that a tree sees that it contains itself. */
  pointer?: string;
  types: string[];
  nullable: boolean;
  format: string;
  prose?: Prose;
  fields: Field[];
  items?: Json;
  /** What members without a name of their own hold. */
  others?: Json;
  variants: Variant[];
  /** Whether more than one of the variants may hold at once. */
  any: boolean;
  /** The member that says which variant it is. */
  discriminator?: string;
  enum?: Json[];
  limits: Limit[];
  example?: Json;
  default?: Json;
  deprecated: boolean;
  readOnly: boolean;
  writeOnly: boolean;
};

const LIMITS = [
  "minimum",
  "exclusiveMinimum",
  "maximum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
];

/** How deep `allOf` in `allOf`, and choices of one in one another, are taken together. */
const DEEPEST = 12;
/** The most parts that one schema is taken together from. */
const MOST_PARTS = 200;

/** The schema itself and every part of it by `allOf`, each once, the outermost first. */
function parts(document: Json, schema: Json | undefined): { all: Members[]; first: Found } {
  const first = follow(document, schema);
  const all: Members[] = [];
  const add = (value: Members, depth: number) => {
    if (all.includes(value) || all.length >= MOST_PARTS) return;
    all.push(value);
    if (depth < DEEPEST) for (const part of items(value.allOf)) add(follow(document, part).value, depth + 1);
  };
  add(first.value, 0);
  return { all, first };
}

function kinds(value: Members): string[] {
  const given = typeof value.type === "string" ? [value.type] : texts(value.type);
  if (given.length > 0) return given;
  if (isMembers(value.properties) || value.additionalProperties !== undefined) return ["object"];
  if (value.items !== undefined) return ["array"];
  const known = items(value.enum)[0] ?? value.const;
  if (["string", "number", "boolean"].includes(typeof known)) return [typeof known];
  return [];
}

/** What `schema` says. A site that refers to it may say something of its own beside the reference. */
export function shape(document: Json, schema: Json | undefined, depth = 0): Shape {
  const { all, first } = parts(document, schema);
  const site = members(schema);
  const owners = site === first.value ? all : [site, ...all];
  const own = depth < DEEPEST ? single(document, owners, depth) : undefined;
  if (own) return own;
  const types = [...new Set(all.flatMap(kinds))];
  const value = <T>(read: (owner: Members) => T | undefined): T | undefined => {
    for (const owner of owners) {
      const found = read(owner);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const flag = (name: string) => owners.some((owner) => owner[name] === true);
  const { variants, any, holder, hasNull } = choices(document, all);
  const only = value((owner) => (owner.const === undefined ? undefined : [owner.const]));
  return {
    name: first.name,
    pointer: first.pointer,
    types: types.filter((type) => type !== "null"),
    nullable: types.includes("null") || hasNull || flag("nullable"),
    format: text(value((owner) => owner.format)),
    prose: prose(...owners),
    fields: fields(all),
    items: value((owner) => owner.items),
    others: value((owner) => (owner.additionalProperties === false ? undefined : owner.additionalProperties)),
    variants,
    any,
    discriminator: text(members(holder?.discriminator).propertyName) || undefined,
    enum: only ?? value((owner) => (Array.isArray(owner.enum) ? owner.enum : undefined)),
    limits: limits(owners),
    example: value((owner) =>
      [owner.example, ...items(owner.examples)].find((one) => one !== undefined && !isBlank(one)),
    ),
    default: value((owner) => owner.default),
    deprecated: flag("deprecated"),
    readOnly: flag("readOnly"),
    writeOnly: flag("writeOnly"),
  };
}

const isNull = (schema: Json): boolean =>
  isMembers(schema) && (schema.type === "null" || (Array.isArray(schema.enum) && schema.enum.every((v) => v === null)));

/** "This or null" is not a choice: it is this, and may be null. */
function single(document: Json, owners: Members[], depth: number): Shape | undefined {
  if (owners.some((owner) => isMembers(owner.properties))) return undefined;
  for (const owner of owners) {
    const given = items(owner.oneOf ?? owner.anyOf);
    const rest = given.filter((variant) => !isNull(variant));
    if (rest.length === 1) {
      const inner = shape(document, rest[0], depth + 1);
      const nullable = inner.nullable || given.length > 1 || owner.nullable === true;
      return {
        ...inner,
        nullable,
        prose: prose(...owners) ?? inner.prose,
        default: owners.find((one) => one.default !== undefined)?.default ?? inner.default,
      };
    }
  }
  return undefined;
}

function fields(all: Members[]): Field[] {
  const required = new Set(all.flatMap((part) => texts(part.required)));
  const found = new Map<string, Json>();
  for (const part of all) {
    for (const [name, schema] of Object.entries(members(part.properties))) {
      if (!found.has(name)) found.set(name, schema);
    }
  }
  return [...found].map(([name, schema]) => ({ name, schema, required: required.has(name) }));
}

function choices(document: Json, all: Members[]) {
  for (const part of all) {
    const given = items(part.oneOf).length > 0 ? items(part.oneOf) : items(part.anyOf);
    if (given.length === 0) continue;
    const rest = given.filter((variant) => !isNull(variant));
    const variants = rest.map((schema, index) => ({ schema, label: label(document, part, schema, index) }));
    return { variants, any: items(part.oneOf).length === 0, holder: part, hasNull: rest.length < given.length };
  }
  return { variants: [], any: false, holder: all.find((part) => part.discriminator !== undefined), hasNull: false };
}

/** What a variant is called: by the discriminator, by its title, by its name, by the constant that only it has, or by its type. */
function label(document: Json, holder: Members, schema: Json, index: number): string {
  const { value, name, pointer } = follow(document, schema);
  const { propertyName, mapping } = members(holder.discriminator);
  const mapped = Object.entries(members(mapping)).find(([, to]) => {
    return typeof to === "string" && (to === `#${pointer}` || to === name || lastWord(to) === name);
  });
  if (mapped) return mapped[0];
  const title = text(value.title) || name;
  if (title) return title;
  const told = entries(value.properties)
    .filter(([field]) => !propertyName || field === propertyName)
    .map(([field, inner]) => [
      field,
      inner.const ?? (items(inner.enum).length === 1 ? items(inner.enum)[0] : undefined),
    ])
    .find(([, constant]) => typeof constant === "string");
  if (told) return `${told[0]}: ${told[1]}`;
  return kinds(value)[0] ?? String(index + 1);
}

function limits(owners: Members[]): Limit[] {
  const found: Limit[] = [];
  for (const keyword of LIMITS) {
    const value = owners.map((owner) => owner[keyword]).find((one) => one !== undefined && one !== false);
    // Nothing has fewer than none.
    if (value === 0 && keyword.startsWith("min") && keyword !== "minimum") continue;
    if (["number", "string", "boolean"].includes(typeof value)) found.push({ keyword, value: String(value) });
  }
  return found;
}

/** How deep lists of lists are spelled out. */
const DEEPEST_WORD = 4;

/** A type as programmers write it: `string`, `Pet[]`, `integer (int64)`, `string | null`. */
export function typeWord(document: Json, schema: Json | undefined, depth = 0): string {
  return typeWordOf(document, shape(document, schema), depth);
}

export function typeWordOf(document: Json, found: Shape, depth = 0): string {
  const words = found.types.map((type) => {
    if (type === "array" && found.items !== undefined && depth < DEEPEST_WORD) {
      const inner = typeWord(document, found.items, depth + 1) || "any";
      return `${/[ |]/.test(inner) ? `(${inner})` : inner}[]`;
    }
    if (type === "object" && found.name) return found.name;
    return found.format ? `${type} (${found.format})` : type;
  });
  if (words.length === 0 && found.variants.length > 0) words.push(found.name ?? "object");
  if (words.length === 0 && found.name) words.push(found.name);
  if (words.length > 0 && found.nullable) words.push("null");
  return words.join(" | ");
}
