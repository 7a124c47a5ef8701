import { Link } from "@tanstack/react-router";
import type { Version } from "#/client/schema";
import { useGet } from "#/client/use";
import { useText } from "#/i18n";
import { buttonClass } from "#/ui/button";
import { Cell, Row, Rows } from "#/ui/list";
import { Empty } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { When } from "#/ui/time";
import { useApi } from "./use";

/** Every version, the newest first, with where it can be called. */
export function ApiVersions() {
  const { api: words } = useText();
  const api = useApi();
  const versions = useGet("/api/v1/apis/{id}/versions", { params: { path: { id: api.id } } }).items;
  if (versions.length === 0)
    return (
      <Empty
        title={words.noVersions}
        action={
          api.may_edit ? (
            <Link to="/provide/apis/$api/definition" params={{ api: api.id }} className={buttonClass("primary")}>
              {words.versionsProvider}
            </Link>
          ) : undefined
        }
      >
        {words.noVersionsHint}
      </Empty>
    );
  return (
    <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={words.versions}>
      {versions.map((version) => (
        <VersionRow key={version.id} version={version} api={api.id} />
      ))}
    </Rows>
  );
}

function VersionRow({ version, api }: { version: Version; api: string }) {
  const { api: words } = useText();
  return (
    <Row>
      <Cell
        className="max-md:w-full"
        title={
          <Link to="/apis/$api/reference" params={{ api }} search={{ version: version.id }} className="hover:underline">
            {version.name}
            {version.title ? <span className="font-normal text-muted">{` ${version.title}`}</span> : null}
          </Link>
        }
        sub={
          <>
            {`${words.versionCount(version.operations)} · `}
            <When at={version.created_at} />
          </>
        }
      />
      <span className="flex flex-wrap gap-1.5">
        {version.publications.length === 0 ? <Pill tone="off">{words.unpublished}</Pill> : null}
        {version.publications.map((one) => (
          <Pill key={one.environment} tone="ok">
            {one.environment_name}
          </Pill>
        ))}
      </span>
      <span className="flex flex-wrap justify-end gap-2">
        <a href={`/api/v1/versions/${version.id}/document`} download className={buttonClass("plain", true)}>
          {words.download}
        </a>
      </span>
    </Row>
  );
}
