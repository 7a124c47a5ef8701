import { PageHead } from "#/ui/page";

export function ProvidedApis() {
  return <PageHead title="ProvidedApis" />;
}
