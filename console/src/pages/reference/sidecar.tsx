import { type ReactNode, useId, useMemo, useState } from "react";
import type { Reference, ReferenceOperation, ReferenceServer } from "#/client/schema";
import { word } from "#/i18n";
import { useReader } from "#/i18n/reader";
import { Code } from "#/ui/copy";
import type { Json } from "./document";
import { bestAnswer, type Described, schemeOf } from "./operation";
import { placeholder } from "./sample";
import { callOf, LANGUAGES, preferred, type SampleLanguage, SECRETS, snippet, tokenCall } from "./snippets";

type Choice = { value: string; label: string };

function Choose(props: { label: string; value: string; onValue: (value: string) => void; choices: Choice[] }) {
  const { label, value, onValue, choices } = props;
  const id = useId();
  return (
    <div className="mb-2 flex items-center gap-2">
      <label htmlFor={id} className="w-24 shrink-0 text-sm text-muted">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        className="min-h-8 min-w-0 flex-1 rounded-md border border-control bg-paper px-2 text-sm"
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What the person chose last; it stays while one goes from operation to operation. */
const last: { language: SampleLanguage; scheme: string } = { language: "curl", scheme: "" };

/** Example call and example answer of an operation. */
export function SideCar(props: {
  reference: Reference;
  document: Json;
  operation: ReferenceOperation;
  described: Described;
  server: ReferenceServer | undefined;
  onEnvironment: (environment: string) => void;
  /** What stands below the call: whose credentials to put in. */
  children?: ReactNode;
}) {
  const { reference, operation, described, server, onEnvironment, children } = props;
  const reader = useReader();
  const [language, setLanguage] = useState(last.language);
  const [wanted, setWanted] = useState(last.scheme);
  // The cookie of this console is of no use in a program.
  const ways = operation.security.filter((demand) => schemeOf(reference, demand)?.place !== "cookie");
  const demand = ways.find((one) => one.scheme === wanted) ?? ways[0];
  const scheme = schemeOf(reference, demand);
  const call = useMemo(
    () => callOf(server?.url ?? "", operation, described, scheme),
    [server, operation, described, scheme],
  );
  const text = useMemo(() => snippet(language, call), [language, call]);
  return (
    <section aria-label={reader.try}>
      <h3 className="mb-2 font-semibold">{reader.try}</h3>
      {reference.servers.length > 1 ? (
        <Choose
          label={reader.environment}
          value={server?.environment ?? ""}
          onValue={onEnvironment}
          choices={reference.servers.map((one) => ({
            value: one.environment ?? "",
            label: one.name ?? one.environment ?? one.url,
          }))}
        />
      ) : null}
      {ways.length > 1 && demand ? (
        <Choose
          label={reader.way}
          value={demand.scheme}
          onValue={(value) => {
            last.scheme = value;
            setWanted(value);
          }}
          choices={ways.map((one) => ({
            value: one.scheme,
            label: word(reader.short, schemeOf(reference, one)?.kind ?? "other"),
          }))}
        />
      ) : null}
      {reference.servers.length === 0 ? <p className="mb-2 text-sm text-muted">{reader.unpublished}</p> : null}
      <Languages
        value={language}
        onValue={(value) => {
          last.language = value;
          setLanguage(value);
        }}
      />
      <Code text={text} what={reader.sampleOf(word(reader.languages, language))} />
      <Fill described={described} text={text} />
      {scheme?.token_url && demand ? (
        <details className="my-2 text-sm">
          <summary className="w-fit cursor-pointer py-0.5 text-accent hover:underline">{reader.getToken}</summary>
          <Code text={tokenCall(scheme, demand)} what={reader.getToken} />
        </details>
      ) : null}
      {children}
      <Answered key={operation.name} described={described} />
    </section>
  );
}

function Languages({ value, onValue }: { value: SampleLanguage; onValue: (value: SampleLanguage) => void }) {
  const reader = useReader();
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{reader.language}</legend>
      {LANGUAGES.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === value}
          onClick={() => onValue(one)}
          className="min-h-7 rounded-md px-2 text-sm text-muted hover:bg-sunken aria-pressed:bg-accent-soft aria-pressed:font-semibold aria-pressed:text-accent"
        >
          {word(reader.languages, one)}
        </button>
      ))}
    </fieldset>
  );
}

/** Which words of the example are the caller's own to fill in. */
function Fill({ described, text }: { described: Described; text: string }) {
  const reader = useReader();
  const named = described.parameters.map((one) => placeholder(one.name));
  const own = described.parameters.map((one) => one.sample).filter((one) => named.some((name) => name === one));
  const all = [...new Set([...Object.values(SECRETS), ...own.map(String)])].filter((name) => text.includes(name));
  if (all.length === 0) return null;
  return <p className="text-sm text-muted [overflow-wrap:anywhere]">{reader.fill(all.join(", "))}</p>;
}

/** The example of an answer, the hoped-for one first. */
function Answered({ described }: { described: Described }) {
  const reader = useReader();
  const [chosen, setChosen] = useState(() => bestAnswer(described.answers)?.status ?? "");
  const answer = described.answers.find((one) => one.status === chosen);
  const media = answer ? preferred(answer.media) : undefined;
  const sample = useMemo(() => media?.sample, [media]);
  if (!answer) return null;
  const text = typeof sample === "string" ? sample : JSON.stringify(sample, null, 2);
  return (
    <div className="mt-5">
      <h3 className="mb-2 font-semibold">{reader.response}</h3>
      {described.answers.length > 1 ? (
        <Choose
          label={reader.status}
          value={chosen}
          onValue={setChosen}
          choices={described.answers.map((one) => ({
            value: one.status,
            label: one.status === "default" ? reader.anyStatus : one.status,
          }))}
        />
      ) : (
        <p className="font-mono text-sm text-muted">{answer.status}</p>
      )}
      {sample === undefined ? (
        <p className="text-sm text-muted">{media ? reader.noExample : reader.noContent}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a pointer
        <section tabIndex={0} aria-label={reader.response} className="max-h-96 overflow-y-auto">
          <Code text={text} what={reader.response} />
        </section>
      )}
    </div>
  );
}
