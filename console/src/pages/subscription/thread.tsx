import { PageHead } from "#/ui/page";

export function Thread() {
  return <PageHead title="Thread" />;
}
