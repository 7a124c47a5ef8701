import { PageHead } from "#/ui/page";

export function ApiVersions() {
  return <PageHead title="ApiVersions" />;
}
