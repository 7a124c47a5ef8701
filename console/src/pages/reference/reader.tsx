import { type ReactNode, useEffect, useId, useMemo, useRef } from "react";
import type { Reference, ReferenceServer } from "#/client/schema";
import { useReader } from "#/i18n/reader";
import { Text } from "#/ui/blocks";
import { Copyable } from "#/ui/copy";
import { Empty } from "#/ui/page";
import { Heading, OperationArticle, Part, WebhookArticle } from "./article";
import { Contents } from "./contents";
import { describe, documentOf, groups, webhookKey } from "./operation";
import { SideCar } from "./sidecar";
import { useWide } from "./use";
import { wayWords } from "./ways";

/** What the address says about the reader. */
export type View = { operation?: string; q?: string; environment?: string };

type Props = {
  reference: Reference;
  view: View;
  /** Goes to a view; a new operation is a step that Back undoes. */
  onView: (view: View, step: boolean) => void;
  /** The address of an operation, for links. */
  href: (operation: string) => string;
  /** The environment to begin with, unless the address says another. */
  usual?: string;
  /** Who may call it in the environment that is chosen. */
  access?: (server: ReferenceServer) => ReactNode;
};

/** An OpenAPI document in three columns: what there is, what it says, how it is called. Only what is looked at is drawn. */
export function Reader({ reference, view, onView, href, usual, access }: Props) {
  const reader = useReader();
  const headingId = useId();
  const wide = useWide();
  const disclosure = useRef<HTMLDetailsElement>(null);
  const document = documentOf(reference);
  const name = view.operation ?? "";
  const operation = reference.operations.find((one) => one.name === name);
  const webhook = reference.webhooks.find((one) => webhookKey(one) === name);
  const shown = operation ?? webhook;
  const described = useMemo(() => (shown ? describe(document, shown) : undefined), [document, shown]);
  const at = (environment: string | undefined) => reference.servers.find((one) => one.environment === environment);
  const server = at(view.environment) ?? at(usual) ?? reference.servers[0];
  const arrive = useArrival(headingId, name);
  useTitle(shown?.summary || (shown ? name : ""));

  const open = (wanted: string) => {
    if (disclosure.current) disclosure.current.open = false;
    arrive(wanted);
    onView({ ...view, operation: wanted || undefined }, true);
  };
  const contents = (
    <Contents
      reference={reference}
      current={name}
      query={view.q ?? ""}
      href={href}
      onOpen={open}
      onQuery={(q) => onView({ ...view, q: q || undefined }, false)}
    />
  );
  const side = operation && described && (
    <SideCar
      reference={reference}
      document={document}
      operation={operation}
      described={described}
      server={server}
      onEnvironment={(wanted) => onView({ ...view, environment: wanted }, false)}
    />
  );
  return (
    <div className="grid gap-x-7 gap-y-6 lg:grid-cols-[13.5rem_minmax(0,1fr)] xl:grid-cols-[13.5rem_minmax(0,1fr)_23rem]">
      {wide ? (
        <div className="sticky top-14 self-start">{contents}</div>
      ) : (
        <details ref={disclosure} className="rounded-md border border-line bg-surface">
          <summary className="min-h-10 cursor-pointer px-3 py-2 font-semibold">
            {shown ? `${reader.contents}: ${shown.method} ${shown.summary || name}` : reader.choose}
          </summary>
          <div className="border-t border-line p-3">{contents}</div>
        </details>
      )}
      <div className={`min-w-0 ${side ? "" : "xl:col-span-2"}`}>
        {operation && described ? (
          <OperationArticle
            key={name}
            reference={reference}
            document={document}
            operation={operation}
            described={described}
            headingId={headingId}
            access={server ? access?.(server) : null}
          />
        ) : webhook && described ? (
          <WebhookArticle
            key={name}
            document={document}
            webhook={webhook}
            described={described}
            headingId={headingId}
          />
        ) : (
          <Overview reference={reference} missing={name !== ""} headingId={headingId} href={href} onOpen={open} />
        )}
      </div>
      {side ? (
        <div className="min-w-0 lg:col-start-2 xl:sticky xl:top-14 xl:col-start-3 xl:row-start-1 xl:max-h-[calc(100dvh-4rem)] xl:self-start xl:overflow-y-auto">
          {side}
        </div>
      ) : null}
    </div>
  );
}

/** The heading of an operation that was chosen here takes the focus, so that it is read and reading goes on from there. */
function useArrival(headingId: string, name: string): (wanted: string) => void {
  const expected = useRef<string>(undefined);
  const last = useRef(name);
  useEffect(() => {
    const chosen = expected.current === name;
    // Back and Forward take away what had the focus.
    const lost = last.current !== name && window.document.activeElement === window.document.body;
    last.current = name;
    if (!chosen && !lost) return;
    expected.current = undefined;
    const heading = window.document.getElementById(headingId);
    heading?.focus({ preventScroll: true });
    // Into sight, if it is above what is seen or far below.
    const top = heading?.getBoundingClientRect().top ?? 0;
    if (top < 48 || top > window.innerHeight / 2) heading?.scrollIntoView({ block: "start" });
  }, [name, headingId]);
  return (wanted) => {
    expected.current = wanted;
  };
}

/** The operation stands in the title of the window, as in its address. */
function useTitle(title: string) {
  useEffect(() => {
    if (!title) return;
    const before = window.document.title;
    window.document.title = `${title} · ${before}`;
    return () => {
      window.document.title = before;
    };
  }, [title]);
}

type OverviewProps = {
  reference: Reference;
  missing: boolean;
  headingId: string;
  href: (operation: string) => string;
  onOpen: (operation: string) => void;
};

/** What the document says of itself. */
function Overview({ reference, missing, headingId, href, onOpen }: OverviewProps) {
  const reader = useReader();
  const all = groups(reference, reference.operations);
  return (
    <article aria-labelledby={headingId}>
      {missing ? <Missing /> : null}
      <Heading id={headingId} title={reference.title} />
      <p className="text-sm text-muted">
        {`${reader.documentVersion(reference.version)} · ${reader.written(reference.edition)} · ${reader.operations(reference.operations.length)}`}
      </p>
      {reference.description.length > 0 ? <Text blocks={reference.description} className="mt-3 max-w-[62ch]" /> : null}
      <Part title={reader.addresses}>
        {reference.servers.length === 0 ? <p className="text-muted">{reader.unpublished}</p> : null}
        <ul>
          {reference.servers.map((server) => (
            <li key={server.url} className="py-0.5">
              {server.name ? <span className="mr-2 text-muted">{server.name}</span> : null}
              <Copyable value={server.url} what={reader.address} />
            </li>
          ))}
        </ul>
      </Part>
      <Part title={reader.security}>
        {reference.schemes.length === 0 ? <p>{reader.anonymous}</p> : null}
        <ul className={reference.schemes.length > 1 ? "list-disc pl-5" : ""}>
          {reference.schemes.map((scheme) => (
            <li key={scheme.id}>{wayWords(scheme, reader)}</li>
          ))}
        </ul>
      </Part>
      {reference.operations.length === 0 ? <Empty title={reader.noOperations}>{reader.noOperationsHint}</Empty> : null}
      {all.length > 1 ? (
        <Part title={reader.contents}>
          <ul>
            {all.map((group) => {
              const first = group.operations[0]?.name ?? "";
              const about = reference.tags.find((tag) => tag.name === group.tag)?.description;
              return (
                <li key={group.tag} className="border-b border-line py-2 last:border-b-0">
                  <a
                    href={href(first)}
                    onClick={(event) => {
                      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
                      event.preventDefault();
                      onOpen(first);
                    }}
                    className="font-semibold hover:underline"
                  >
                    {group.tag || reader.ungrouped}
                  </a>
                  <span className="ml-2 text-sm text-muted">{reader.operations(group.operations.length)}</span>
                  {about ? <Text blocks={about} className="max-w-[62ch] text-sm text-muted" /> : null}
                </li>
              );
            })}
          </ul>
        </Part>
      ) : null}
    </article>
  );
}

function Missing() {
  const reader = useReader();
  return (
    <div role="status" className="mb-4 rounded-md border-l-4 border-wait bg-wait-soft px-4 py-3">
      <p className="font-semibold">{reader.gone}</p>
      <p>{reader.goneHint}</p>
    </div>
  );
}
