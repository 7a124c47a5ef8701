import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useDocument } from "#/client/document";
import type { Api, UploadedVersion, Visibility } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button, buttonClass } from "#/ui/button";
import { Choices, Form, Select, TextArea, TextInput } from "#/ui/field";
import { Card, Crumb, Empty, PageHead } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { useDesigned } from "../plan/owner";
import { isUnreadable, useCheck } from "./check";
import { type Chosen, Picker } from "./document";
import { ProfileSelect } from "./place";

const VISIBILITIES: Visibility[] = ["public", "registered", "private"];
/** What the server keeps of a description; documents may say more. */
const MOST_DESCRIPTION = 4000;
const FIELDS = ["organization", "name", "slug", "description", "visibility", "profile"];

/** A new API: from an OpenAPI document, whose check is advice, or empty. When a step fails, the one before it stays done. */
export function NewApi() {
  const { provide } = useText();
  const providers = useDesigned();
  const head = <PageHead title={provide.made.title} crumb={<Crumb to="/provide/apis">{provide.title}</Crumb>} />;
  if (providers.length === 0) {
    return (
      <>
        {head}
        <Empty title={provide.made.noOrganization}>{provide.createDenied}</Empty>
      </>
    );
  }
  return (
    <>
      {head}
      <Making organizations={providers} />
    </>
  );
}

function Making({ organizations }: { organizations: { id: string; name: string }[] }) {
  const { made } = useText().provide;
  const navigate = useNavigate();
  const toast = useToast();
  const create = useWrite("post", "/api/v1/apis");
  const upload = useDocument<UploadedVersion>("/api/v1/apis/{id}/versions");
  const [start, setStart] = useState("document");
  const [chosen, setChosen] = useState<Chosen>({ text: "" });
  const check = useCheck(start === "document" ? chosen.text : "");
  const [values, setValues] = useState<Values>({
    organization: organizations[0]?.id ?? "",
    name: undefined,
    slug: "",
    description: undefined,
    visibility: "registered",
    profile: "",
  });
  const [api, setApi] = useState<Api>();
  const [fault, setFault] = useState<string>();
  // What the document says of itself stands there until somebody types something else.
  const name = values.name ?? check.checked?.title ?? "";
  const description = values.description ?? (check.checked?.description ?? "").slice(0, MOST_DESCRIPTION);
  const body = {
    organization: values.organization,
    name,
    slug: values.slug || null,
    description,
    visibility: values.visibility,
    profile: values.profile || null,
  };
  const busy = create.busy || upload.busy;
  const submit = async () => {
    if (busy) return;
    if (start === "document" && chosen.text.trim() === "") return setFault(made.missing);
    // What cannot be read would leave an API without a version behind.
    if (start === "document" && isUnreadable(check.error)) return setFault(made.mend);
    try {
      const it = api ?? (await create.run({ body }));
      setApi(it);
      if (start === "document") await upload.run(chosen.text, { params: { path: { id: it.id } } });
      toast(made.created(it.name));
      void navigate({ to: "/provide/apis/$api", params: { api: it.id } });
    } catch {
      // `create.error` and `upload.error` say which step it was.
    }
  };
  return (
    <div className="max-w-4xl">
      <Form error={create.error} fields={FIELDS} onSubmit={() => void submit()} label={made.title}>
        {api ? <Half api={api} error={upload.error} busy={upload.busy} /> : null}
        {api ? null : (
          <Choices
            legend={made.start}
            name="start"
            value={start}
            onValue={setStart}
            choices={[
              { value: "document", title: made.withDocument, sub: made.withDocumentHint },
              { value: "empty", title: made.withoutDocument, sub: made.withoutDocumentHint },
            ]}
          />
        )}
        {start === "document" ? (
          <section aria-labelledby="document">
            <h2 id="document" className="mb-2 text-lg font-bold">
              {made.document}
            </h2>
            <Picker
              value={chosen}
              onValue={(value) => {
                setChosen(value);
                setFault(undefined);
              }}
              check={check}
              fault={fault}
            />
          </section>
        ) : null}
        {api ? null : (
          <Fields
            values={values}
            shown={{ name, description }}
            onValues={setValues}
            organizations={organizations}
            error={create.error}
          />
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" kind="primary" busy={busy}>
            {api ? made.again : made.submit}
          </Button>
          {api ? (
            <Link to="/provide/apis/$api" params={{ api: api.id }} className={buttonClass()}>
              {made.goOn}
            </Link>
          ) : null}
        </div>
        <WithApi method="POST" path="/api/v1/apis" body={body} />
      </Form>
    </div>
  );
}

/** The API is there, its document is not yet. */
function Half({ api, error, busy }: { api: Api; error: unknown; busy: boolean }) {
  const { made } = useText().provide;
  const place = useRef<HTMLParagraphElement>(null);
  // The button that was pressed is far below what it led to.
  useEffect(() => {
    if (error) place.current?.focus();
  }, [error]);
  return (
    <Card className="mb-6">
      <ol className="mb-3 grid gap-2">
        <li className="flex flex-wrap items-center gap-3">
          <Pill tone="ok">{made.done}</Pill>
          {made.steps.api}
        </li>
        <li className="flex flex-wrap items-center gap-3">
          {busy ? <Pill tone="go">{made.running}</Pill> : <Pill tone="bad">{made.failed}</Pill>}
          {made.steps.version}
        </li>
      </ol>
      {error ? (
        <>
          <p ref={place} tabIndex={-1} className="font-semibold outline-none">
            {made.half(api.name)}
          </p>
          <p className="mb-3 text-muted">{made.halfHint}</p>
          <ProblemBanner error={error} />
        </>
      ) : null}
    </Card>
  );
}

type Values = {
  organization: string;
  /** Until somebody types them, they are those of the document. */
  name: string | undefined;
  description: string | undefined;
  slug: string;
  visibility: Visibility;
  profile: string;
};

type FieldsProps = {
  values: Values;
  shown: { name: string; description: string };
  onValues: (values: Values) => void;
  organizations: { id: string; name: string }[];
  error: unknown;
};

function Fields({ values, shown, onValues, organizations, error }: FieldsProps) {
  const { provide } = useText();
  const { made } = provide;
  const set = (change: Partial<Values>) => onValues({ ...values, ...change });
  return (
    <>
      {organizations.length > 1 ? (
        <Select
          label={made.organization}
          hint={made.organizationHint}
          name="organization"
          value={values.organization}
          onValue={(organization) => set({ organization })}
          error={error}
          options={organizations.map(({ id, name }) => ({ value: id, label: name }))}
        />
      ) : null}
      <TextInput
        label={made.name}
        hint={made.nameHint}
        name="name"
        maxLength={120}
        value={shown.name}
        onValue={(typed) => set({ name: typed })}
        error={error}
      />
      <TextInput
        label={made.slug}
        hint={made.slugHint}
        name="slug"
        optional
        maxLength={60}
        spellCheck={false}
        autoCapitalize="none"
        value={values.slug}
        onValue={(slug) => set({ slug })}
        error={error}
        className="font-mono"
      />
      <TextArea
        label={made.description}
        name="description"
        optional
        rows={3}
        maxLength={MOST_DESCRIPTION}
        value={shown.description}
        onValue={(description) => set({ description })}
        error={error}
      />
      <Choices
        legend={made.visibility}
        name="visibility"
        value={values.visibility}
        onValue={(visibility) => set({ visibility: visibility as Visibility })}
        choices={VISIBILITIES.map((value) => ({
          value,
          title: word(provide.visibilities, value),
          sub: word(provide.visibilityHints, value),
        }))}
      />
      <ProfileSelect value={values.profile} onValue={(profile) => set({ profile })} error={error} />
    </>
  );
}
