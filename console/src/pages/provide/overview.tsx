import { PageHead } from "#/ui/page";

export function ProvidedOverview() {
  return <PageHead title="ProvidedOverview" />;
}
