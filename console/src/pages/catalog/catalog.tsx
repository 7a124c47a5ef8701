import { PageHead } from "#/ui/page";

export function Catalog() {
  return <PageHead title="Catalog" />;
}
