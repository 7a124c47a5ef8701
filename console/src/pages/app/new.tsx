import { PageHead } from "#/ui/page";

export function NewApp() {
  return <PageHead title="NewApp" />;
}
