import { useText } from "#/i18n";
import { Followers } from "#/ui/followers";
import { Section } from "#/ui/page";
import { useProvided } from "./use";

/** Who follows the API; whoever may edit it may remove them. */
export function ProvidedFollowers() {
  const { provide } = useText();
  const api = useProvided();
  return (
    <Section title={provide.tabs.followers} sub={provide.followersHint} id="followers">
      <Followers of="apis" id={api.id} mayRemove={api.may_edit} />
    </Section>
  );
}
