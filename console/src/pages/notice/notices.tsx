import { PageHead } from "#/ui/page";

export function Notices() {
  return <PageHead title="Notices" />;
}
