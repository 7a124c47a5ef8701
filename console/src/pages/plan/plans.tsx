import { PageHead } from "#/ui/page";

export function Plans() {
  return <PageHead title="Plans" />;
}
