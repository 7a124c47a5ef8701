import { PageHead } from "#/ui/page";

export function Organizations() {
  return <PageHead title="Organizations" />;
}
