import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Version } from "#/client/schema";
import { useGet, useMaybe } from "#/client/use";
import { useText } from "#/i18n";
import { Button, buttonClass } from "#/ui/button";
import { ComparisonView } from "#/ui/comparison";
import { Dialog } from "#/ui/dialog";
import { Select } from "#/ui/field";
import { Cell, Row, Rows, Waiting } from "#/ui/list";
import { Empty } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { ProblemBanner } from "#/ui/problem";
import { When } from "#/ui/time";
import { VersionState } from "#/ui/versionstate";
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
    <>
      <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={words.versions}>
        {versions.map((version) => (
          <VersionRow key={version.id} version={version} api={api.id} />
        ))}
      </Rows>
      {versions.length > 1 ? <Between versions={versions} /> : null}
    </>
  );
}

/** What somebody has to do who moves from one version to another. */
function Between({ versions }: { versions: Version[] }) {
  const { comparison } = useText().versions;
  const [open, setOpen] = useState(false);
  return (
    <p className="mt-4">
      <Button onClick={() => setOpen(true)}>{comparison.between}</Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={comparison.between} wide>
        {open ? <Compared versions={versions} /> : null}
      </Dialog>
    </p>
  );
}

function Compared({ versions }: { versions: Version[] }) {
  const { revisions } = useText().versions;
  const [from, setFrom] = useState(versions.at(-2)?.id ?? "");
  const [to, setTo] = useState(versions.at(-1)?.id ?? "");
  const { data, error } = useMaybe(from === to ? undefined : "/api/v1/versions/{id}/diff", {
    params: { path: { id: to }, query: { against: from } },
  });
  const options = versions.map((version) => ({ value: version.id, label: version.name }));
  return (
    <>
      <div className="grid gap-x-4 sm:grid-cols-2">
        <Select label={revisions.from} name="from" value={from} onValue={setFrom} options={options} />
        <Select label={revisions.to} name="to" value={to} onValue={setTo} options={options} />
      </div>
      <div aria-live="polite">
        {error ? <ProblemBanner error={error} /> : data ? <ComparisonView of={data} /> : null}
        {!error && !data && from !== to ? <Waiting /> : null}
      </div>
    </>
  );
}

function VersionRow({ version, api }: { version: Version; api: string }) {
  const { api: words, versions } = useText();
  const { ending } = version;
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
            {ending?.successor ? ` · ${versions.successorIs(ending.successor.name)}` : ""}
          </>
        }
      />
      <span className="flex flex-wrap gap-1.5">
        {version.state === "published" ? null : <VersionState version={version} />}
        {version.publications.map((one) => (
          <Pill key={one.environment} tone="ok">
            {one.environment_name}
          </Pill>
        ))}
      </span>
      <span className="flex flex-wrap justify-end gap-2">
        {version.publications.map((one) => (
          <a
            key={one.environment}
            href={`/api/v1/versions/${version.id}/document?environment=${one.environment_slug}`}
            download={`${version.name}-${one.environment_slug}.json`}
            className={buttonClass("plain", true)}
          >
            {versions.publishing.documentFor(one.environment_name)}
          </a>
        ))}
        {version.publications.length === 0 ? (
          <a href={`/api/v1/versions/${version.id}/document`} download className={buttonClass("plain", true)}>
            {words.download}
          </a>
        ) : null}
      </span>
    </Row>
  );
}
