import { PageHead } from "#/ui/page";

export function ApiOverviewPage() {
  return <PageHead title="ApiOverviewPage" />;
}
