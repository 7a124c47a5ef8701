import type { SecurityScheme } from "#/client/schema";
import { useText } from "#/i18n";

/** What a version asks of every call, in words. */
export function Security({ schemes, needed }: { schemes: SecurityScheme[]; needed: boolean }) {
  const { api } = useText();
  if (schemes.length === 0) return <p>{needed ? api.secured.any : api.secured.open}</p>;
  return (
    <>
      <ul className="grid gap-1.5">
        {schemes.map((scheme) => (
          <li key={JSON.stringify(scheme)}>
            <Scheme scheme={scheme} />
          </li>
        ))}
      </ul>
      {schemes.length > 1 ? <p className="mt-1.5 text-sm text-muted">{api.either}</p> : null}
    </>
  );
}

function Scheme({ scheme }: { scheme: SecurityScheme }) {
  const { secured } = useText().api;
  switch (scheme.scheme) {
    case "api_key":
      return scheme.in === "query"
        ? secured.query(scheme.name ?? "X-API-Key")
        : scheme.in === "cookie"
          ? secured.cookie(scheme.name ?? "X-API-Key")
          : secured.header(scheme.name ?? "X-API-Key");
    case "oauth":
      return (
        <>
          {secured.oauth}
          {scheme.scopes?.length ? (
            <span className="block text-sm text-muted">{secured.scopes(scheme.scopes.join(", "))}</span>
          ) : null}
        </>
      );
    default:
      return secured.basic;
  }
}
