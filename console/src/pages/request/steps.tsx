import { Check } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";

const STEPS = ["plan", "where", "note", "review"] as const;

/** Where one is on the way; what is done can be gone back to. */
export function Progress({ step, onStep }: { step: number; onStep: (step: number) => void }) {
  const { request } = useText();
  return (
    <nav aria-label={request.progress} className="mb-6">
      <ol className="flex flex-wrap gap-x-2 gap-y-2">
        {STEPS.map((name, index) => {
          const number = index + 1;
          const past = number < step;
          const mark = (
            <span
              aria-hidden="true"
              className={`inline-flex size-6 items-center justify-center rounded-full text-xs font-semibold ${past ? "bg-ok-soft text-ok" : number === step ? "bg-accent text-on-accent" : "bg-sunken text-muted"}`}
            >
              {past ? <Check size={14} /> : number}
            </span>
          );
          return (
            <li
              key={name}
              aria-current={number === step ? "step" : undefined}
              className={`flex min-h-8 items-center gap-2 pr-3 ${number === step ? "font-semibold" : "text-muted"}`}
            >
              {past ? (
                <button
                  type="button"
                  onClick={() => onStep(number)}
                  className="inline-flex min-h-8 items-center gap-2 hover:text-ink hover:underline"
                >
                  {mark}
                  {request.steps[name]}
                  <span className="sr-only">{request.done}</span>
                </button>
              ) : (
                <>
                  {mark}
                  {request.steps[name]}
                </>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** One step; what is missing is said when one tries to go on. */
export function Step({
  title,
  hint,
  missing,
  onNext,
  onBack,
  next,
  busy,
  children,
}: {
  title: string;
  hint?: string;
  missing?: string | undefined;
  onNext: () => void;
  onBack?: () => void;
  next?: string;
  busy?: boolean;
  children: ReactNode;
}) {
  const { common } = useText();
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing) setTried(true);
    else if (!busy) onNext();
  };
  return (
    <form onSubmit={submit} className="max-w-3xl rounded-xl border border-line bg-surface p-5 max-sm:p-4">
      <h2 tabIndex={-1} className="text-lg font-bold outline-none">
        {title}
      </h2>
      {hint ? <p className="max-w-[62ch] text-muted">{hint}</p> : null}
      <div className="mt-4">{children}</div>
      <p role="alert" className="text-bad">
        {tried ? missing : ""}
      </p>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        {onBack ? <Button onClick={onBack}>{common.back}</Button> : null}
        <Button type="submit" kind="primary" busy={busy ?? false}>
          {next ?? common.next}
        </Button>
      </div>
    </form>
  );
}
