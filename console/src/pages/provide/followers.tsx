import { PageHead } from "#/ui/page";

export function ProvidedFollowers() {
  return <PageHead title="ProvidedFollowers" />;
}
