import { PageHead } from "#/ui/page";

export function ApiFollowers() {
  return <PageHead title="ApiFollowers" />;
}
