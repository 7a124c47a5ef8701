import { useText } from "#/i18n";
import { ownPlaces } from "#/layout/navigation";
import { PageHead, Tabs } from "#/ui/page";

/** The head of every page about oneself. */
export function MeHead({ title, sub }: { title: string; sub: string }) {
  const text = useText();
  return (
    <>
      <PageHead title={title} sub={sub} />
      <Tabs label={text.me.title} tabs={ownPlaces(text)} />
    </>
  );
}
