import { Link, type LinkProps, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { useText } from "#/i18n";

/** The head of a page: where one is, what it is, what to do. The heading takes the focus after navigation. */
export function PageHead(props: {
  title: string;
  crumb?: ReactNode;
  state?: ReactNode;
  sub?: ReactNode;
  actions?: ReactNode;
}) {
  const { title, crumb, state, sub, actions } = props;
  const { common } = useText();
  useEffect(() => {
    document.title = `${title} · ${common.product}`;
  }, [title, common.product]);
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 max-w-full">
        {crumb ? <div className="mb-1 text-sm text-muted">{crumb}</div> : null}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 tabIndex={-1} className="text-xl font-bold [overflow-wrap:anywhere]">
            {title}
          </h1>
          {state}
        </div>
        {sub ? <div className="mt-1 max-w-[62ch] text-muted">{sub}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}

/** "Parent / " above a title. */
export function Crumb({
  to,
  params,
  children,
}: {
  to: LinkProps["to"];
  params?: Record<string, string>;
  children: ReactNode;
}) {
  return (
    <>
      <Link to={to} params={params as never} className="hover:underline">
        {children}
      </Link>
      {" /"}
    </>
  );
}

export type Tab = {
  to: LinkProps["to"];
  params?: Record<string, string>;
  label: string;
  exact?: boolean;
  badge?: ReactNode;
};

/** The parts of a resource: real links, the current one marked. */
export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  const nav = useRef<HTMLElement>(null);
  const { common } = useText();
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  useEffect(() => {
    const current = nav.current?.querySelector('[aria-current="page"]');
    // On a narrow screen the tabs scroll sideways: the current one comes into view.
    current?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const part = tabs.find((tab) => tab.label === current?.firstChild?.textContent)?.label;
    const whole = document.querySelector("main h1")?.textContent;
    if (part && whole && part !== whole && path) document.title = `${part} · ${whole} · ${common.product}`;
  }, [path, tabs, common.product]);
  return (
    <nav
      ref={nav}
      aria-label={label}
      className="relative mb-5 flex overflow-x-auto border-b border-line [scrollbar-width:none]"
    >
      {tabs.map((tab) => (
        <Link
          key={tab.label}
          to={tab.to}
          params={tab.params as never}
          activeOptions={{ exact: tab.exact ?? false, includeSearch: false }}
          className="inline-flex min-h-10 items-center gap-2 px-3 whitespace-nowrap text-muted hover:text-ink -outline-offset-2"
          activeProps={{ className: "!text-ink font-semibold shadow-[inset_0_-2px_0_var(--accent)]" }}
        >
          {tab.label}
          {tab.badge}
        </Link>
      ))}
    </nav>
  );
}

export function Section({
  title,
  sub,
  actions,
  children,
  id,
}: {
  title: string;
  sub?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  id?: string;
}) {
  return (
    <section className="mb-8" aria-labelledby={id}>
      <div className="mb-2.5 flex flex-wrap items-end justify-between gap-3">
        <div>
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {sub ? <p className="max-w-[62ch] text-sm text-muted">{sub}</p> : null}
        </div>
        {actions ? <div className="flex gap-2">{actions}</div> : null}
      </div>
      {children}
    </section>
  );
}

export function Card({ children, className = "" }: { children: ReactNode; className?: string }) {
  return <div className={`rounded-xl border border-line bg-surface p-5 ${className}`}>{children}</div>;
}

/** What appears here, why it is empty, and what to do next. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="rounded-xl border border-dashed border-line px-5 py-8 text-center">
      <p className="font-semibold">{title}</p>
      {children ? <div className="mx-auto mt-1 max-w-[52ch] text-muted">{children}</div> : null}
      {action ? <div className="mt-4 flex justify-center gap-2">{action}</div> : null}
    </div>
  );
}

/** Term and value, as a ledger shows them. */
export function Properties({ items }: { items: [string, ReactNode][] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-6 gap-y-2 max-sm:grid-cols-1 max-sm:gap-y-0.5">
      {items.map(([term, value]) => (
        <div key={term} className="col-span-full grid grid-cols-subgrid max-sm:mb-2">
          <dt className="text-muted">{term}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
