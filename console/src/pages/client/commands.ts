import type { SampleCall } from "#/client/schema";

/** The command that gets a token; `secret` is a placeholder wherever it can stay in a history. */
export function tokenCommand(clientId: string, secret: string, url: string): string {
  return `curl -u '${clientId}:${secret}' \\\n  -d grant_type=client_credentials \\\n  '${url}'`;
}

/** The command that calls with an API key, where this operation takes one. */
export function keyCommand(sample: SampleCall, key: string): string | undefined {
  const scheme = sample.security.find((one) => one.scheme === "api_key");
  if (!scheme) return undefined;
  const name = scheme.name ?? "X-API-Key";
  if (scheme.in === "cookie") return `curl -b '${name}=${key}' \\\n  '${sample.url}'`;
  if (scheme.in === "query") return `curl '${sample.url}?${name}=${key}'`;
  return `curl -H '${name}: ${key}' \\\n  '${sample.url}'`;
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return plain || "client";
}
