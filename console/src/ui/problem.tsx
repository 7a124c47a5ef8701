import { problemOf } from "#/client/problem";
import { useText } from "#/i18n";
import { CopyButton } from "./copy";

/** The words for a problem: the console's own where it has some in this language, else those of the server. */
export function useProblemText(): (error: unknown) => string {
  const { common } = useText();
  return (error) => {
    const problem = problemOf(error);
    return common.problems[problem.code] ?? problem.detail;
  };
}

export function useProblemWords(error: unknown): string {
  return useProblemText()(error);
}

/** A problem that belongs to no field, with the id under which it can be looked up. */
export function ProblemBanner({ error }: { error: unknown }) {
  const { common } = useText();
  const words = useProblemWords(error);
  if (!error) return null;
  const problem = problemOf(error);
  // What could not be read at all is at fault as a whole; a fault that is the problem itself is said once, above.
  const faults = problem.code === "unreadable" ? [] : (problem.errors ?? []);
  return (
    <div role="alert" className="mb-4 rounded-md border-l-4 border-bad bg-bad-soft px-4 py-3">
      <p className="text-ink">{words}</p>
      {problem.status > 0 && words !== problem.detail && faults.length === 0 ? (
        <p lang="en" className="mt-1 text-sm text-muted">
          {problem.detail}
        </p>
      ) : null}
      {faults.length > 0 ? (
        <ul className="mt-1 list-disc pl-5 text-sm">
          {faults.map((field) => (
            <li key={field.pointer}>
              <code className="font-mono">{field.pointer}</code>{" "}
              {common.faults[field.code] ? (
                <>
                  {common.faults[field.code]}{" "}
                  <span lang="en" className="text-muted">
                    {field.detail}
                  </span>
                </>
              ) : words.includes(field.detail) ? null : (
                field.detail
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {problem.request_id ? (
        <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-muted">
          <span>
            {common.requestId} <code className="font-mono text-ink">{problem.request_id}</code>
          </span>
          <CopyButton value={problem.request_id} what={common.requestId} bare />
        </p>
      ) : null}
    </div>
  );
}
