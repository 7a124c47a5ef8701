import { PageHead } from "#/ui/page";

export function ProvidedApps() {
  return <PageHead title="ProvidedApps" />;
}
