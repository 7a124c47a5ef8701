import { useState } from "react";
import type { Agreement, ApiOverview } from "#/client/schema";
import { session } from "#/client/session";
import { useGet, useList, useMaybe, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { day, moment } from "#/i18n/format";
import { Actions } from "#/ui/actions";
import { Text } from "#/ui/blocks";
import { Button, buttonClass } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, Select, TextArea, TextInput } from "#/ui/field";
import { Cell, Listed, Row, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";

const NO_API = "-";

/** The texts of an API, or of the platform: where each stands, what can be done with it, and who answered which. */
export function Agreements({ api }: { api?: ApiOverview }) {
  const { provide, contracts } = useText();
  const { settings } = provide;
  const toast = useToast();
  const ofApi = useList(
    "/api/v1/apis/{id}/agreements",
    { params: { path: { id: api?.id ?? NO_API } } },
    api !== undefined,
  );
  const own = useList("/api/v1/agreements", {}, api === undefined);
  const list = api ? ofApi : own;
  const act = useWrite("post", "/api/v1/agreements/{id}/{action}");
  const drop = useWrite("delete", "/api/v1/agreements/{id}");
  const [writing, setWriting] = useState<Agreement | "new">();
  const [reading, setReading] = useState<Agreement>();
  const [answers, setAnswers] = useState<Agreement>();
  const active = list.items.find((agreement) => agreement.active);
  const isSite = session().user.site_admin === true;
  const may = api ? api.may_edit : isSite;
  const write = may ? <Button onClick={() => setWriting("new")}>{settings.publishAgreement}</Button> : null;
  const error = act.error ?? drop.error;
  const run = async (agreement: Agreement, action: string) => {
    const path = { id: agreement.id };
    if (action === "edit") return setWriting(agreement);
    try {
      if (action === "delete") await drop.run({ params: { path } });
      else await act.run({ params: { path: { ...path, action } }, body: {} });
      toast(word(contracts.agreementDone, action));
    } catch {
      // `error` says it, below.
    }
  };
  return (
    <Section
      title={settings.agreements}
      sub={api ? settings.agreementsSub : contracts.platformSub}
      id="agreements"
      actions={write}
    >
      {error ? <ProblemBanner error={error} /> : null}
      <Listed list={list} empty={<Empty title={settings.noAgreement}>{settings.noAgreementHint}</Empty>}>
        <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={settings.agreements}>
          {list.items.map((agreement) => (
            <Row key={agreement.id}>
              <Cell
                className="max-md:basis-full"
                title={agreement.title}
                sub={`${settings.version(agreement.number)} · ${day(agreement.activated_at ?? agreement.published_at ?? agreement.created_at)}`}
              />
              <Pill tone={TONES[agreement.state]}>{word(contracts.agreementStates, agreement.state)}</Pill>
              <span className="flex flex-wrap gap-1.5 max-md:ml-auto">
                <Button small onClick={() => setReading(agreement)} aria-label={named(settings.read, agreement)}>
                  {settings.read}
                </Button>
                {(api?.may_decide ?? isSite) && agreement.activated_at ? (
                  <Button
                    small
                    onClick={() => setAnswers(agreement)}
                    aria-label={named(settings.acceptances, agreement)}
                  >
                    {settings.acceptances}
                  </Button>
                ) : null}
                {may && agreement.actions ? (
                  <Actions
                    of={named("", agreement)}
                    actions={agreement.actions}
                    first={["publish", "activate"]}
                    onAct={(action) => void run(agreement, action)}
                    busy={act.busy || drop.busy}
                  />
                ) : null}
              </span>
            </Row>
          ))}
        </Rows>
      </Listed>
      <Dialog open={writing !== undefined} onClose={() => setWriting(undefined)} title={settings.publishAgreement} wide>
        {writing ? (
          <Writing
            api={api?.id}
            draft={writing === "new" ? undefined : writing}
            before={active}
            onClose={() => setWriting(undefined)}
          />
        ) : null}
      </Dialog>
      <Dialog open={reading !== undefined} onClose={() => setReading(undefined)} title={reading?.title ?? ""} wide>
        {reading ? <Reading id={reading.id} onClose={() => setReading(undefined)} /> : null}
      </Dialog>
      <Dialog
        open={answers !== undefined}
        onClose={() => setAnswers(undefined)}
        title={answers ? settings.acceptancesOf(answers.title, answers.number) : ""}
      >
        {answers ? <Answers id={answers.id} onClose={() => setAnswers(undefined)} /> : null}
      </Dialog>
    </Section>
  );
}

const TONES = { uploaded: "off", published: "wait", active: "ok", retired: "off" } as const;

function named(verb: string, { title, number }: Agreement): string {
  return `${verb}: ${title}, ${number}`;
}

type WritingProps = {
  api: string | undefined;
  /** What is to be changed; without it a new version is written. */
  draft: Agreement | undefined;
  before: Agreement | undefined;
  onClose: () => void;
};

function Writing({ api, draft, before, onClose }: WritingProps) {
  const { provide, contracts, common } = useText();
  const { settings } = provide;
  const toast = useToast();
  const ofApi = useWrite("post", "/api/v1/apis/{id}/agreements");
  const own = useWrite("post", "/api/v1/agreements");
  const change = useWrite("patch", "/api/v1/agreements/{id}");
  const known = useMaybe(draft ? "/api/v1/agreements/{id}" : undefined, { params: { path: { id: draft?.id ?? "" } } });
  const [title, setTitle] = useState(draft?.title ?? before?.title ?? "");
  const [written, setText] = useState<string>();
  const [state, setState] = useState<"uploaded" | "published" | "active">("uploaded");
  const text = written ?? known.data?.text ?? "";
  const error = ofApi.error ?? own.error ?? change.error;
  const save = async () => {
    try {
      if (draft) await change.run({ params: { path: { id: draft.id } }, body: { title, text } });
      else if (api) await ofApi.run({ params: { path: { id: api } }, body: { title, text, state } });
      else await own.run({ body: { title, text, state } });
      toast(contracts.agreementSaved);
      onClose();
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form
      error={error}
      fields={["title", "text", "state"]}
      onSubmit={() => void save()}
      label={settings.publishAgreement}
    >
      <p className="mb-4 text-muted">{settings.publishAgreementHint}</p>
      <TextInput
        label={settings.agreementTitle}
        name="title"
        maxLength={120}
        value={title}
        onValue={setTitle}
        error={error}
      />
      <TextArea
        label={settings.agreementText}
        hint={settings.agreementTextHint}
        name="text"
        rows={12}
        value={text}
        onValue={setText}
        error={error}
      />
      {draft ? null : (
        <Select
          label={contracts.agreementHow}
          name="state"
          value={state}
          onValue={(value) => setState(value as typeof state)}
          error={error}
          options={(["uploaded", "published", "active"] as const).map((value) => ({
            value,
            label: contracts.agreementHows[value],
          }))}
        />
      )}
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={ofApi.busy || own.busy || change.busy}>
          {common.save}
        </Button>
      </DialogButtons>
    </Form>
  );
}

function Reading({ id, onClose }: { id: string; onClose: () => void }) {
  const { common } = useText();
  const agreement = useGet("/api/v1/agreements/{id}", { params: { path: { id } } });
  return (
    <>
      <Text blocks={agreement.blocks ?? []} />
      <DialogButtons>
        <Button kind="primary" onClick={onClose}>
          {common.close}
        </Button>
      </DialogButtons>
    </>
  );
}

function Answers({ id, onClose }: { id: string; onClose: () => void }) {
  const { provide, contracts, common } = useText();
  const { settings } = provide;
  const [answer, setAnswer] = useState<"" | "accepted" | "declined">("");
  const query = answer ? { answer } : {};
  const list = useList("/api/v1/agreements/{id}/acceptances", { params: { path: { id }, query } });
  return (
    <>
      <Chips
        label={contracts.answerFilter}
        value={answer}
        onValue={(value) => setAnswer(value as typeof answer)}
        options={[
          { value: "", label: contracts.all },
          { value: "accepted", label: contracts.accepted },
          { value: "declined", label: contracts.declined },
        ]}
      />
      <Listed list={list} empty={<p className="text-muted">{settings.noAcceptances}</p>}>
        <ul className="grid gap-2">
          {list.items.map((answer) => (
            <li key={answer.id} className="flex flex-wrap justify-between gap-x-4 border-b border-line pb-2">
              <span>
                <span className="font-semibold">{answer.user?.display_name ?? answer.user_id}</span>{" "}
                {word(settings.answers, answer.answer)}
              </span>
              <span className="text-sm text-muted">{moment(answer.answered_at)}</span>
            </li>
          ))}
        </ul>
      </Listed>
      <DialogButtons>
        <a
          className={buttonClass()}
          href={`/api/v1/agreements/${id}/acceptances.csv${answer ? `?answer=${answer}` : ""}`}
          download
        >
          {contracts.download}
        </a>
        <Button kind="primary" onClick={onClose}>
          {common.close}
        </Button>
      </DialogButtons>
    </>
  );
}
