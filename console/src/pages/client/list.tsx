import { PageHead } from "#/ui/page";

export function Clients() {
  return <PageHead title="Clients" />;
}
