import { useText } from "#/i18n";
import { Code } from "./copy";

/** The call behind a button, as one would make it without the console. */
export function WithApi({ method, path, body }: { method: string; path: string; body?: unknown }) {
  const { common } = useText();
  const lines = [`curl -X ${method} '${window.location.origin}${path}'`, `  -H 'Authorization: Bearer TOKEN'`];
  if (body !== undefined)
    lines.push(`  -H 'Content-Type: application/json'`, `  -d '${JSON.stringify(body).replaceAll("'", `'\\''`)}'`);
  return (
    <details className="my-4 text-sm">
      <summary className="w-fit cursor-pointer py-0.5 text-muted hover:text-ink">{common.withApi}</summary>
      <p className="mt-2 text-muted">{common.withApiHint}</p>
      <Code what={common.withApi} text={lines.join(" \\\n")} />
    </details>
  );
}
