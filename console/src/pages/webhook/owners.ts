import { session } from "#/client/session";
import { useMaybe } from "#/client/use";
import { useWebhooks } from "#/i18n/webhooks";

/** Whose webhooks this person may make; the platform's have no id. */
export type Owner = { id: string; name: string };

export function useOwners(): Owner[] {
  const webhooks = useWebhooks();
  const all = useMaybe("/api/v1/organizations", { params: { query: { limit: 200 } } }).data?.items ?? [];
  const site = session().user.site_admin === true;
  const mine = all.filter((one) => one.actions.some((offer) => offer.action === "webhooks" && offer.allowed));
  const own = mine.map((one) => ({ id: one.id, name: one.name }));
  return site ? [...own, { id: "", name: webhooks.platform }] : own;
}
