import { PageHead } from "#/ui/page";

export function ProvidedCalls() {
  return <PageHead title="ProvidedCalls" />;
}
