import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { problemOf } from "#/client/problem";
import { useText } from "#/i18n";
import { Button, buttonClass } from "#/ui/button";
import { PageHead } from "#/ui/page";
import { ProblemBanner } from "#/ui/problem";

/** What stands in the place of a page that could not be loaded. */
export function Failure({ error, reset }: ErrorComponentProps) {
  const { common } = useText();
  const router = useRouter();
  const boundary = useQueryErrorResetBoundary();
  useEffect(() => boundary.reset(), [boundary]);
  const { status } = problemOf(error);
  if (status === 404) return <NotThere />;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <>
      <PageHead title={common.failed} />
      <ProblemBanner error={error} />
      <Button onClick={retry}>{common.retry}</Button>
    </>
  );
}

export function NotThere() {
  const { common } = useText();
  return (
    <>
      <PageHead title={common.notThere} sub={common.notThereHint} />
      <Link to="/" className={buttonClass("plain")}>
        {common.home}
      </Link>
    </>
  );
}
