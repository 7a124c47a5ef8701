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
  return (
    <div role="alert" className="mb-4 rounded-md border-l-4 border-bad bg-bad-soft px-4 py-3">
      <p className="text-ink">{words}</p>
      {problem.status > 0 && words !== problem.detail && !problem.errors?.length ? (
        <p lang="en" className="mt-1 text-sm text-muted">
          {problem.detail}
        </p>
      ) : null}
      {problem.errors?.length ? (
        <ul className="mt-1 list-disc pl-5 text-sm">
          {problem.errors.map((field) => (
            <li key={field.pointer}>
              <code className="font-mono">{field.pointer}</code>{" "}
              {common.faults[field.code] ? (
                <>
                  {common.faults[field.code]}{" "}
                  <span lang="en" className="text-muted">
                    {field.detail}
                  </span>
                </>
              ) : (
                field.detail
              )}
            </li>
          ))}
        </ul>
      ) : null}
      <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-muted">
        <code className="font-mono text-ink">{problem.code}</code>
        {problem.request_id ? (
          <>
            <span>
              {common.requestId} <code className="font-mono text-ink">{problem.request_id}</code>
            </span>
            <CopyButton value={problem.request_id} what={common.requestId} bare />
          </>
        ) : null}
      </p>
    </div>
  );
}
