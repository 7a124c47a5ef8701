import { PageHead } from "#/ui/page";

export function ProvidedBoard() {
  return <PageHead title="ProvidedBoard" />;
}
