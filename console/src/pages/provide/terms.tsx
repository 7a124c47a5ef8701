import { useText } from "#/i18n";
import { PageHead } from "#/ui/page";
import { Agreements } from "./agreements";

/** The platform's own text, which everybody accepts at sign-in. */
export function PlatformTerms() {
  const { contracts } = useText();
  return (
    <>
      <PageHead title={contracts.platform} sub={contracts.platformLead} />
      <Agreements />
    </>
  );
}
