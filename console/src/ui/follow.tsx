import { Bell, BellRing } from "lucide-react";
import { useEffect, useState } from "react";
import { useMaybe, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "./button";
import { useProblemText } from "./problem";
import { useToast } from "./toast";

/**
 * Follows an API, an app, an organization or a group, or stops. It shows the new state at once, and the old one again if the server refuses.
 * `known` is whether one follows, where the page knows it already.
 */
export function FollowButton({
  of,
  id,
  name,
  known,
}: {
  of: "apis" | "apps" | "organizations" | "groups";
  id: string;
  name: string;
  known?: boolean;
}) {
  const { common } = useText();
  const toast = useToast();
  const say = useProblemText();
  // All have one shape; their paths differ.
  const path = `/api/v1/${of}/{id}/follow` as "/api/v1/apis/{id}/follow";
  const init = { params: { path: { id } } };
  const asked = useMaybe(known === undefined ? path : undefined, init).data?.following;
  const server = known ?? asked;
  const [soon, setSoon] = useState<boolean>();
  useEffect(() => {
    if (soon === server) setSoon(undefined);
  }, [soon, server]);
  const follow = useWrite("put", path);
  const leave = useWrite("delete", path);
  const following = soon ?? server;
  if (following === undefined) return null;
  const change = async () => {
    setSoon(!following);
    try {
      await (following ? leave : follow).run(init);
      toast(following ? common.followersList.unfollowed : common.followersList.followed);
    } catch (thrown) {
      setSoon(undefined);
      toast(say(thrown));
    }
  };
  const verb = following ? common.actions.unfollow : common.actions.follow;
  const Icon = following ? BellRing : Bell;
  return (
    <Button busy={follow.busy || leave.busy} onClick={() => void change()} aria-label={`${verb} ${name}`}>
      <Icon size={16} aria-hidden="true" />
      {verb}
    </Button>
  );
}
