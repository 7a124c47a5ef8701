import { useState } from "react";
import { useMaybe } from "#/client/use";
import { useAuditText } from "#/i18n/audit";
import { number } from "#/i18n/format";
import { Button } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { ProblemBanner } from "#/ui/problem";

/** Walks the whole chain, when asked to: that reads every entry. */
export function Verify() {
  const audit = useAuditText();
  const [asked, setAsked] = useState(false);
  const { data, error, isFetching, refetch } = useMaybe(asked ? "/api/v1/trail/verification" : undefined);
  const verify = () => (asked ? void refetch() : setAsked(true));
  return (
    <div className="mb-4">
      <Button busy={isFetching} onClick={verify}>
        {audit.verify}
      </Button>
      <div role="status" className="mt-2 max-w-[62ch] text-sm">
        {error ? <ProblemBanner error={error} /> : null}
        {data ? (
          <>
            <p className={data.intact ? "text-ok" : "font-semibold text-bad"}>
              {data.intact ? audit.intact(number(data.entries)) : audit.brokenAt(data.first_broken ?? 0)}
            </p>
            {data.why ? <p lang="en">{data.why}</p> : null}
            <p className="flex flex-wrap items-center gap-x-2 [overflow-wrap:anywhere]">
              <span>{audit.head}</span>
              <Copyable value={`${data.head}:${data.hash}`} what={audit.head} />
            </p>
            <p className="text-muted">{audit.headHint}</p>
          </>
        ) : null}
      </div>
    </div>
  );
}
