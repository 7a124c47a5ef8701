import { useText, word } from "#/i18n";
import { useFenceText } from "#/i18n/fence";

const ALL = "override.all";

/** The privileges that lift each limit of a profile, the narrower first: where the server names the limit alone. */
const LIFTED: Record<string, string[]> = {
  profile_role: [ALL],
  profile_leave: [ALL],
  profile_subscription: ["override.subscription", ALL],
  profile_plan: ["override.subscription", ALL],
  profile_request_modification: ["override.request_modification", ALL],
  profile_security: ["override.security", ALL],
  profile_security_operation: ["override.security", ALL],
  profile_implementation: ["override.implementation", ALL],
  profile_implementation_operation: ["override.implementation", ALL],
  profile_destination: ["override.implementation", ALL],
  profile_publish: ["override.publish", ALL],
  profile_environment: ["override.publish", ALL],
};

/** Says why something is not to be had and, where a profile is in the way, who may do it all the same. */
export function useReason(): (reason: string | null | undefined, privileges?: string[]) => string {
  const { common } = useText();
  const fence = useFenceText();
  return (reason, privileges) => {
    const lifted = privileges ?? LIFTED[reason ?? ""] ?? [];
    const why = word(common.reasons, reason ?? "role");
    return lifted.length > 0 ? `${why} ${fence.lifts(lifted.map((one) => word(fence.privileges, one)))}` : why;
  };
}
