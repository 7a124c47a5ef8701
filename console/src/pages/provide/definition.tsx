import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { ApiOverview, Version } from "#/client/schema";
import { useText } from "#/i18n";
import { list as words } from "#/i18n/format";
import { buttonClass } from "#/ui/button";
import { Cell, Row, Rows, Waiting } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { When } from "#/ui/time";
import { VersionState } from "#/ui/versionstate";
import { useProvided, useVersions } from "./use";
import { VersionParts } from "./version";

const UploadVersion = lazy(() => import("./upload").then((m) => ({ default: m.UploadVersion })));

/** The versions of the API: documents, security, and where each can be called. */
export function Definition() {
  const { definition } = useText().provide;
  const api = useProvided();
  const versions = useVersions(api.id);
  const { version: wanted } = useSearch({ from: "/provide/apis/$api/definition" });
  const navigate = useNavigate({ from: "/provide/apis/$api/definition" });
  const show = (version: string | undefined) => navigate({ search: { version } });
  if (wanted === "new") {
    return (
      <Suspense fallback={<Waiting />}>
        <UploadVersion api={api} onMade={(id) => show(id)} onClose={() => show(undefined)} />
      </Suspense>
    );
  }
  const open = versions.find((version) => version.id === wanted) ?? versions.at(-1);
  const upload = <Upload api={api} />;
  return (
    <>
      <Section title={definition.title} sub={definition.sub} id="versions" actions={upload}>
        {versions.length === 0 ? (
          <Empty title={definition.empty} action={upload}>
            {definition.emptyHint}
          </Empty>
        ) : (
          <VersionRows versions={versions} open={open?.id} />
        )}
      </Section>
      {open ? (
        <VersionParts key={open.id} api={api} version={open} versions={versions} onGone={() => show(undefined)} />
      ) : null}
    </>
  );
}

function Upload({ api }: { api: ApiOverview }) {
  const { definition } = useText().provide;
  if (!api.may_edit) return <Refused reason={definition.denied}>{definition.upload}</Refused>;
  return (
    <Link
      to="/provide/apis/$api/definition"
      params={{ api: api.id }}
      search={{ version: "new" }}
      className={buttonClass("primary")}
    >
      {definition.upload}
    </Link>
  );
}

function VersionRows({ versions, open }: { versions: Version[]; open: string | undefined }) {
  const { definition } = useText().provide;
  return (
    <Rows columns="grid-cols-[minmax(8rem,1fr)_minmax(12rem,2fr)_auto]" label={definition.title}>
      {versions.map((version) => (
        <Row key={version.id} marked={version.id === open}>
          <Cell
            className="max-md:basis-full"
            title={
              <Link
                to="."
                search={{ version: version.id } as never}
                resetScroll={false}
                aria-current={version.id === open ? "true" : undefined}
                className="font-mono hover:underline"
              >
                {version.name}
              </Link>
            }
            sub={definition.operations(version.operations)}
          />
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <VersionState version={version} />
            {version.publications.length > 0 ? (
              <span className="text-sm text-muted">
                {words(version.publications.map((one) => one.environment_name))}
              </span>
            ) : null}
          </span>
          <span className="text-sm text-muted">
            <When at={version.created_at} />
          </span>
        </Row>
      ))}
    </Rows>
  );
}
