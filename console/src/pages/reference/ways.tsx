import type { Reference, ReferenceOperation, ReferenceScheme } from "#/client/schema";
import type texts from "#/i18n/en/reader";
import { useReader } from "#/i18n/reader";
import { schemeOf } from "./operation";

/** A way of authenticating in words. */
export function wayWords(scheme: ReferenceScheme, reader: typeof texts): string {
  const { ways } = reader;
  const parameter = scheme.parameter ?? "";
  switch (scheme.kind) {
    case "api_key":
      if (scheme.place === "query") return ways.query(parameter);
      return scheme.place === "cookie" ? ways.cookie(parameter) : ways.header(parameter);
    case "oauth":
      return ways.oauth;
    case "bearer":
      return ways.bearer;
    case "basic":
      return ways.basic;
    default:
      return ways.other(scheme.id);
  }
}

/** What a caller proves itself by. */
export function Ways({
  reference,
  operation,
}: {
  reference: Reference;
  operation: Pick<ReferenceOperation, "anonymous" | "security">;
}) {
  const reader = useReader();
  const { anonymous, security } = operation;
  if (security.length === 0) return <p>{reader.anonymous}</p>;
  return (
    <>
      {anonymous ? (
        <p>{reader.optional}</p>
      ) : security.length > 1 ? (
        <p className="text-muted">{reader.either}</p>
      ) : null}
      <ul className={security.length > 1 ? "list-disc pl-5" : ""}>
        {security.map((demand) => {
          const scheme = schemeOf(reference, demand);
          return (
            <li key={demand.scheme}>
              {scheme ? wayWords(scheme, reader) : demand.scheme}
              {demand.scopes.length > 0 ? (
                <span className="block text-sm text-muted [overflow-wrap:anywhere]">
                  {reader.scopes(demand.scopes.join(" "))}
                </span>
              ) : null}
            </li>
          );
        })}
      </ul>
    </>
  );
}
