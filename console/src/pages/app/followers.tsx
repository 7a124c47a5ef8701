import { useText } from "#/i18n";
import { Followers } from "#/ui/followers";
import { Section } from "#/ui/page";
import { useApp } from "./app";

/** Who follows the app; whoever manages it may remove them. */
export function AppFollowers() {
  const { apps } = useText();
  const app = useApp();
  return (
    <Section title={apps.part.followers} sub={apps.followersHint} id="followers">
      <Followers of="apps" id={app.id} mayRemove={app.may_manage} />
    </Section>
  );
}
