import { PageHead } from "#/ui/page";

export function AppApis() {
  return <PageHead title="AppApis" />;
}
