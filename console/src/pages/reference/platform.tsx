import { useNavigate, useSearch } from "@tanstack/react-router";
import { useReader } from "#/i18n/reader";
import { buttonClass } from "#/ui/button";
import { PageHead } from "#/ui/page";
import { Reader, type View } from "./reader";
import { useReference } from "./use";

/** This platform's own interface, in the reader that shows the others. */
export function PlatformReference() {
  const reader = useReader();
  const reference = useReference(undefined);
  const search = useSearch({ from: "/reference" });
  const navigate = useNavigate({ from: "/reference" });
  const view: View = { operation: said(search.operation), q: said(search.q) };
  const onView = ({ operation, q }: View, step: boolean) =>
    void navigate({ search: { operation, q }, replace: !step, resetScroll: false });
  return (
    <>
      <PageHead
        title={reader.title}
        sub={reader.platform}
        actions={
          <a href="/api/openapi.json" download="wayleave-openapi.json" className={buttonClass("plain")}>
            {reader.download}
          </a>
        }
      />
      <Reader
        reference={reference}
        view={view}
        onView={onView}
        href={(operation) => (operation ? `/reference?operation=${encodeURIComponent(operation)}` : "/reference")}
      />
    </>
  );
}

/** A word of the address: the router takes `?q=5` for a number. */
export function said(value: unknown): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : String(value);
}
