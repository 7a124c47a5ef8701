import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Version } from "#/client/schema";
import { useGet } from "#/client/use";
import { useText } from "#/i18n";
import { useReader } from "#/i18n/reader";
import { buttonClass } from "#/ui/button";
import { Empty } from "#/ui/page";
import { EndingNotice } from "#/ui/versionstate";
import { Access } from "../reference/access";
import { said } from "../reference/platform";
import { Reader, type View } from "../reference/reader";
import { useReference } from "../reference/use";
import { toUse, useApi } from "./use";

/** What the API offers, from its OpenAPI document, in the version of one's choice. */
export function ApiReference() {
  const { api: words } = useText();
  const api = useApi();
  const versions = useGet("/api/v1/apis/{id}/versions", { params: { path: { id: api.id } } }).items;
  const search = useSearch({ from: "/apis/$api/reference" });
  const wanted = said(search.version);
  const chosen = versions.find((one) => one.id === wanted || one.name === wanted);
  const version = chosen ?? toUse(versions);
  if (!version) return <Empty title={words.noVersions}>{words.noVersionsHint}</Empty>;
  return <Document api={api.id} versions={versions} version={version} />;
}

function Document({ api: id, versions, version }: { api: string; versions: Version[]; version: Version }) {
  const reader = useReader();
  const api = useApi();
  const reference = useReference(version.id);
  const search = useSearch({ from: "/apis/$api/reference" });
  const navigate = useNavigate({ from: "/apis/$api/reference" });
  const view: View = {
    operation: said(search.operation),
    q: said(search.q),
    environment: said(search.environment),
  };
  const usual = api.mine.find((one) => one.state === "active")?.environment.name;
  const places = version.publications.map((one) => one.environment_slug);
  const place = places.find((slug) => slug === (view.environment ?? usual)) ?? places[0];
  const named = said(search.version) === undefined ? undefined : version.name;
  const onView = (next: View, step: boolean) =>
    void navigate({ search: { ...next, version: named }, replace: !step, resetScroll: false });
  const href = (operation: string) => {
    const query = new URLSearchParams();
    if (operation) query.set("operation", operation);
    if (named) query.set("version", named);
    const text = query.toString();
    return `/apis/${id}/reference${text ? `?${text}` : ""}`;
  };
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        {versions.length > 1 ? (
          <label className="flex items-center gap-2 text-sm">
            <span className="text-muted">{reader.version}</span>
            <select
              value={version.name}
              onChange={(event) =>
                void navigate({ search: { ...view, version: event.target.value }, resetScroll: false })
              }
              className="min-h-8 rounded-md border border-control bg-paper px-2"
            >
              {versions.map((one) => (
                <option key={one.id} value={one.name}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <p className="text-sm">
            <span className="text-muted">{`${reader.version} `}</span>
            {version.name}
          </p>
        )}
        <a
          href={`/api/v1/versions/${version.id}/document${place ? `?environment=${place}` : ""}`}
          download={
            place ? `${api.slug}-${version.name}-${place}.json` : `${api.slug}-${version.name}.${version.format}`
          }
          className={buttonClass("plain", true)}
        >
          {reader.download}
        </a>
      </div>
      <EndingNotice api={id} version={version} />
      <Reader
        key={version.id}
        reference={reference}
        view={view}
        onView={onView}
        href={href}
        usual={usual}
        access={(server) => <Access api={api} server={server} />}
      />
    </>
  );
}
