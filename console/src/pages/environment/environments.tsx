import { PageHead } from "#/ui/page";

export function Environments() {
  return <PageHead title="Environments" />;
}
