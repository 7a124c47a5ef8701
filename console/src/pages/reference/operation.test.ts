import { expect, test } from "vitest";
import type { Reference, ReferenceOperation } from "#/client/schema";
import { bestAnswer, describe, documentOf, groups, search } from "./operation";

const operation = (given: Partial<ReferenceOperation>): ReferenceOperation => ({
  name: "n",
  method: "GET",
  path: "/a",
  summary: "",
  deprecated: false,
  pointers: ["/paths/~1a/get", "/paths/~1a"],
  anonymous: false,
  security: [],
  ...given,
});

const reference = (document: unknown, operations: ReferenceOperation[] = [], tags: string[] = []): Reference => ({
  title: "T",
  version: "1",
  edition: "3.0",
  description: [],
  servers: [],
  schemes: [],
  tags: tags.map((name) => ({ name })),
  operations,
  webhooks: [],
  document: document as never,
});

test("an operation has its own parameters and those of its path that it does not redefine", () => {
  const document = documentOf(
    reference({
      components: { parameters: { Limit: { in: "query", name: "limit", schema: { type: "integer" } } } },
      paths: {
        "/a": {
          parameters: [
            { in: "path", name: "id", description: "theirs" },
            { in: "query", name: "limit", description: "theirs" },
            { in: "header", name: "Authorization" },
            { in: "body", name: "no such place" },
            null,
            { name: "no place" },
          ],
          get: {
            parameters: [{ $ref: "#/components/parameters/Limit" }, { in: "query", name: "id", description: "ours" }],
            requestBody: { content: { "application/json": { schema: { type: "string", example: "x" } } } },
            responses: {
              default: { $ref: "#/nowhere" },
              "201": { description: "made", headers: { "X-A": { schema: { type: "string" } } } },
              "x-note": { description: "no answer" },
            },
          },
        },
      },
    }),
  );
  const found = describe(document, operation({}));
  expect(found.parameters.map((one) => [one.place, one.name, one.required, one.prose?.text])).toEqual([
    ["path", "id", true, "theirs"],
    ["query", "limit", false, undefined],
    ["query", "id", false, "ours"],
  ]);
  expect(found.body?.media[0]?.sample).toBe("x");
  expect(found.answers.map((answer) => [answer.status, answer.headers.length])).toEqual([
    ["201", 1],
    ["default", 0],
  ]);
  expect(bestAnswer(found.answers)?.status).toBe("201");
});

test("an operation that the document does not describe has nothing, and does no harm", () => {
  const found = describe(documentOf(reference({ paths: { "/a": { get: 7 } } })), operation({}));
  expect(found).toEqual({ prose: undefined, parameters: [], body: undefined, answers: [] });
});

test("operations are grouped in the order of the tags, those without one last", () => {
  const all = [
    operation({ name: "1", tags: ["b"] }),
    operation({ name: "2" }),
    operation({ name: "3", tags: ["a", "b"] }),
    operation({ name: "4", tags: ["new"] }),
  ];
  const found = groups(reference({}, all, ["a", "b", "empty"]), all);
  expect(found.map((group) => [group.tag, group.operations.map((one) => one.name).join()])).toEqual([
    ["a", "3"],
    ["b", "1"],
    ["new", "4"],
    ["", "2"],
  ]);
});

test("a search finds every word anywhere in method, path, summary, name and tag", () => {
  const all = [
    operation({ name: "listPets", path: "/pets", summary: "List all pets", tags: ["Zoo"] }),
    operation({ name: "addPet", method: "POST", path: "/pets", summary: "Add" }),
  ];
  const names = (query: string) => search(all, query).map((one) => one.name);
  expect(names("  ")).toEqual(["listPets", "addPet"]);
  expect(names("post PETS")).toEqual(["addPet"]);
  expect(names("zoo all")).toEqual(["listPets"]);
  expect(names("nothing")).toEqual([]);
});
