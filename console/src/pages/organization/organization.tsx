import { PageHead } from "#/ui/page";

export function Organization() {
  return <PageHead title="Organization" />;
}
