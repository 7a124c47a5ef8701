import { PageHead } from "#/ui/page";

export function Home() {
  return <PageHead title="Home" />;
}
