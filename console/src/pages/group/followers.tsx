import { useParties } from "#/i18n/parties";
import { Followers } from "#/ui/followers";
import { Section } from "#/ui/page";
import { useGroup } from "./group";

/** Who follows the group; whoever manages groups may remove them. */
export function GroupFollowers() {
  const { parts, followersHint } = useParties();
  const one = useGroup();
  const mayRemove = one.actions.some((offer) => offer.action === "members" && offer.allowed);
  return (
    <Section title={parts.followers} sub={followersHint} id="followers">
      <Followers of="groups" id={one.id} mayRemove={mayRemove} />
    </Section>
  );
}
