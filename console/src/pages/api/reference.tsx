import { PageHead } from "#/ui/page";

export function ApiReference() {
  return <PageHead title="ApiReference" />;
}
