import type { ReactNode } from "react";
import type { Subscription } from "#/client/schema";
import { useText, word } from "#/i18n";
import { moment } from "#/i18n/format";
import { Copyable } from "#/ui/copy";
import { limitWords } from "#/ui/limits";
import { Properties } from "#/ui/page";
import { When } from "#/ui/time";
import { ending } from "./lastday";

/** What was agreed: plan and limits, where, who asked, under which text, when. */
export function Terms({ of, bare }: { of: Subscription; bare?: boolean }) {
  const text = useText();
  const { subscription } = text;
  const limits = ` · ${limitWords(of.limits, text)}`;
  const asked: [string, ReactNode][] = [
    [subscription.app, of.app.name],
    [subscription.plan, `${of.plan.name}${limits}`],
    [subscription.environment, of.environment_name],
    [subscription.ends, <Ends key="ends" of={of} />],
    [subscription.requester, <Requester key="requester" of={of} />],
    [subscription.requested, <Dated key="requested" at={of.created_at} />],
    [subscription.agreement, <Agreement key="agreement" of={of} />],
  ];
  const rest: [string, ReactNode][] = [
    [subscription.origin, word(subscription.origins, of.origin)],
    [subscription.changed, <Dated key="changed" at={of.changed_at} />],
    [subscription.versions, of.versions.length > 0 ? of.versions.join(", ") : subscription.noVersions],
    [subscription.request, <Copyable key="request" value={of.request} what={subscription.request} />],
    [subscription.id, <Copyable key="id" value={of.id} what={subscription.id} />],
  ];
  return <Properties items={bare ? asked : [...asked, ...rest]} />;
}

function Requester({ of }: { of: Subscription }) {
  const organization = of.organization?.name;
  return organization ? `${of.requester.name} · ${organization}` : of.requester.name;
}

/** The agreement that was accepted, by title and version; requests that needed none say so. */
function Agreement({ of }: { of: Subscription }) {
  const { subscription } = useText();
  if (of.agreement) {
    const said = of.agreement_is_current ? subscription.agreementAccepted : subscription.agreementOlder;
    return said(of.agreement.title, of.agreement.number);
  }
  if (of.acceptance) return <Copyable value={of.acceptance} what={subscription.acceptance} />;
  return <span className="text-muted">{subscription.noAgreement}</span>;
}

/** When it ends by itself, and how soon that is. */
function Ends({ of }: { of: Subscription }) {
  const { subscription } = useText();
  if (!of.ends_at) return <span className="text-muted">{subscription.endsNever}</span>;
  const days = of.ends_in_days;
  const soon = days !== null && days !== undefined ? ` · ${subscription.endsIn(days)}` : "";
  return `${ending(of.ends_at)}${soon}`;
}

function Dated({ at }: { at: string }) {
  return (
    <>
      <When at={at} /> <span className="text-sm text-muted">{moment(at)}</span>
    </>
  );
}
