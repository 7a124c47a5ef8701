import { PageHead } from "#/ui/page";

export function NewApi() {
  return <PageHead title="NewApi" />;
}
