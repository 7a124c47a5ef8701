import type { ReferenceDemand, ReferenceOperation, ReferenceScheme } from "#/client/schema";
import { isMembers, type Json } from "./document";
import type { Described, Media, Parameter } from "./operation";

/** A call, ready to be written down in any language. */
export type Call = {
  method: string;
  url: string;
  headers: [string, string][];
  /** `client_id` and secret, where they are sent by HTTP Basic. */
  basic?: [string, string];
  body?:
    | { kind: "json"; value: Json; type: string }
    | { kind: "form"; fields: [string, string][] }
    | { kind: "parts"; fields: [string, string, boolean][] }
    | { kind: "text"; text: string; type: string };
};

export const LANGUAGES = ["curl", "javascript", "python", "rust"] as const;
export type SampleLanguage = (typeof LANGUAGES)[number];

/** What stands where a person's own secret goes. */
export const SECRETS = {
  api_key: "API_KEY",
  oauth: "ACCESS_TOKEN",
  bearer: "TOKEN",
  client: "CLIENT_ID",
  secret: "CLIENT_SECRET",
} as const;

/** A value as the text of a parameter. */
function written(value: Json): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(written).join(",");
  return isMembers(value) ? JSON.stringify(value) : String(value);
}

/** Everything but what RFC 3986 lets stand in a segment, and the comma between the items of a list. */
const segment = (value: string) => encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3A", ":");

function pathOf(template: string, parameters: Parameter[]): string {
  return template.replaceAll(/\{([^}]+)\}/g, (whole, name: string) => {
    const parameter = parameters.find((one) => one.place === "path" && one.name === name);
    return parameter?.sample === undefined ? whole : segment(written(parameter.sample));
  });
}

function queryOf(parameters: Parameter[]): string[] {
  return parameters
    .filter((one) => one.place === "query" && one.sample !== undefined && (one.required || one.told))
    .flatMap((one) => {
      const values = one.explode && Array.isArray(one.sample) ? one.sample : [one.sample ?? ""];
      return values.map((value) => `${segment(one.name)}=${segment(written(value))}`);
    });
}

/** The call of this operation at this base address, with this way in. */
export function callOf(
  base: string,
  operation: Pick<ReferenceOperation, "method" | "path">,
  described: Described,
  scheme: ReferenceScheme | undefined,
): Call {
  const { parameters, body } = described;
  const query = queryOf(parameters);
  const headers: [string, string][] = parameters
    .filter((one) => one.place === "header" && one.sample !== undefined && (one.required || one.told))
    .map((one) => [one.name, written(one.sample ?? "")]);
  const cookies = parameters
    .filter((one) => one.place === "cookie" && one.sample !== undefined && one.required)
    .map((one) => `${one.name}=${written(one.sample ?? "")}`);
  const call: Call = { method: operation.method, url: "", headers };
  switch (scheme?.kind) {
    case "api_key":
      if (scheme.place === "query") query.push(`${segment(scheme.parameter ?? "")}=${SECRETS.api_key}`);
      else if (scheme.place === "cookie") cookies.push(`${scheme.parameter}=${SECRETS.api_key}`);
      else headers.push([scheme.parameter ?? "", SECRETS.api_key]);
      break;
    case "oauth":
    case "bearer":
      headers.push(["Authorization", `Bearer ${SECRETS[scheme.kind]}`]);
      break;
    case "basic":
      call.basic = [SECRETS.client, SECRETS.secret];
      break;
    default:
  }
  if (cookies.length > 0) headers.push(["Cookie", cookies.join("; ")]);
  call.url = `${base}${pathOf(operation.path, parameters)}${query.length > 0 ? `?${query.join("&")}` : ""}`;
  if (body) call.body = bodyOf(preferred(body.media));
  return call;
}

const isJson = (type: string) => /[/+]json\b/.test(type);

/** The media type that is shown first: JSON, if there is any. */
export function preferred(all: Media[]): Media | undefined {
  return all.find((one) => isJson(one.type)) ?? all[0];
}

function bodyOf(media: Media | undefined): Call["body"] {
  if (!media) return undefined;
  const value = media.sample ?? null;
  if (isJson(media.type)) return { kind: "json", value, type: media.type };
  const fields = isMembers(value) ? Object.entries(value) : [];
  if (media.type.startsWith("multipart/")) {
    return { kind: "parts", fields: fields.map(([name, one]) => [name, written(one), one === "..."]) };
  }
  if (media.type.includes("x-www-form-urlencoded")) {
    return { kind: "form", fields: fields.map(([name, one]) => [name, written(one)]) };
  }
  return { kind: "text", text: typeof value === "string" ? value : JSON.stringify(value), type: media.type };
}

/** The text of a call in a language. */
export function snippet(language: SampleLanguage, call: Call): string {
  return { curl, javascript, python, rust }[language](call);
}

/** One word for a shell that expands nothing in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const pretty = (value: Json) => JSON.stringify(value, null, 2);

/** The lines of a block, moved to the right. */
const indented = (text: string, by: string) => text.replaceAll("\n", `\n${by}`);

function curl({ method, url, headers, basic, body }: Call): string {
  const usual = body ? "POST" : "GET";
  const lines = [`curl ${method === usual ? "" : `-X ${method} `}${quoted(url)}`];
  if (basic) lines.push(`-u ${quoted(basic.join(":"))}`);
  for (const [name, value] of headers) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  switch (body?.kind) {
    case "json":
    case "text":
      lines.push(`-H ${quoted(`Content-Type: ${body.type}`)}`);
      lines.push(`--data-raw ${quoted(body.kind === "json" ? pretty(body.value) : body.text)}`);
      break;
    case "form":
      for (const [name, value] of body.fields) lines.push(`--data-urlencode ${quoted(`${name}=${value}`)}`);
      break;
    case "parts":
      for (const [name, value, file] of body.fields) lines.push(`-F ${quoted(`${name}=${file ? "@FILE" : value}`)}`);
      break;
    default:
  }
  return lines.join(" \\\n  ");
}

/** JSON text is what JavaScript writes, but for two line ends that it once did not know. */
const js = (value: Json) => JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");

function javascript({ method, url, headers, basic, body }: Call): string {
  const before: string[] = [];
  const set = headers.map(([name, value]) => `${js(name)}: ${js(value)}`);
  if (basic) set.push(`Authorization: "Basic " + btoa(${js(basic.join(":"))})`);
  const options: string[] = method === "GET" ? [] : [`method: ${js(method)}`];
  let sent: string | undefined;
  switch (body?.kind) {
    case "json":
      set.push(`"Content-Type": ${js(body.type)}`);
      sent = `JSON.stringify(${indented(pretty(body.value), "  ")})`;
      break;
    case "text":
      set.push(`"Content-Type": ${js(body.type)}`);
      sent = js(body.text);
      break;
    case "form":
      sent = `new URLSearchParams(${js(Object.fromEntries(body.fields))})`;
      break;
    case "parts":
      before.push("const form = new FormData();");
      for (const [name, value, file] of body.fields)
        before.push(`form.append(${js(name)}, ${file ? "file" : js(value)});`);
      sent = "form";
      break;
    default:
  }
  if (set.length > 0) options.push(`headers: {\n    ${set.join(",\n    ")},\n  }`);
  if (sent !== undefined) options.push(`body: ${sent}`);
  const given = options.length > 0 ? `, {\n  ${options.join(",\n  ")},\n}` : "";
  before.push(`const response = await fetch(${js(url)}${given});`);
  return `${before.join("\n")}\nconsole.log(response.status, await response.text());`;
}

/** A value as Python writes it. */
export function pythonValue(value: Json, by = ""): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return js(value);
  const inner = `${by}    `;
  const parts = Array.isArray(value)
    ? value.map((item) => pythonValue(item, inner))
    : Object.entries(value).map(([name, item]) => `${js(name)}: ${pythonValue(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return parts.length === 0 ? open + close : `${open}\n${inner}${parts.join(`,\n${inner}`)},\n${by}${close}`;
}

function python({ method, url, headers, basic, body }: Call): string {
  const set: Json = Object.fromEntries(headers);
  const options = [`    ${js(url)},`];
  switch (body?.kind) {
    case "json":
      if (body.type !== "application/json") set["Content-Type"] = body.type;
      options.push(`    json=${pythonValue(body.value, "    ")},`);
      break;
    case "text":
      set["Content-Type"] = body.type;
      options.push(`    data=${js(body.text)},`);
      break;
    case "form":
      options.push(`    data=${pythonValue(Object.fromEntries(body.fields), "    ")},`);
      break;
    case "parts":
      options.push(`    files=[`);
      for (const [name, value, file] of body.fields)
        options.push(`        (${js(name)}, ${file ? 'open("FILE", "rb")' : `(None, ${js(value)})`}),`);
      options.push("    ],");
      break;
    default:
  }
  if (Object.keys(set).length > 0) options.splice(1, 0, `    headers=${pythonValue(set, "    ")},`);
  if (basic) options.splice(1, 0, `    auth=(${basic.map((one) => js(one)).join(", ")}),`);
  const known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].includes(method);
  const start = known ? `requests.${method.toLowerCase()}(` : `requests.request(\n    ${js(method)},`;
  return `import requests\n\nresponse = ${start}\n${options.join("\n")}\n)\nprint(response.status_code, response.text)`;
}

/** Characters that Rust spells in another way than JSON does. */
const RUST: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A string as Rust writes it. */
export function rustText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be escaped
  const escaped = text.replaceAll(/[\\"\u0000-\u001f\u007f\u2028\u2029]/g, (char) => {
    return RUST[char] ?? `\\u{${char.charCodeAt(0).toString(16)}}`;
  });
  return `"${escaped}"`;
}

function rustValue(value: Json, by: string): string {
  if (typeof value === "string") return rustText(value);
  if (value === null || typeof value !== "object") return String(value);
  const inner = `${by}    `;
  const parts = Array.isArray(value)
    ? value.map((item) => rustValue(item, inner))
    : Object.entries(value).map(([name, item]) => `${rustText(name)}: ${rustValue(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return parts.length === 0 ? open + close : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${by}${close}`;
}

function rust({ method, url, headers, basic, body }: Call): string {
  const known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"].includes(method);
  const start = known
    ? `.${method.toLowerCase()}(${rustText(url)})`
    : `.request(reqwest::Method::from_bytes(b${rustText(method)})?, ${rustText(url)})`;
  const lines = ["let response = reqwest::Client::new()", start];
  if (basic) lines.push(`.basic_auth(${rustText(basic[0])}, Some(${rustText(basic[1])}))`);
  for (const [name, value] of headers) lines.push(`.header(${rustText(name)}, ${rustText(value)})`);
  switch (body?.kind) {
    case "json":
      lines.push(`.json(&serde_json::json!(${rustValue(body.value, "    ")}))`);
      if (body.type !== "application/json") lines.push(`.header("Content-Type", ${rustText(body.type)})`);
      break;
    case "text":
      lines.push(`.header("Content-Type", ${rustText(body.type)})`, `.body(${rustText(body.text)})`);
      break;
    case "form":
      lines.push(`.form(&[${body.fields.map((pair) => `(${pair.map(rustText).join(", ")})`).join(", ")}])`);
      break;
    case "parts":
      lines.push(".multipart(reqwest::multipart::Form::new()");
      for (const [name, value, file] of body.fields)
        lines.push(
          file ? `    .file(${rustText(name)}, "FILE").await?` : `    .text(${rustText(name)}, ${rustText(value)})`,
        );
      lines.push(")");
      break;
    default:
  }
  lines.push(".send()", ".await?;");
  return `${lines.join("\n    ")}\nprintln!("{} {}", response.status(), response.text().await?);`;
}

/** The request for an access token with these scopes. */
export function tokenCall(scheme: ReferenceScheme, demand: ReferenceDemand): string {
  const scope = demand.scopes.length > 0 ? ` \\\n  -d ${quoted(`scope=${demand.scopes.join(" ")}`)}` : "";
  const client = quoted(`${SECRETS.client}:${SECRETS.secret}`);
  return `curl ${quoted(scheme.token_url ?? "")} \\\n  -u ${client} \\\n  -d grant_type=client_credentials${scope}`;
}
