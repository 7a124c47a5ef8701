import type { SecurityScheme } from "#/client/schema";

/** A way to show who calls. */
export type Way = "oauth" | "api_key" | "basic";

/** The ways that a version takes; one that names none takes any credential. */
export function waysOf(security: SecurityScheme[] | undefined): Way[] {
  const named = (security ?? []).map((scheme) => scheme.scheme);
  return (["oauth", "api_key", "basic"] as const).filter((way) => named.length === 0 || named.includes(way));
}

/** A word of a shell command, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Reads a secret without showing it, so that neither the screen nor the history of the shell has it. */
export function readCommand(way: Way): string {
  return way === "api_key" ? "read -rs KEY" : "read -rs SECRET";
}

/** Gets an access token into the variable TOKEN. */
export function tokenCommand(clientId: string, tokenUrl: string): string {
  // Without a token the answer says why.
  return [
    "read -rs SECRET",
    `ANSWER=$(curl -s -u ${quoted(clientId)}:"$SECRET" -d grant_type=client_credentials ${quoted(tokenUrl)})`,
    `TOKEN=$(echo "$ANSWER" | sed -n 's/.*"access_token":"\\([^"]*\\)".*/\\1/p'); [ "$TOKEN" ] || echo "$ANSWER"`,
  ].join("\n");
}

type Sample = { method: string; url: string; security: SecurityScheme[] };

/** Calls an operation with what the step before has read. */
export function callCommand(way: Way | undefined, { method, url, security }: Sample, clientId: string): string {
  const verb = method === "GET" ? "" : `-X ${method} `;
  if (way === "oauth") return `curl -i ${verb}-H "Authorization: Bearer $TOKEN" ${quoted(url)}`;
  if (way === "basic") return `curl -i ${verb}-u ${quoted(clientId)}:"$SECRET" ${quoted(url)}`;
  if (way === "api_key") {
    const scheme = security.find((one) => one.scheme === "api_key");
    const name = (scheme?.scheme === "api_key" && scheme.name) || "X-API-Key";
    const place = scheme?.scheme === "api_key" ? scheme.in : "header";
    if (place === "query") return `curl -i ${verb}${quoted(`${url}${url.includes("?") ? "&" : "?"}${name}=`)}"$KEY"`;
    if (place === "cookie") return `curl -i ${verb}-b ${quoted(`${name}=`)}"$KEY" ${quoted(url)}`;
    return `curl -i ${verb}-H ${quoted(`${name}: `)}"$KEY" ${quoted(url)}`;
  }
  return `curl -i ${verb}${quoted(url)}`;
}
