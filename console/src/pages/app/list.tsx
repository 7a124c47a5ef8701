import { PageHead } from "#/ui/page";

export function Apps() {
  return <PageHead title="Apps" />;
}
