import { PageHead } from "#/ui/page";

export function OfferedPlansPage() {
  return <PageHead title="OfferedPlansPage" />;
}
