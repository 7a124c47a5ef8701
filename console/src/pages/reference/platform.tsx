import { PageHead } from "#/ui/page";

export function PlatformReference() {
  return <PageHead title="PlatformReference" />;
}
