import type { Block } from "#/client/schema";

/** A value of the document, whatever it is: customers wrote it, so nothing about its shape is taken for granted. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Members = { [name: string]: Json };

export const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const members = (value: Json | undefined): Members => (isMembers(value) ? value : {});
export const items = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
export const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
export const texts = (value: Json | undefined): string[] =>
  items(value).filter((item): item is string => typeof item === "string");

/** Members whose values are objects. */
export const entries = (value: Json | undefined): [string, Members][] =>
  Object.entries(members(value)).filter((entry): entry is [string, Members] => isMembers(entry[1]));

/** What stands at a JSON pointer (RFC 6901). */
export function at(document: Json, pointer: string): Json | undefined {
  let value: Json | undefined = document;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(value)) value = value[Number(name)];
    else if (isMembers(value) && Object.hasOwn(value, name)) value = value[name];
    else return undefined;
  }
  return value;
}

/** The most references in a row that are followed. */
const MOST_HOPS = 32;

export type Found = {
  value: Members;
  /** The pointer of what was referred to: its identity. */
  pointer?: string;
  /** The last word of that, if it is a component of its own. */
  name?: string;
};

function target(document: Json, reference: string): [Json | undefined, string] {
  const plain = reference.slice(1);
  let decoded = plain;
  try {
    decoded = decodeURIComponent(plain);
  } catch {
    // It was no URI fragment: it is taken as it is.
  }
  const found = at(document, plain);
  return found === undefined ? [at(document, decoded), decoded] : [found, plain];
}

/** `value`, or what its `$ref` leads to in the end; an empty object if that is nothing inside of this document. */
export function follow(document: Json, value: Json | undefined): Found {
  let current = members(value);
  let pointer: string | undefined;
  for (let hops = 0; typeof current.$ref === "string"; hops += 1) {
    const reference = current.$ref;
    if (hops >= MOST_HOPS || !reference.startsWith("#")) return { value: {}, name: lastWord(reference) };
    const [found, place] = target(document, reference);
    if (!isMembers(found)) return { value: {}, name: lastWord(reference) };
    current = found;
    pointer = place;
  }
  const name = pointer && /^\/components\/[^/]+\/[^/]+$/.test(pointer) ? lastWord(pointer) : undefined;
  return { value: current, pointer, name };
}

/** The name at the end of a pointer or reference. */
export function lastWord(pointer: string): string {
  const word = pointer.slice(pointer.lastIndexOf("/") + 1);
  return word.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** A text with its tree, if the server found that it says more than plain words. */
export type Prose = { text: string; blocks?: Block[] };

const MARK = "x-wayleave-blocks";

/** The description of the first of these that has one. */
export function prose(...owners: Members[]): Prose | undefined {
  for (const owner of owners) {
    const words = text(owner.description).trim();
    if (words) {
      const blocks = owner[MARK];
      return { text: words, blocks: Array.isArray(blocks) ? (blocks as unknown as Block[]) : undefined };
    }
  }
  return undefined;
}

/** `{{limit}}`: some editors put the name of a variable of theirs where an example belongs. */
export const isBlank = (value: Json): boolean => typeof value === "string" && /^\{\{[^{}]*\}\}$/.test(value.trim());
