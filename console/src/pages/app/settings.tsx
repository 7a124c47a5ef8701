import { PageHead } from "#/ui/page";

export function AppSettings() {
  return <PageHead title="AppSettings" />;
}
