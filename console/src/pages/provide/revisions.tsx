import { useState } from "react";
import type { RevisionRow, Version } from "#/client/schema";
import { useList } from "#/client/use";
import { useText, word } from "#/i18n";
import { list as words } from "#/i18n/format";
import { Button, buttonClass } from "#/ui/button";
import { later } from "#/ui/dialog";
import { Cell, Listed, Row, Rows } from "#/ui/list";
import { Section } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { Refused } from "#/ui/refused";
import { When } from "#/ui/time";
import { useReason } from "../profile/reason";

const Compare = later(() => import("./differences").then((m) => m.Compare));
const Back = later(() => import("./back").then((m) => m.Back));
const ReplaceDocument = later(() => import("./replace").then((m) => m.ReplaceDocument));

type Props = { version: Version };

/** The revisions of a version: what each changed, where it is published, and the way back. */
export function Revisions({ version }: Props) {
  const { revisions } = useText().versions;
  const why = useReason();
  const list = useList("/api/v1/versions/{id}/revisions", { params: { path: { id: version.id }, query: {} } });
  const [comparing, setComparing] = useState<number>();
  const [back, setBack] = useState<RevisionRow>();
  const [replacing, setReplacing] = useState(false);
  const edit = version.actions.find((offer) => offer.action === "edit");
  const replace = edit?.allowed ? (
    <Button onClick={() => setReplacing(true)}>{revisions.replace}</Button>
  ) : (
    <Refused reason={why(edit?.reason)}>{revisions.replace}</Refused>
  );
  return (
    <Section title={revisions.title} sub={revisions.sub} id="revisions" actions={replace}>
      <Listed list={list} empty={null}>
        <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={revisions.title}>
          {list.items.map((one) => (
            <Line
              key={one.number}
              one={one}
              version={version}
              mayEdit={edit?.allowed === true}
              onCompare={() => setComparing(one.number)}
              onBack={() => setBack(one)}
            />
          ))}
        </Rows>
      </Listed>
      <Compare
        open={comparing !== undefined}
        version={version}
        all={list.items.map((one) => one.number)}
        to={comparing}
        onClose={() => setComparing(undefined)}
      />
      <Back open={back !== undefined} version={version} to={back} onClose={() => setBack(undefined)} />
      <ReplaceDocument open={replacing} version={version} onClose={() => setReplacing(false)} />
    </Section>
  );
}

type LineProps = Props & { one: RevisionRow; mayEdit: boolean; onCompare: () => void; onBack: () => void };

function Line({ one, version, mayEdit, onCompare, onBack }: LineProps) {
  const { revisions } = useText().versions;
  const places = version.publications.filter((place) => place.revision === one.number);
  return (
    <Row>
      <Cell
        className="max-md:w-full"
        title={
          <>
            {revisions.one(one.number)}
            <span className="font-normal text-muted">
              {` ${one.restores ? revisions.restores(one.restores) : word(revisions.origins, one.origin)}`}
            </span>
          </>
        }
        sub={
          <>
            {`${one.author_name ?? one.author ?? revisions.byProgram} · `}
            <When at={one.created_at} />
            {one.note ? ` · ${revisions.said(one.note)}` : ""}
          </>
        }
      />
      <span className="flex flex-wrap gap-1.5">
        {one.newest ? <Pill tone="go">{revisions.newest}</Pill> : null}
        {places.length > 0 ? (
          <Pill tone="ok">{revisions.publishedIn(words(places.map((place) => place.environment_name)))}</Pill>
        ) : null}
      </span>
      <span className="flex flex-wrap justify-end gap-1.5">
        {one.number > 1 ? (
          <Button small onClick={onCompare} aria-label={`${revisions.compare}: ${revisions.one(one.number)}`}>
            {revisions.compare}
          </Button>
        ) : null}
        {mayEdit && !one.newest ? (
          <Button small onClick={onBack} aria-label={`${revisions.rollback}: ${revisions.one(one.number)}`}>
            {revisions.rollback}
          </Button>
        ) : null}
        <a
          href={`/api/v1/versions/${version.id}/revisions/${one.number}/document`}
          download={`${version.name}-${one.number}.${one.format}`}
          aria-label={`${revisions.download}: ${revisions.one(one.number)}`}
          className={buttonClass("quiet", true)}
        >
          {revisions.download}
        </a>
      </span>
    </Row>
  );
}
