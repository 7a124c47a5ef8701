import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { CloudOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ProblemError } from "#/client/problem";
import { read } from "#/client/use";
import { useText } from "#/i18n";

/** Milliseconds that "it is back" stays. */
const STAYS = 5000;

/** Whether what the pulse last met was a lost connection, or something in between that speaks for the server. */
function isLost(error: unknown): boolean {
  if (!error) return false;
  return error instanceof ProblemError ? error.problem.status >= 502 : error instanceof TypeError;
}

/** Says that the server cannot be reached, and when it is back; what is on the screen is then read again. */
export function ConnectionBanner() {
  const { shell } = useText();
  const client = useQueryClient();
  const { failureReason } = useQuery({ ...read("/api/v1/me/pulse"), enabled: false });
  const lost = isLost(failureReason);
  const was = useRef(false);
  const [back, setBack] = useState(false);
  useEffect(() => {
    if (was.current && !lost) {
      setBack(true);
      void client.invalidateQueries();
    }
    was.current = lost;
  }, [lost, client]);
  useEffect(() => {
    if (!back) return;
    const timer = setTimeout(() => setBack(false), STAYS);
    return () => clearTimeout(timer);
  }, [back]);
  return (
    <div role="status">
      {lost ? (
        <p className="flex items-center gap-2.5 border-b border-line bg-wait-soft px-4 py-2 text-sm text-ink md:px-6">
          <CloudOff size={16} aria-hidden="true" className="shrink-0 text-wait" />
          <span>
            <strong>{shell.offline}</strong> {shell.offlineHint}
          </span>
        </p>
      ) : back ? (
        <p className="border-b border-line bg-ok-soft px-4 py-2 text-sm text-ok md:px-6">{shell.online}</p>
      ) : null}
    </div>
  );
}

/** A thin line at the top while a page takes its time; one that is quick never shows it. */
export function OpeningBar() {
  const { shell } = useText();
  const opening = useRouterState({ select: (state) => state.status === "pending" });
  if (!opening) return null;
  return (
    <div role="progressbar" aria-label={shell.opening} className="fixed inset-x-0 top-0 z-70 h-0.5 overflow-hidden">
      <div className="opening-bar h-full bg-accent" />
    </div>
  );
}
