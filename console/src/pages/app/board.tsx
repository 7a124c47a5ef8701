import { PageHead } from "#/ui/page";

export function AppBoard() {
  return <PageHead title="AppBoard" />;
}
