import { execFileSync } from "node:child_process";
import { describe as about, expect, test } from "vitest";
import type { ReferenceScheme } from "#/client/schema";
import type { Described, Parameter } from "./operation";
import { type Call, callOf, pythonValue, quoted, rustText, snippet, tokenCall } from "./snippets";

const parameter = (given: Partial<Parameter> & Pick<Parameter, "name" | "place">): Parameter => ({
  required: false,
  deprecated: false,
  schema: {},
  explode: true,
  told: false,
  ...given,
});

const described = (given: Partial<Described>): Described => ({ parameters: [], answers: [], ...given });

const key: ReferenceScheme = { id: "api_key", kind: "api_key", place: "header", parameter: "X-API-Key" };

about("a call", () => {
  test("has its parameters where they belong, and only those that it needs or the document gives", () => {
    const call = callOf(
      "https://example.com/pets/v1",
      { method: "GET", path: "/pets/{petId}/{gone}" },
      described({
        parameters: [
          parameter({ name: "petId", place: "path", required: true, sample: "a b/ü" }),
          parameter({ name: "limit", place: "query", required: true, sample: 5 }),
          parameter({ name: "tag", place: "query", told: true, sample: ["a", "b&c"] }),
          parameter({ name: "flat", place: "query", told: true, sample: ["a", "b"], explode: false }),
          parameter({ name: "unasked", place: "query", sample: "x" }),
          parameter({ name: "X-Trace", place: "header", required: true, sample: "t" }),
        ],
      }),
      key,
    );
    expect(call.url).toBe("https://example.com/pets/v1/pets/a%20b%2F%C3%BC/{gone}?limit=5&tag=a&tag=b%26c&flat=a,b");
    expect(call.headers).toEqual([
      ["X-Trace", "t"],
      ["X-API-Key", "API_KEY"],
    ]);
  });

  test("carries the credential of the chosen way and no real secret", () => {
    const of = (scheme: ReferenceScheme) => callOf("https://x", { method: "GET", path: "/a" }, described({}), scheme);
    expect(of({ ...key, place: "query", parameter: "k" }).url).toBe("https://x/a?k=API_KEY");
    expect(of({ id: "oauth", kind: "oauth" }).headers).toEqual([["Authorization", "Bearer ACCESS_TOKEN"]]);
    expect(of({ id: "basic", kind: "basic" }).basic).toEqual(["CLIENT_ID", "CLIENT_SECRET"]);
    expect(of({ ...key, place: "cookie", parameter: "c" }).headers).toEqual([["Cookie", "c=API_KEY"]]);
  });

  test("sends JSON before anything else, forms as forms", () => {
    const of = (...media: { type: string; sample: Call["url"] | object }[]) =>
      callOf(
        "",
        { method: "POST", path: "/" },
        described({ body: { required: true, media: media as never } }),
        undefined,
      ).body;
    expect(of({ type: "text/xml", sample: "<a/>" }, { type: "application/merge-patch+json", sample: {} })?.kind).toBe(
      "json",
    );
    expect(of({ type: "application/x-www-form-urlencoded", sample: { a: 1 } })).toEqual({
      kind: "form",
      fields: [["a", "1"]],
    });
    expect(of({ type: "multipart/form-data", sample: { file: "...", n: "x" } })).toEqual({
      kind: "parts",
      fields: [
        ["file", "...", true],
        ["n", "x", false],
      ],
    });
    expect(of({ type: "text/plain", sample: "x" })).toEqual({ kind: "text", text: "x", type: "text/plain" });
  });
});

const hostile = `a'b"c\\d$(touch /x)\`e\`!f\ng\${h}`;

about("a sample", () => {
  test("is one shell word however hostile the text is", () => {
    const said = execFileSync("/bin/sh", ["-c", `printf %s ${quoted(hostile)}`], { encoding: "utf8" });
    expect(said).toBe(hostile);
  });

  const call: Call = {
    method: "POST",
    url: "https://example.com/a'b",
    headers: [["X-H", hostile]],
    body: { kind: "json", value: { text: hostile, none: null, yes: true, list: [1, []] }, type: "application/json" },
  };

  test("for the shell hands curl what the call says", () => {
    // A program of the name of curl that says which words it was given.
    const script = `curl() { printf '%s\\0' "$@"; }\n${snippet("curl", call)}`;
    const words = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).split("\0");
    expect(words.slice(0, 6)).toEqual([
      call.url,
      "-H",
      `X-H: ${hostile}`,
      "-H",
      "Content-Type: application/json",
      "--data-raw",
    ]);
    expect(JSON.parse(words[6] ?? "")).toEqual(call.body?.kind === "json" ? call.body.value : undefined);
  });

  test("for JavaScript runs and sends what the call says", async () => {
    const sent: unknown[] = [];
    const fetch = async (url: string, options: { method: string; headers: object; body: string }) => {
      sent.push(url, options.method, options.headers, JSON.parse(options.body));
      return { status: 200, text: async () => "" };
    };
    const Async = (async () => {}).constructor as new (...args: string[]) => (...given: unknown[]) => Promise<void>;
    await new Async("fetch", "console", snippet("javascript", call))(fetch, { log: () => {} });
    expect(sent).toEqual([
      call.url,
      "POST",
      { "X-H": hostile, "Content-Type": "application/json" },
      call.body?.kind === "json" ? call.body.value : undefined,
    ]);
  });

  test("for Python and Rust is spelled as they spell", () => {
    expect(pythonValue({ a: [null, true, false, 1.5, "x\n"], b: {} })).toBe(
      '{\n    "a": [\n        None,\n        True,\n        False,\n        1.5,\n        "x\\n",\n    ],\n    "b": {},\n}',
    );
    expect(rustText('a"b\\c\n\u0001\u2028ü')).toBe('"a\\"b\\\\c\\n\\u{1}\\u{2028}ü"');
    expect(snippet("python", { ...call, headers: [] })).toContain('"none": None');
    expect(snippet("rust", { ...call, headers: [] })).toContain('"none": null');
    expect(snippet("rust", { method: "PURGE", url: "u", headers: [] })).toContain('from_bytes(b"PURGE")');
  });

  test("of a plain call is as short as it can be", () => {
    const plain: Call = { method: "GET", url: "https://x/", headers: [] };
    expect(snippet("curl", plain)).toBe("curl 'https://x/'");
    expect(snippet("javascript", plain).split("\n")[0]).toBe('const response = await fetch("https://x/");');
    expect(snippet("curl", { ...plain, method: "DELETE" })).toBe("curl -X DELETE 'https://x/'");
  });
});

test("a token is asked for with the scopes of the operation", () => {
  const scheme: ReferenceScheme = { id: "oauth", kind: "oauth", token_url: "https://x/oauth2/token" };
  expect(tokenCall(scheme, { scheme: "oauth", scopes: ["a:read", "b"] })).toContain("-d 'scope=a:read b'");
  expect(tokenCall(scheme, { scheme: "oauth", scopes: [] })).not.toContain("scope");
});
