import type { ReactNode } from "react";
import { ProblemError } from "#/client/problem";
import type { ProblemField } from "#/client/schema";

/** One state of a pattern, with its name. */
export function Example({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="mb-5">
      <p className="mb-1.5 text-sm text-muted">{name}</p>
      {children}
    </div>
  );
}

/** Several that stand in one line as long as there is room. */
export function Line({ children }: { children: ReactNode }) {
  return <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-3">{children}</div>;
}

/** What the server might have answered. */
export function refusal(status: number, code: string, detail: string, errors?: ProblemField[]): ProblemError {
  return new ProblemError({
    type: "",
    title: code,
    status,
    code,
    detail,
    errors,
    request_id: "gr5xm11z0xcpwq5synemm22sgm",
  });
}

/** A moment this many seconds away from now. */
export function away(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}
