import { PageHead } from "#/ui/page";

export function LimitGroups() {
  return <PageHead title="LimitGroups" />;
}
