import { expect, test } from "vitest";
import type { Json } from "./document";
import { mediaSample, parameterSample, placeholder, sampleOf } from "./sample";

const document: Json = {
  components: {
    examples: { One: { value: { a: 1 } } },
    schemas: {
      Node: {
        type: "object",
        required: ["id", "next"],
        properties: {
          id: { type: "integer" },
          next: { $ref: "#/components/schemas/Node" },
          children: { type: "array", items: { $ref: "#/components/schemas/Node" } },
          parent: { $ref: "#/components/schemas/Node" },
        },
      },
      Cat: { type: "object", properties: { kind: { type: "string" }, lives: { type: "integer", minimum: 7 } } },
      Dog: { type: "object", properties: { kind: { type: "string" } } },
    },
  },
};

const sample = (schema: Json) => sampleOf(document, schema, "response");

test("a schema that contains itself has an example that ends", () => {
  expect(sample({ $ref: "#/components/schemas/Node" })).toEqual({ id: 1, next: {}, children: [{}] });
});

test("an example, a default, a constant and the first of several values are taken before anything is made up", () => {
  expect(sample({ type: "string", example: "e", default: "d", enum: ["n"] })).toBe("e");
  expect(sample({ type: "string", examples: ["e"] })).toBe("e");
  expect(sample({ type: "string", default: "d" })).toBe("d");
  expect(sample({ const: 7 })).toBe(7);
  expect(sample({ enum: ["n", "m"] })).toBe("n");
  expect(sample({ type: "object", example: { a: null } })).toEqual({ a: null });
});

test("what is made up keeps form and bounds", () => {
  expect(sample({ type: "string", format: "date" })).toBe("2030-01-01");
  expect(sample({ type: "string", format: "constructor" })).toBe("string");
  expect(sample({ type: "string", minLength: 9 })).toHaveLength(9);
  expect(sample({ type: "integer", minimum: 10 })).toBe(10);
  expect(sample({ type: "integer", exclusiveMinimum: 10 })).toBe(11);
  expect(sample({ type: "number", maximum: 0 })).toBe(0);
  expect(sample({ type: ["null", "boolean"] })).toBe(true);
  expect(sample({ type: "object", additionalProperties: { type: "integer" } })).toEqual({ key: 1 });
});

test("the first choice is shown and says which one it is", () => {
  const schema = {
    discriminator: { propertyName: "kind", mapping: { meows: "#/components/schemas/Cat" } },
    oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }],
  };
  expect(sample(schema)).toEqual({ kind: "meows", lives: 7 });
});

test("what may only be read is not sent, and what may only be written is not received", () => {
  const schema = {
    type: "object",
    properties: { id: { type: "integer", readOnly: true }, secret: { type: "string", writeOnly: true } },
  };
  expect(sampleOf(document, schema, "request")).toEqual({ secret: "string" });
  expect(sampleOf(document, schema, "response")).toEqual({ id: 1 });
});

test("an example never grows without end", () => {
  const wide: Json = { type: "object", properties: {} };
  const properties = (wide as { properties: Record<string, Json> }).properties;
  for (let n = 0; n < 5000; n += 1) properties[`f${n}`] = { type: "object", properties: { a: { type: "string" } } };
  expect(Object.keys(sample(wide) as object).length).toBeLessThan(500);
});

test("a media type's own example comes first, also behind a reference", () => {
  expect(mediaSample(document, { example: 0, schema: { type: "string" } }, "response")).toBe(0);
  expect(mediaSample(document, { examples: { a: { $ref: "#/components/examples/One" } } }, "response")).toEqual({
    a: 1,
  });
  expect(mediaSample(document, {}, "response")).toBeUndefined();
});

test("a parameter of which nothing is known is named by its own word", () => {
  expect(parameterSample(document, { name: "petId", schema: { type: "string" } })).toBe("PET_ID");
  expect(parameterSample(document, { name: "tags", schema: { type: "array", items: { type: "string" } } })).toEqual([
    "TAGS",
  ]);
  expect(parameterSample(document, { name: "n", schema: { type: "integer", example: 5 } })).toBe(5);
  expect(parameterSample(document, { name: "key", example: "{{key}}", schema: { type: "string" } })).toBe("KEY");
  expect(placeholder("__x-y z__")).toBe("X_Y_Z");
  expect(placeholder("é")).toBe("VALUE");
});
