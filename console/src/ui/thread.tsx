import { type ReactNode, useId, useRef, useState } from "react";
import { fieldError } from "#/client/problem";
import type { EntryActor } from "#/client/schema";
import { session } from "#/client/session";
import { useText } from "#/i18n";
import { Button } from "./button";
import { ProblemBanner } from "./problem";
import { When } from "./time";

/** One thing that happened or was said. `words` follow the name: "approved the request". */
export type Happening = {
  key: string | number;
  at: string;
  actor: EntryActor;
  words: ReactNode;
  /** For which side, in words. */
  side?: string;
  comment?: string | null;
  tone?: "ok" | "wait" | "hold" | "bad" | "go";
};

const DOT = { ok: "bg-ok", wait: "bg-wait", hold: "bg-hold", bad: "bg-bad", go: "bg-accent" };
const BAR = { ok: "border-ok", wait: "border-wait", hold: "border-hold", bad: "border-bad", go: "border-accent" };

/** The name of whoever did it, as the beginning of a sentence. */
export function useName(): (actor: EntryActor) => string {
  const { common, subscription } = useText();
  const me = session().user.id;
  return (actor) => {
    if (actor.kind === "system") return common.system;
    const name = actor.name || subscription.somebody;
    return actor.kind === "user" && actor.id === me ? subscription.you(name) : name;
  };
}

/** What happened and what was said, oldest first. */
export function Timeline({ items, label }: { items: Happening[]; label: string }) {
  const name = useName();
  return (
    <ol aria-label={label} className="ml-1.5 border-l border-line">
      {items.map((item) => (
        <li key={item.key} className="relative pb-4 pl-5 last:pb-1">
          <span
            aria-hidden="true"
            className={`absolute top-1.5 -left-[0.3125rem] size-2.5 rounded-full ring-3 ring-surface ${item.tone ? DOT[item.tone] : "bg-control"}`}
          />
          <p className="[overflow-wrap:anywhere]">
            <span className="font-semibold">{name(item.actor)}</span> {item.words}
            <span className="text-sm text-muted">
              {item.side ? ` · ${item.side}` : ""}
              {" · "}
              <When at={item.at} />
            </span>
          </p>
          {item.comment ? (
            <blockquote
              className={`mt-1.5 max-w-[62ch] border-l-3 pl-3.5 whitespace-pre-wrap [overflow-wrap:anywhere] ${item.tone ? BAR[item.tone] : "border-line"}`}
            >
              {item.comment}
            </blockquote>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

type ReplyProps = {
  label: string;
  hint?: string;
  verb: string;
  /** Says it; the words stay in the box when it throws. */
  onSend: (words: string) => Promise<unknown>;
  error: unknown;
  busy: boolean;
};

/** A box for words that others read. Ctrl+Enter sends them, as the button does. */
export function Reply({ label, hint, verb, onSend, error, busy }: ReplyProps) {
  const id = useId();
  const [words, setWords] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const send = async () => {
    if (busy) return;
    if (words.trim() === "") {
      // Not a dead button: it shows where the words go.
      box.current?.focus();
      return;
    }
    try {
      await onSend(words);
      setWords("");
    } catch {
      // The caller shows what went wrong, in `error`.
    }
  };
  const fault = fieldError(error, "comment");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {error && !fault ? <ProblemBanner error={error} /> : null}
      <label htmlFor={id} className="mb-1 block font-semibold">
        {label}
      </label>
      {hint ? (
        <p id={`${id}-hint`} className="mb-1 text-sm text-muted">
          {hint}
        </p>
      ) : null}
      <textarea
        ref={box}
        id={id}
        rows={3}
        value={words}
        maxLength={4000}
        aria-describedby={[hint ? `${id}-hint` : "", fault ? `${id}-fault` : ""].filter(Boolean).join(" ") || undefined}
        aria-invalid={fault ? true : undefined}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
        }}
        className="w-full max-w-[40rem] rounded-md border border-control bg-paper px-2.5 py-1.5"
      />
      {fault ? (
        <p id={`${id}-fault`} className="text-sm text-bad">
          {fault}
        </p>
      ) : null}
      <div className="mt-2">
        <Button type="submit" busy={busy}>
          {verb}
        </Button>
      </div>
    </form>
  );
}
