import { PageHead } from "#/ui/page";

export function ApiPlans() {
  return <PageHead title="ApiPlans" />;
}
