import { PageHead } from "#/ui/page";

export function Profile() {
  return <PageHead title="Profile" />;
}
