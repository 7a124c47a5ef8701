import { useText } from "#/i18n";
import { useMe } from "#/i18n/me";
import { ownPlaces } from "#/layout/navigation";
import { PageHead, Tabs } from "#/ui/page";

/** The head of every page about oneself. */
export function MeHead({ title, sub }: { title: string; sub: string }) {
  const text = useText();
  const me = useMe();
  return (
    <>
      <PageHead title={title} sub={sub} />
      <Tabs label={me.title} tabs={ownPlaces(text)} />
    </>
  );
}
