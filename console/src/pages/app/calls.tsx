import { PageHead } from "#/ui/page";

export function AppCalls() {
  return <PageHead title="AppCalls" />;
}
