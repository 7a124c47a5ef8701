import { type ReactNode, useId, useMemo, useState } from "react";
import type { Reference, ReferenceOperation, ReferenceWebhook } from "#/client/schema";
import { word } from "#/i18n";
import { useReader } from "#/i18n/reader";
import { Copyable } from "#/ui/copy";
import { Pill } from "#/ui/pill";
import type { Json } from "./document";
import { type Answer, type Body, bestAnswer, type Described, type Media, type Parameter } from "./operation";
import type { Direction } from "./sample";
import { shape, typeWordOf } from "./shape";
import { preferred } from "./snippets";
import { Facts, Marks, SchemaTree, Words } from "./tree";
import { Ways } from "./ways";

export function Heading({ title, id }: { title: string; id: string }) {
  return (
    <h2 id={id} tabIndex={-1} className="scroll-mt-16 text-lg font-bold outline-none [overflow-wrap:anywhere]">
      {title}
    </h2>
  );
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mt-6">
      <h3 id={id} className="mb-1 font-semibold">
        {title}
      </h3>
      {children}
    </section>
  );
}

/** One operation: what it does, what it takes, what it answers. */
export function OperationArticle(props: {
  reference: Reference;
  document: Json;
  operation: ReferenceOperation;
  described: Described;
  headingId: string;
  access: ReactNode;
}) {
  const { reference, document, operation, described, headingId, access } = props;
  const reader = useReader();
  return (
    <article aria-labelledby={headingId}>
      <Heading id={headingId} title={operation.summary || `${operation.method} ${operation.path}`} />
      <p className="mt-1 flex flex-wrap items-center gap-x-2">
        <span className="font-mono font-bold">{operation.method}</span>
        <Copyable value={operation.path} what={reader.path} />
        {operation.deprecated ? <Pill tone="hold">{reader.deprecated}</Pill> : null}
      </p>
      {operation.deprecated ? <p className="text-sm text-muted">{reader.deprecatedHint}</p> : null}
      <Words prose={described.prose} className="mt-3" />
      {access}
      <Part title={reader.security}>
        <Ways reference={reference} operation={operation} />
      </Part>
      <Parameters document={document} parameters={described.parameters} />
      {described.body ? (
        <RequestBody document={document} body={described.body} title={reader.body} direction="request" />
      ) : null}
      <Responses document={document} answers={described.answers} title={reader.responses} direction="response" />
    </article>
  );
}

/** A call that the provider makes: what comes, and what is expected back. */
export function WebhookArticle(props: {
  document: Json;
  webhook: ReferenceWebhook;
  described: Described;
  headingId: string;
}) {
  const { document, webhook, described, headingId } = props;
  const reader = useReader();
  return (
    <article aria-labelledby={headingId}>
      <Heading id={headingId} title={webhook.summary || webhook.name} />
      <p className="mt-1 flex flex-wrap items-center gap-x-2">
        <span className="font-mono font-bold">{webhook.method}</span>
        <code className="font-mono text-sm">{webhook.name}</code>
      </p>
      <p className="text-sm text-muted">{reader.webhooksHint}</p>
      <Words prose={described.prose} className="mt-3" />
      <Parameters document={document} parameters={described.parameters} />
      {described.body ? (
        <RequestBody document={document} body={described.body} title={reader.payload} direction="response" />
      ) : null}
      <Responses document={document} answers={described.answers} title={reader.yourAnswer} direction="request" />
    </article>
  );
}

function Parameters({ document, parameters }: { document: Json; parameters: Parameter[] }) {
  const reader = useReader();
  if (parameters.length === 0) return null;
  return (
    <Part title={reader.parameters}>
      <ul>
        {parameters.map((parameter) => (
          <ParameterRow key={`${parameter.place} ${parameter.name}`} document={document} parameter={parameter} />
        ))}
      </ul>
    </Part>
  );
}

function ParameterRow({ document, parameter }: { document: Json; parameter: Parameter }) {
  const reader = useReader();
  const found = shape(document, parameter.schema);
  return (
    <li className="py-1.5">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <code className={`font-mono font-bold [overflow-wrap:anywhere] ${parameter.deprecated ? "line-through" : ""}`}>
          {parameter.name}
        </code>
        <span className="text-sm text-muted">{word(reader.places, parameter.place)}</span>
        <span className="font-mono text-sm text-muted [overflow-wrap:anywhere]">{typeWordOf(document, found)}</span>
        <Marks
          found={{ ...found, deprecated: parameter.deprecated || found.deprecated }}
          required={parameter.required}
        />
      </div>
      <Words prose={parameter.prose ?? found.prose} className="text-sm text-muted" />
      <Facts found={found} />
    </li>
  );
}

type BodyProps = { document: Json; body: Body; title: string; direction: Direction };

function RequestBody({ document, body, title, direction }: BodyProps) {
  const reader = useReader();
  return (
    <Part title={title}>
      {body.required ? <p className="text-sm text-wait">{reader.required}</p> : null}
      <Words prose={body.prose} className="text-sm text-muted" />
      <Content document={document} media={body.media} direction={direction} />
    </Part>
  );
}

/** The schema of a body, in the media type of one's choice. */
function Content({ document, media, direction }: { document: Json; media: Media[]; direction: Direction }) {
  const reader = useReader();
  const [chosen, setChosen] = useState(() => preferred(media)?.type ?? "");
  const id = useId();
  const site = useMemo(() => ({ document, direction }), [document, direction]);
  const shown = media.find((one) => one.type === chosen) ?? preferred(media);
  if (!shown) return <p className="text-sm text-muted">{reader.noContent}</p>;
  return (
    <>
      {media.length > 1 ? (
        <p className="my-1">
          <label htmlFor={id} className="mr-2 text-sm text-muted">
            {reader.media}
          </label>
          <select
            id={id}
            value={shown.type}
            onChange={(event) => setChosen(event.target.value)}
            className="min-h-7 max-w-full rounded-md border border-control bg-paper px-1.5 font-mono text-sm"
          >
            {media.map((one) => (
              <option key={one.type} value={one.type}>
                {one.type}
              </option>
            ))}
          </select>
        </p>
      ) : (
        <p className="font-mono text-sm text-muted">{shown.type}</p>
      )}
      {shown.schema === undefined ? null : <SchemaTree key={shown.type} site={site} schema={shown.schema} />}
    </>
  );
}

type ResponsesProps = { document: Json; answers: Answer[]; title: string; direction: Direction };

function Responses({ document, answers, title, direction }: ResponsesProps) {
  const best = bestAnswer(answers);
  if (answers.length === 0) return null;
  return (
    <Part title={title}>
      {answers.map((answer) => (
        <Response
          key={answer.status}
          document={document}
          answer={answer}
          direction={direction}
          startsOpen={answer === best}
        />
      ))}
    </Part>
  );
}

const colour = (status: string) =>
  /^[23]/.test(status) ? "text-ok" : /^[45]/.test(status) ? "text-bad" : "text-muted";

type ResponseProps = { document: Json; answer: Answer; direction: Direction; startsOpen: boolean };

/** One status; what is in it is only drawn once it is opened. */
function Response({ document, answer, direction, startsOpen }: ResponseProps) {
  const reader = useReader();
  const [open, setOpen] = useState(startsOpen);
  const first = answer.prose?.text.split("\n")[0] ?? "";
  return (
    <details
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="border-b border-line py-1 last:border-b-0"
    >
      <summary className="min-h-7 cursor-pointer rounded py-0.5">
        <span className={`font-mono font-bold ${colour(answer.status)}`}>
          {answer.status === "default" ? reader.anyStatus : answer.status}
        </span>
        <span
          className={`ml-2 text-sm text-muted [overflow-wrap:anywhere] ${open && answer.prose?.blocks ? "hidden" : ""}`}
        >
          {first}
        </span>
      </summary>
      {open ? (
        <div className="pb-2">
          {answer.prose?.blocks || (answer.prose && answer.prose.text !== first) ? (
            <Words prose={answer.prose} className="mb-1 text-sm text-muted" />
          ) : null}
          {answer.headers.length > 0 ? <Headers document={document} answer={answer} /> : null}
          <Content document={document} media={answer.media} direction={direction} />
        </div>
      ) : null}
    </details>
  );
}

function Headers({ document, answer }: { document: Json; answer: Answer }) {
  const reader = useReader();
  return (
    <div className="mb-2">
      <h4 className="text-sm font-semibold">{reader.headers}</h4>
      <ul>
        {answer.headers.map((header) => (
          <li key={header.name} className="py-0.5">
            <code className="font-mono text-sm font-bold [overflow-wrap:anywhere]">{header.name}</code>
            <span className="ml-2 font-mono text-sm text-muted">
              {typeWordOf(document, shape(document, header.schema))}
            </span>
            <Words prose={header.prose} className="text-sm text-muted" />
          </li>
        ))}
      </ul>
    </div>
  );
}
