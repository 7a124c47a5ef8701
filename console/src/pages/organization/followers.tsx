import { useParties } from "#/i18n/parties";
import { Followers } from "#/ui/followers";
import { Section } from "#/ui/page";
import { useOrganization } from "./organization";

/** Who follows the organization; whoever manages its members may remove them. */
export function OrganizationFollowers() {
  const { parts, followersHint } = useParties();
  const one = useOrganization();
  return (
    <Section title={parts.followers} sub={followersHint} id="followers">
      <Followers of="organizations" id={one.id} mayRemove={one.may_manage} />
    </Section>
  );
}
