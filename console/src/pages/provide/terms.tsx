import { session } from "#/client/session";
import { useText } from "#/i18n";
import { useTerms } from "#/i18n/terms";
import { PageHead } from "#/ui/page";
import { Agreements } from "./agreements";

/** The platform's own text, which everybody accepts at sign-in. */
export function PlatformTerms() {
  const { contracts } = useText();
  const terms = useTerms();
  const hint = session().user.site_admin ? terms.emptyWrite : terms.denied;
  return (
    <>
      <PageHead title={contracts.platform} sub={contracts.platformLead} />
      <Agreements empty={{ title: terms.empty, hint: `${terms.emptyHint} ${hint}` }} />
    </>
  );
}
