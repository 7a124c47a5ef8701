import { expect, test } from "vitest";
import { callCommand, quoted, tokenCommand, waysOf } from "./commands";

const sample = (security: Parameters<typeof waysOf>[0]) => ({
  method: "GET",
  url: "http://gateway/sandbox/pets/v1/pets",
  security: security ?? [],
});

test("a version that names no security takes every way, another one only its own", () => {
  expect(waysOf([])).toEqual(["oauth", "api_key", "basic"]);
  expect(waysOf([{ scheme: "api_key", in: "header" }])).toEqual(["api_key"]);
  expect(waysOf([{ scheme: "basic" }, { scheme: "oauth" }])).toEqual(["oauth", "basic"]);
});

test("a value with a quote stays one word of the command", () => {
  expect(quoted("it's")).toBe(`'it'\\''s'`);
});

test("no command contains a secret, and the token's command names the client and the token URL", () => {
  const command = tokenCommand("client-1", "http://portal/oauth2/token");
  expect(command).toContain(`-u 'client-1':"$SECRET"`);
  expect(command).toContain("'http://portal/oauth2/token'");
  expect(command.startsWith("read -rs SECRET\n")).toBe(true);
});

test("a key goes where the version wants it", () => {
  const at = (place: string, name?: string) =>
    callCommand("api_key", sample([{ scheme: "api_key", in: place, ...(name ? { name } : {}) }]), "c");
  expect(at("header")).toBe(`curl -i -H 'X-API-Key: '"$KEY" 'http://gateway/sandbox/pets/v1/pets'`);
  expect(at("query", "key")).toBe(`curl -i 'http://gateway/sandbox/pets/v1/pets?key='"$KEY"`);
  expect(at("cookie", "key")).toBe(`curl -i -b 'key='"$KEY" 'http://gateway/sandbox/pets/v1/pets'`);
});

test("a token goes into the Authorization header, a secret beside the client's ID", () => {
  expect(callCommand("oauth", sample([]), "c")).toContain('-H "Authorization: Bearer $TOKEN"');
  expect(callCommand("basic", sample([]), "c")).toContain(`-u 'c':"$SECRET"`);
  expect(callCommand(undefined, { ...sample([]), method: "POST" }, "c")).toBe(
    "curl -i -X POST 'http://gateway/sandbox/pets/v1/pets'",
  );
});
