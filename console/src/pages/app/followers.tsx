import { PageHead } from "#/ui/page";

export function AppFollowers() {
  return <PageHead title="AppFollowers" />;
}
