import { PageHead } from "#/ui/page";

export function Security() {
  return <PageHead title="Security" />;
}
