import { PageHead } from "#/ui/page";

export function AppCredentials() {
  return <PageHead title="AppCredentials" />;
}
