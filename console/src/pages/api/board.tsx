import { PageHead } from "#/ui/page";

export function ApiBoard() {
  return <PageHead title="ApiBoard" />;
}
