import { PageHead } from "#/ui/page";

export function Tokens() {
  return <PageHead title="Tokens" />;
}
