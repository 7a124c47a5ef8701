import { describe, expect, test } from "vitest";
import { at, follow, type Json, prose } from "./document";
import { shape, typeWord } from "./shape";

const document: Json = {
  components: {
    schemas: {
      Pet: {
        type: "object",
        required: ["kind"],
        description: "A pet.",
        discriminator: { propertyName: "kind", mapping: { meows: "#/components/schemas/Cat" } },
        properties: { kind: { type: "string" }, parent: { $ref: "#/components/schemas/Pet" } },
      },
      Cat: {
        allOf: [
          { $ref: "#/components/schemas/Pet" },
          { type: "object", required: ["lives"], properties: { lives: { type: "integer", minimum: 1, maximum: 9 } } },
        ],
      },
      Any: { oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }] },
      Dog: { type: "object", properties: { barks: { type: "boolean" } } },
      Loop: { $ref: "#/components/schemas/Loop2" },
      Loop2: { $ref: "#/components/schemas/Loop" },
      Eats: { allOf: [{ $ref: "#/components/schemas/Eats" }, { properties: { own: { type: "string" } } }] },
      Only: { oneOf: [{ $ref: "#/components/schemas/Only" }] },
      "a/b~c": { type: "string" },
    },
  },
};

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

describe("references", () => {
  test("are followed to what they name, however the pointer is escaped", () => {
    expect(at(document, "/components/schemas/a~1b~0c")).toEqual({ type: "string" });
    expect(follow(document, ref("a~1b~0c")).name).toBe("a/b~c");
    expect(follow(document, ref("a%7E1b~0c")).value).toEqual({ type: "string" });
  });

  test("that lead in a circle, nowhere or elsewhere are an empty schema", () => {
    expect(follow(document, ref("Loop")).value).toEqual({});
    expect(follow(document, ref("Nobody")).value).toEqual({});
    expect(follow(document, { $ref: "https://example.com/pet.json" }).value).toEqual({});
    expect(follow(document, { $ref: "#/%" }).value).toEqual({});
    expect(shape(document, ref("Loop")).types).toEqual([]);
    expect(at(document, "/constructor/name")).toBeUndefined();
  });
});

describe("a shape", () => {
  test("takes the parts of allOf together", () => {
    const cat = shape(document, ref("Cat"));
    expect(cat.fields.map((field) => [field.name, field.required])).toEqual([
      ["kind", true],
      ["parent", false],
      ["lives", true],
    ]);
    expect(cat.name).toBe("Cat");
    expect(cat.prose?.text).toBe("A pet.");
    expect(cat.discriminator).toBe("kind");
  });

  test("comes to an end where a schema is a part of itself", () => {
    expect(shape(document, ref("Eats")).fields.map((field) => field.name)).toEqual(["own"]);
    expect(shape(document, ref("Only")).variants).toHaveLength(1);
  });

  test("names its choices by mapping, title, name, constant or type", () => {
    const choice = {
      discriminator: { propertyName: "kind", mapping: { meows: "#/components/schemas/Cat", bark: "Dog" } },
      oneOf: [
        ref("Cat"),
        ref("Dog"),
        { title: "A bird", type: "object" },
        { type: "object", properties: { kind: { type: "string", enum: ["fish"] } } },
        { type: "integer" },
        {},
      ],
    };
    const found = shape(document, choice);
    expect(found.variants.map((variant) => variant.label)).toEqual([
      "meows",
      "bark",
      "A bird",
      "kind: fish",
      "integer",
      "6",
    ]);
    expect(found.any).toBe(false);
    expect(shape(document, { anyOf: [ref("Cat"), ref("Dog")] }).any).toBe(true);
  });

  test("may be null in every edition's way", () => {
    for (const schema of [
      { type: ["string", "null"] },
      { type: "string", nullable: true },
      { oneOf: [{ type: "null" }, { type: "string" }] },
      { anyOf: [{ type: "string" }, { enum: [null] }] },
    ] as Json[]) {
      expect(typeWord(document, schema)).toBe("string | null");
    }
    const maybe = shape(document, { oneOf: [{ type: "null" }, ref("Cat")], description: "Mine." });
    expect([maybe.nullable, maybe.name, maybe.prose?.text]).toEqual([true, "Cat", "Mine."]);
    expect(maybe.variants).toEqual([]);
  });

  test("keeps what a choice of one stands beside", () => {
    const found = shape(document, { properties: { a: { type: "string" } }, oneOf: [ref("Dog")] });
    expect(found.fields.map((field) => field.name)).toEqual(["a"]);
    expect(found.variants.map((variant) => variant.label)).toEqual(["Dog"]);
  });

  test("says its bounds, and not that nothing has fewer than none", () => {
    const found = shape(document, { type: "string", minLength: 0, maxLength: 5, pattern: "^a", uniqueItems: false });
    expect(found.limits).toEqual([
      { keyword: "maxLength", value: "5" },
      { keyword: "pattern", value: "^a" },
    ]);
  });

  test("bears nonsense", () => {
    const nonsense: Json[] = [null, 7, "x", [], { type: 7 }, { allOf: "x", oneOf: { a: 1 }, properties: [1], enum: 3 }];
    for (const schema of nonsense) expect(shape(document, schema).fields).toEqual([]);
    expect(shape(document, undefined).types).toEqual([]);
  });

  test("has words as programmers write them", () => {
    const word = (schema: Json) => typeWord(document, schema);
    expect(word({ type: "array", items: ref("Cat") })).toBe("Cat[]");
    expect(word({ type: "array", items: { type: ["string", "null"] } })).toBe("(string | null)[]");
    expect(word({ type: "integer", format: "int64" })).toBe("integer (int64)");
    expect(word({ type: ["string", "integer"] })).toBe("string | integer");
    expect(word(ref("Any"))).toBe("Any");
    expect(word({})).toBe("");
  });
});

test("the name of a variable is no example", () => {
  expect(shape(document, { type: "string", example: "{{name}}", examples: ["Ada"] }).example).toBe("Ada");
  expect(shape(document, { type: "string", example: "{{name}}" }).example).toBeUndefined();
  expect(shape(document, { type: "boolean", example: false }).example).toBe(false);
});

test("a text has its tree only if the server gave one", () => {
  expect(prose({ description: "a" })).toEqual({ text: "a", blocks: undefined });
  const blocks = [{ kind: "rule" }];
  expect(prose({}, { description: "a", "x-wayleave-blocks": blocks })).toEqual({ text: "a", blocks });
  expect(prose({ description: 7 })).toBeUndefined();
});
