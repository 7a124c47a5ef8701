import { Link } from "@tanstack/react-router";
import type { Subscription } from "#/client/schema";
import { useRequests } from "#/i18n/requests";

/** Other terms that are not in force yet, beside the present ones of a row; leads to them. */
export function Revising({ of }: { of: Subscription }) {
  const { revising } = useRequests();
  const { revision } = of;
  if (!revision?.open) return null;
  const what = revision.new.plan.id === revision.old.plan.id ? revising.end : revision.new.plan.name;
  return (
    <Link
      to="/subscriptions/$subscription"
      params={{ subscription: of.id }}
      hash="revision"
      className="inline-flex min-h-6 items-center text-sm text-wait underline underline-offset-3"
    >
      {revision.state === "approved" ? revising.approved(what) : revising.requested(what)}
    </Link>
  );
}
