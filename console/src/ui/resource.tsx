import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ResourceName } from "#/client/schema";
import { useText, word } from "#/i18n";

/** The name of a resource: what it is called, or what it is when it has no name. */
export function useResourceName(): (of: ResourceName) => string {
  const { common } = useText();
  return (of) => of.name?.replace(" > ", " → ") ?? word(common.kinds, of.kind);
}

/** A resource by its name, as a link where there is a page about it. */
export function ResourceLink({ of, children }: { of: ResourceName; children?: ReactNode }) {
  const named = useResourceName();
  const text = children ?? named(of);
  const look = "font-medium text-ink underline decoration-line underline-offset-3 hover:decoration-current";
  switch (of.kind) {
    case "api":
      return (
        <Link to="/apis/$api" params={{ api: of.id }} className={look}>
          {text}
        </Link>
      );
    case "app":
      return (
        <Link to="/apps/$app" params={{ app: of.id }} className={look}>
          {text}
        </Link>
      );
    case "subscription":
      return (
        <Link to="/subscriptions/$subscription" params={{ subscription: of.id }} className={look}>
          {text}
        </Link>
      );
    case "client":
      return (
        <Link to="/api-clients/$client" params={{ client: of.id }} className={look}>
          {text}
        </Link>
      );
    case "organization":
      return (
        <Link to="/organizations/$organization" params={{ organization: of.id }} className={look}>
          {text}
        </Link>
      );
    case "group":
      return (
        <Link to="/groups/$group" params={{ group: of.id }} className={look}>
          {text}
        </Link>
      );
    case "user":
      return (
        <Link to="/people/$user" params={{ user: of.id }} className={look}>
          {text}
        </Link>
      );
    case "task":
      return (
        <Link to="/inbox" search={{ item: of.id }} className={look}>
          {text}
        </Link>
      );
    case "credential":
      // The name of a credential is the end of it.
      return <code className="font-mono text-sm text-ink">{of.name ? `…${of.name}` : text}</code>;
    default:
      return <span className="text-ink">{text}</span>;
  }
}
