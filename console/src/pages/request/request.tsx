import { PageHead } from "#/ui/page";

export function RequestAccess() {
  return <PageHead title="RequestAccess" />;
}
