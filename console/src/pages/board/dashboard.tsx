import { PageHead } from "#/ui/page";

export function Dashboard() {
  return <PageHead title="Dashboard" />;
}
