import { PageHead } from "#/ui/page";

export function ProvidedSettings() {
  return <PageHead title="ProvidedSettings" />;
}
