import { PageHead } from "#/ui/page";

export function Patterns() {
  return <PageHead title="Patterns" />;
}
