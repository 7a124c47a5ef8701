import { PageHead } from "#/ui/page";

export function AppMembers() {
  return <PageHead title="AppMembers" />;
}
