import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Block, Page } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { useDesign } from "#/i18n/design";
import { day } from "#/i18n/format";
import { Text as Blocks } from "#/ui/blocks";
import { Button } from "#/ui/button";
import { Form, TextArea, TextInput } from "#/ui/field";
import { Cell, Row, RowHead, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { ProblemBanner } from "#/ui/problem";
import { Refused } from "#/ui/refused";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { allows, Removal } from "../plan/removal";
import { useProvided } from "../provide/use";

/** The pages of an API as its administrators write them; one of them open instead of the list. */
export function Documentation() {
  const { id } = useProvided();
  const { item } = useSearch({ from: "/provide/apis/$api/docs" });
  const navigate = useNavigate();
  const go = (to?: string) =>
    void navigate({ to: "/provide/apis/$api/docs", params: { api: id }, search: to ? { item: to } : {} });
  if (item === "new") return <Added api={id} onDone={go} />;
  if (item) return <Changed key={item} api={id} slug={item} onDone={go} />;
  return <Listing api={id} />;
}

function Listing({ api }: { api: string }) {
  const { common } = useText();
  const { writing } = useDesign();
  const navigate = useNavigate();
  const { items, actions } = useGet("/api/v1/apis/{id}/pages", { params: { path: { id: api } } });
  const add = allows(actions, "add") ? (
    <Button
      kind="primary"
      onClick={() => void navigate({ to: "/provide/apis/$api/docs", params: { api }, search: { item: "new" } })}
    >
      {writing.add}
    </Button>
  ) : (
    <Refused reason={common.reasons.role ?? ""}>{writing.add}</Refused>
  );
  return (
    <Section title={writing.title} sub={writing.sub} id="documentation" actions={add}>
      {items.length === 0 ? (
        <Empty title={writing.empty}>{writing.emptyHint}</Empty>
      ) : (
        <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={writing.list}>
          <RowHead names={[writing.columns.title, writing.columns.place, writing.columns.changed]} />
          {items.map((page) => (
            <Row key={page.slug}>
              <Cell
                className="max-md:w-full"
                title={
                  <Link
                    to="/provide/apis/$api/docs"
                    params={{ api }}
                    search={{ item: page.slug }}
                    className="hover:underline"
                  >
                    {page.title}
                  </Link>
                }
                sub={page.slug}
              />
              <span className="text-muted">{page.position}</span>
              <span className="text-muted">{day(page.changed_at)}</span>
            </Row>
          ))}
        </Rows>
      )}
    </Section>
  );
}

type Values = { title: string; slug: string; position: string; text: string };
type FieldsProps = { values: Values; onValues: (values: Values) => void; error: unknown; fresh?: boolean };

function Fields({ values, onValues, error, fresh }: FieldsProps) {
  const { writing } = useDesign();
  const set = (change: Partial<Values>) => onValues({ ...values, ...change });
  return (
    <>
      <TextInput
        label={writing.name}
        name="title"
        maxLength={120}
        value={values.title}
        onValue={(title) => set({ title })}
        error={error}
      />
      {fresh ? (
        <TextInput
          label={writing.slug}
          hint={writing.slugHint}
          name="slug"
          optional
          maxLength={60}
          spellCheck={false}
          className="font-mono"
          value={values.slug}
          onValue={(slug) => set({ slug })}
          error={error}
        />
      ) : null}
      <TextInput
        label={writing.position}
        hint={writing.positionHint}
        name="position"
        optional={fresh ?? false}
        inputMode="numeric"
        pattern="[0-9]{1,4}"
        value={values.position}
        onValue={(position) => set({ position })}
        error={error}
      />
      <Text value={values.text} onValue={(text) => set({ text })} error={error} />
    </>
  );
}

/** The text, to write or as readers will see it. */
function Text({ value, onValue, error }: { value: string; onValue: (value: string) => void; error: unknown }) {
  const { writing } = useDesign();
  const preview = useWrite("post", "/api/v1/markdown");
  const [blocks, setBlocks] = useState<Block[]>();
  const show = async () => {
    try {
      setBlocks((await preview.run({ body: { text: value } })).blocks);
    } catch {
      // It stands above.
    }
  };
  return (
    <div className="mb-4">
      <ProblemBanner error={preview.error} />
      {blocks ? (
        <section aria-label={writing.preview} className="mb-3 rounded-xl border border-line bg-surface p-5">
          {blocks.length === 0 ? <p className="text-muted">{writing.nothing}</p> : <Blocks blocks={blocks} />}
        </section>
      ) : (
        <TextArea
          label={writing.text}
          hint={writing.textHint}
          name="text"
          optional
          rows={16}
          className="font-mono text-sm"
          value={value}
          onValue={onValue}
          error={error}
        />
      )}
      {blocks ? (
        <Button onClick={() => setBlocks(undefined)}>{writing.write}</Button>
      ) : (
        <Button onClick={() => void show()} busy={preview.busy}>
          {writing.preview}
        </Button>
      )}
    </div>
  );
}

type AddedProps = { api: string; onDone: (slug?: string) => void };

function Added({ api, onDone }: AddedProps) {
  const { common } = useText();
  const { writing } = useDesign();
  const toast = useToast();
  const { run, busy, error } = useWrite("post", "/api/v1/apis/{id}/pages");
  const [values, setValues] = useState<Values>({ title: "", slug: "", position: "", text: "" });
  const body = {
    title: values.title,
    slug: values.slug || null,
    position: values.position ? Number(values.position) : null,
    text: values.text,
  };
  const submit = async () => {
    const made = await run({ params: { path: { id: api } }, body });
    toast(writing.added(made.title));
    onDone();
  };
  return (
    <Section title={writing.add} id="new">
      <Form
        error={error}
        fields={["title", "slug", "position", "text"]}
        onSubmit={() => void submit().catch(() => undefined)}
        label={writing.add}
      >
        <Fields values={values} onValues={setValues} error={error} fresh />
        <div className="flex gap-2">
          <Button type="submit" kind="primary" busy={busy}>
            {writing.submit}
          </Button>
          <Button onClick={() => onDone()}>{common.cancel}</Button>
        </div>
        <WithApi method="POST" path={`/api/v1/apis/${api}/pages`} body={body} />
      </Form>
    </Section>
  );
}

function Changed({ api, slug, onDone }: AddedProps & { slug: string }) {
  const page = useGet("/api/v1/apis/{id}/pages/{page}", { params: { path: { id: api, page: slug } } });
  return <Editor key={page.slug} api={api} page={page} onDone={onDone} />;
}

function Editor({ api, page, onDone }: AddedProps & { page: Page }) {
  const { common } = useText();
  const { writing } = useDesign();
  const toast = useToast();
  const path = { id: api, page: page.slug };
  const edit = useWrite("patch", "/api/v1/apis/{id}/pages/{page}");
  const remove = useWrite("delete", "/api/v1/apis/{id}/pages/{page}");
  const [values, setValues] = useState<Values>({
    title: page.title,
    slug: page.slug,
    position: String(page.position),
    text: page.text ?? "",
  });
  const body = { title: values.title, position: Number(values.position), text: values.text };
  const save = async () => {
    await edit.run({ params: { path }, body });
    toast(writing.saved(values.title));
  };
  if (!allows(page.actions, "edit")) {
    return (
      <Section title={page.title} id="page">
        <Blocks blocks={page.blocks} />
        <Refused reason={common.reasons.role ?? ""}>{common.save}</Refused>
      </Section>
    );
  }
  return (
    <Section
      title={page.title}
      id="page"
      actions={
        <Button small onClick={() => onDone()}>
          {writing.back}
        </Button>
      }
    >
      <Form
        error={edit.error}
        fields={["title", "position", "text"]}
        onSubmit={() => void save().catch(() => undefined)}
        label={writing.one}
      >
        <Fields values={values} onValues={setValues} error={edit.error} />
        <Button type="submit" kind="primary" busy={edit.busy}>
          {common.save}
        </Button>
      </Form>
      <WithApi method="PATCH" path={`/api/v1/apis/${api}/pages/${page.slug}`} body={body} />
      <Removal
        name={page.title}
        verb={writing.remove}
        title={writing.removeTitle(page.title)}
        hint={writing.removeHint}
        actions={page.actions}
        busy={remove.busy}
        error={remove.error}
        onRemove={async () => {
          onDone();
          await remove.run({ params: { path } });
          toast(writing.removed(page.title));
        }}
      />
    </Section>
  );
}
