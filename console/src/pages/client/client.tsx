import { PageHead } from "#/ui/page";

export function Client() {
  return <PageHead title="Client" />;
}
