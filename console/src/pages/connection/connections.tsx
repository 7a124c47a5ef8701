import { PageHead } from "#/ui/page";

export function Connections() {
  return <PageHead title="Connections" />;
}
