import { PageHead } from "#/ui/page";

export function AppOverviewPage() {
  return <PageHead title="AppOverviewPage" />;
}
