import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { postDocument } from "#/client/document";
import { http } from "#/client/http";
import { useRemove } from "#/client/remove";
import type { ApiOverview, Version } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { moment, number } from "#/i18n/format";
import { Button, buttonClass } from "#/ui/button";
import { Copyable } from "#/ui/copy";
import { Checkbox } from "#/ui/field";
import { Card, Properties, Section } from "#/ui/page";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { VersionState } from "#/ui/versionstate";
import { Removal } from "../plan/removal";
import { useReason } from "../profile/reason";
import type { Checked } from "./check";
import { refusal } from "./control";
import { EndingActions } from "./ending";
import { Implementation } from "./implementation";
import { Lint } from "./lint";
import { Modification } from "./modification";
import { Operations } from "./operations";
import { Publications } from "./publications";
import { Revisions } from "./revisions";
import { Security } from "./security";

type PartsProps = { api: ApiOverview; version: Version };

/** Everything about one version. */
export function VersionParts({
  api,
  version,
  versions,
  onGone,
}: PartsProps & { versions: Version[]; onGone: () => unknown }) {
  const { provide, versions: words } = useText();
  const { definition } = provide;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line pt-6">
        <h2 className="text-lg font-bold">{definition.one(version.name)}</h2>
        <VersionState version={version} />
        <span className="ml-auto">
          <EndingActions version={version} versions={versions} />
        </span>
      </div>
      <div className="grid items-start gap-x-10 xl:grid-cols-2">
        <div className="min-w-0">
          <Section title={definition.publications} sub={definition.publicationsSub} id="publications">
            <Publications api={api} version={version} />
          </Section>
          <Section title={definition.document} id="document">
            <Document api={api} version={version} />
            {api.may_edit ? <Remove version={version} onGone={onGone} /> : null}
          </Section>
        </div>
        <div className="min-w-0">
          <Section title={definition.security} sub={definition.securitySub} id="security">
            <Security key={version.revision} version={version} mayEdit={api.may_edit} />
          </Section>
          <Section title={definition.otherPaths} id="forward">
            <Forward version={version} mayEdit={api.may_edit} />
          </Section>
          {api.may_edit ? (
            <Section title={words.implementation.title} sub={words.implementation.sub} id="implementation">
              <Implementation key={version.revision} version={version} />
            </Section>
          ) : null}
        </div>
      </div>
      {api.may_edit ? (
        <>
          <Section title={words.modification.title} sub={words.modification.sub} id="modification">
            <Modification key={version.revision} version={version} />
          </Section>
          <Operations version={version} />
          <Revisions version={version} />
        </>
      ) : null}
    </>
  );
}

function Remove({ version, onGone }: { version: Version; onGone: () => unknown }) {
  const { definition } = useText().provide;
  const toast = useToast();
  const { run, busy, error } = useRemove("/api/v1/versions/{id}");
  return (
    <Removal
      name={version.name}
      verb={definition.remove}
      title={definition.removeTitle(version.name)}
      hint={definition.removeHint}
      actions={version.actions}
      busy={busy}
      error={error}
      onRemove={async () => {
        await run(version.id, onGone);
        toast(definition.removed(version.name));
      }}
    />
  );
}

/** A switch: it is saved when it is pressed, moves at once, and back if the server refuses. */
function Forward({ version, mayEdit }: { version: Version; mayEdit: boolean }) {
  const { definition } = useText().provide;
  const toast = useToast();
  const { run, busy, error } = useWrite("patch", "/api/v1/versions/{id}");
  const [wanted, setWanted] = useState<boolean>();
  const refused = refusal(version, "forward_everything");
  const why = useReason();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the server says now is what holds
  useEffect(() => setWanted(undefined), [version]);
  const set = async (forward_everything: boolean) => {
    if (busy) return;
    setWanted(forward_everything);
    try {
      await run({ params: { path: { id: version.id } }, body: { forward_everything } });
      toast(forward_everything ? definition.forwardOn : definition.forwardOff);
    } catch {
      setWanted(undefined);
      // `error` says it, below.
    }
  };
  return (
    <Card>
      {error ? <ProblemBanner error={error} /> : null}
      <Checkbox
        label={definition.forward}
        hint={definition.forwardHint}
        checked={wanted ?? version.forward_everything}
        onChecked={(checked) => void set(checked)}
        disabled={!mayEdit || refused !== undefined}
      />
      {refused === undefined ? null : <p className="text-sm text-muted">{why(refused)}</p>}
    </Card>
  );
}

function Document({ api, version }: PartsProps) {
  const { definition, lint } = useText().provide;
  const [checked, setChecked] = useState<Checked>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const path = `/api/v1/versions/${version.id}/document?revision=${version.revision}`;
  const check = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const answer = await http.GET("/api/v1/versions/{id}/document", {
        params: { path: { id: version.id }, query: { revision: version.revision } },
        parseAs: "text",
      });
      setChecked(await postDocument<Checked>("/api/v1/documents/check", String(answer.data ?? "")));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card>
      <Properties
        items={[
          [definition.titleFact, version.title],
          [lint.operations, number(version.operations)],
          [lint.format, version.format],
          [definition.uploadedAt, moment(version.created_at)],
          [definition.id, <Copyable key="id" value={version.id} what={definition.id} />],
        ]}
      />
      <div className="mt-4 flex flex-wrap gap-2">
        <a href={path} download={`${api.slug}-${version.name}.${version.format}`} className={buttonClass()}>
          {definition.download}
        </a>
        <Link
          to="/apis/$api/reference"
          params={{ api: api.id }}
          search={{ version: version.id }}
          className={buttonClass()}
        >
          {definition.reference}
        </Link>
        <Button busy={busy} onClick={() => void check()}>
          {lint.check}
        </Button>
      </div>
      <p role="status" className="sr-only">
        {checked ? lint.count(checked.notes.length) : ""}
      </p>
      <div className="mt-4 empty:hidden">
        {error ? <ProblemBanner error={error} /> : null}
        {checked ? <Lint notes={checked.notes} /> : null}
      </div>
    </Card>
  );
}
