import { Link } from "@tanstack/react-router";
import type { Subscription } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Actions } from "#/ui/actions";
import { buttonClass } from "#/ui/button";
import { Card, Section } from "#/ui/page";
import { ProblemBanner } from "#/ui/problem";
import { When } from "#/ui/time";
import { useToast } from "#/ui/toast";
import { Compare } from "./compare";

/** What became of the terms that were asked for last, and what can be done with them. */
export function RevisionOf({ of }: { of: Subscription }) {
  const text = useText();
  const words = text.subscription.revision;
  const toast = useToast();
  const { run, busy, error } = useWrite("post", "/api/v1/subscriptions/{id}/revisions/{revision}/{action}");
  const { revision } = of;
  if (!revision) return null;
  const act = async (action: string) => {
    try {
      await run({ params: { path: { id: of.id, revision: revision.id, action } }, body: {} });
      toast(word(words.done, action));
    } catch {
      // `error` says it, below.
    }
  };
  const rejects = revision.task && revision.actions.some((offer) => offer.action === "reject" && offer.allowed);
  const state = {
    requested: words.waits,
    approved: words.waitsForActivation,
    rejected: words.rejected,
    withdrawn: words.withdrawn,
    activated: words.activated,
  }[revision.state];
  return (
    <Section title={words.title} id="revision">
      <Card>
        <p className="mb-3">
          {state}
          <span className="text-sm text-muted">
            {` ${revision.requester.name} · `}
            <When at={revision.changed_at} />
          </span>
        </p>
        <Compare of={revision} />
        {revision.comment_requestor ? <Said words={revision.comment_requestor} /> : null}
        {revision.comment_response ? <Said words={revision.comment_response} /> : null}
        {error ? <ProblemBanner error={error} /> : null}
        {revision.open ? (
          <div className="mt-3">
            <Actions
              of={words.title}
              actions={revision.actions}
              onAct={(action) => void act(action)}
              first={["approve", "activate", "withdraw"]}
              // A no has a reason, which is written in the inbox.
              without={["reject"]}
              busy={busy}
              extra={
                rejects ? (
                  <Link to="/inbox" search={{ item: revision.task ?? undefined }} className={buttonClass("quiet")}>
                    {text.subscription.toInbox}
                  </Link>
                ) : null
              }
            />
          </div>
        ) : null}
      </Card>
    </Section>
  );
}

function Said({ words }: { words: string }) {
  return (
    <blockquote className="mt-3 max-w-[62ch] border-l-3 border-line pl-3.5 whitespace-pre-wrap [overflow-wrap:anywhere]">
      {words}
    </blockquote>
  );
}
