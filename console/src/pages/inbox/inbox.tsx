import { PageHead } from "#/ui/page";

export function Inbox() {
  return <PageHead title="Inbox" />;
}
