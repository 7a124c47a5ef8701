import { PageHead } from "#/ui/page";

export function Definition() {
  return <PageHead title="Definition" />;
}
