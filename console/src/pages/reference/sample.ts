import { type Found, follow, isBlank, isMembers, items, type Json, type Members, members, text } from "./document";
import { type Shape, shape } from "./shape";

/** Whether a value is sent or received: what may only be read is not sent, and the other way round. */
export type Direction = "request" | "response";

const DEEPEST = 8;
/** The most values that one example has. */
const MOST_VALUES = 400;

const FORMATS: Record<string, string> = {
  "date-time": "2030-01-01T00:00:00Z",
  date: "2030-01-01",
  time: "12:00:00Z",
  duration: "P1D",
  email: "someone@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  url: "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
  byte: "aGVsbG8=",
  binary: "...",
  password: "********",
};

const formOf = (format: string): string | undefined => (Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined);

/** A value that the schema admits: its own example where it has one, else one that is made up from what it says. */
export function sampleOf(document: Json, schema: Json | undefined, direction: Direction): Json {
  return new Sampler(document, direction).value(schema, [], 0);
}

class Sampler {
  private left = MOST_VALUES;

  constructor(
    private readonly document: Json,
    private readonly direction: Direction,
  ) {}

  value(schema: Json | undefined, inside: string[], depth: number): Json {
    this.left -= 1;
    const found = shape(this.document, schema);
    const known = found.example ?? found.default ?? found.enum?.[0];
    if (known !== undefined) return known;
    if (this.left < 0 || depth > DEEPEST)
      return found.types[0] === "array" ? [] : found.types[0] === "object" ? {} : null;
    // A schema that contains itself ends where it begins anew.
    if (found.pointer && inside.includes(found.pointer)) return found.types[0] === "array" ? [] : {};
    const within = found.pointer ? [...inside, found.pointer] : inside;
    const variant = found.variants[0];
    if (variant) {
      const chosen = this.value(variant.schema, within, depth + 1);
      if (!isMembers(chosen)) return chosen;
      const whole = { ...this.object(found, within, depth), ...chosen };
      if (found.discriminator && whole[found.discriminator] === string(EMPTY))
        whole[found.discriminator] = variant.label;
      return whole;
    }
    switch (found.types[0]) {
      case "object":
        return this.object(found, within, depth);
      case "array":
        return found.items === undefined ? [] : [this.value(found.items, within, depth + 1)];
      case "string":
        return string(found);
      case "integer":
      case "number":
        return number(found);
      case "boolean":
        return true;
      default:
        return found.fields.length > 0 ? this.object(found, within, depth) : null;
    }
  }

  private object(found: Shape, inside: string[], depth: number): Members {
    const out: Members = {};
    for (const field of found.fields) {
      if (this.left < 0) break;
      const told = shape(this.document, field.schema);
      if (this.direction === "request" ? told.readOnly : told.writeOnly) continue;
      // What contains itself is left out where it may be.
      if (!field.required && told.pointer && inside.includes(told.pointer)) continue;
      out[field.name] = this.value(field.schema, inside, depth + 1);
    }
    if (found.fields.length === 0 && Object.keys(members(found.others)).length > 0)
      out.key = this.value(found.others, inside, depth + 1);
    return out;
  }
}

const EMPTY = { format: "", limits: [] };

/** Words of which nothing is known but their form and length. */
function string(found: Pick<Shape, "format" | "limits">): string {
  const known = formOf(found.format);
  if (known !== undefined) return known;
  const least = Number(found.limits.find((limit) => limit.keyword === "minLength")?.value ?? 0);
  return "string".padEnd(Math.min(least, 64), "g");
}

function number(found: Shape): number {
  const bound = (keyword: string) => {
    const limit = found.limits.find((one) => one.keyword === keyword);
    return limit && limit.value !== "true" ? Number(limit.value) : undefined;
  };
  const step = found.types[0] === "integer" ? 1 : 0.5;
  const exclusive = bound("exclusiveMinimum");
  const least = bound("minimum") ?? (exclusive === undefined ? undefined : exclusive + step);
  const most = bound("maximum") ?? bound("exclusiveMaximum");
  if (least !== undefined && least > 1) return least;
  return most !== undefined && most < 1 ? (least ?? most) : 1;
}

/** The example of a media type: what the document gives, else one made from its schema. */
export function mediaSample(document: Json, media: Members, direction: Direction): Json | undefined {
  if (media.example !== undefined) return media.example;
  for (const named of Object.values(members(media.examples))) {
    const { value } = follow(document, named);
    if (value.value !== undefined) return value.value;
  }
  const given = items(media.examples)[0];
  if (given !== undefined) return given;
  return media.schema === undefined ? undefined : sampleOf(document, media.schema, direction);
}

/** The example of a parameter, if anything says what it looks like. */
export function parameterSample(document: Json, parameter: Members): Json | undefined {
  const media = Object.values(members(parameter.content))[0];
  if (isMembers(media)) return mediaSample(document, media, "request");
  const own = parameter.example ?? firstExample(document, parameter);
  if (own !== undefined && !isBlank(own)) return own;
  const found = shape(document, parameter.schema);
  return found.example ?? found.default ?? found.enum?.[0] ?? guess(document, found, parameter);
}

function firstExample(document: Json, owner: Members): Json | undefined {
  const [first] = Object.values(members(owner.examples));
  const found: Found | undefined = first === undefined ? undefined : follow(document, first);
  return found?.value.value;
}

/** Numbers and dates are obvious; for words the name of the parameter says more than any made-up word. */
function guess(document: Json, found: Shape, parameter: Members): Json {
  const type = found.types[0];
  if (type === "array") {
    const inner = shape(document, found.items);
    return [inner.example ?? inner.default ?? inner.enum?.[0] ?? guess(document, inner, parameter)];
  }
  if (type === "integer" || type === "number") return number(found);
  if (type === "boolean") return true;
  if (type === "object") return sampleOf(document, parameter.schema, "request");
  return formOf(found.format) ?? placeholder(text(parameter.name));
}

/** `petId` as the word that stands for it: `PET_ID`. */
export function placeholder(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(/[^A-Za-z0-9]+/g, "_");
  return words.toUpperCase().replaceAll(/^_+|_+$/g, "") || "VALUE";
}
