import { useState } from "react";
import type { Agreement, ApiOverview } from "#/client/schema";
import { useGet, useList, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { day, moment } from "#/i18n/format";
import { Text } from "#/ui/blocks";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Form, TextArea, TextInput } from "#/ui/field";
import { Cell, Listed, Row, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { useToast } from "#/ui/toast";

/** The texts that consumers accept: the one that holds, those before it, and who answered which. */
export function Agreements({ api }: { api: ApiOverview }) {
  const { settings } = useText().provide;
  const list = useList("/api/v1/apis/{id}/agreements", { params: { path: { id: api.id } } });
  const [writing, setWriting] = useState(false);
  const [reading, setReading] = useState<Agreement>();
  const [answers, setAnswers] = useState<Agreement>();
  const active = list.items.find((agreement) => agreement.active);
  const write = api.may_edit ? <Button onClick={() => setWriting(true)}>{settings.publishAgreement}</Button> : null;
  return (
    <Section title={settings.agreements} sub={settings.agreementsSub} id="agreements" actions={write}>
      <Listed list={list} empty={<Empty title={settings.noAgreement}>{settings.noAgreementHint}</Empty>}>
        <Rows columns="grid-cols-[minmax(0,1fr)_auto_auto]" label={settings.agreements}>
          {list.items.map((agreement) => (
            <Row key={agreement.id}>
              <Cell
                className="max-md:basis-full"
                title={agreement.title}
                sub={`${settings.version(agreement.number)} · ${day(agreement.created_at)}`}
              />
              {agreement.active ? (
                <Pill tone="ok">{settings.current}</Pill>
              ) : (
                <Pill tone="off">{settings.replaced}</Pill>
              )}
              <span className="flex flex-wrap gap-1.5 max-md:ml-auto">
                <Button small onClick={() => setReading(agreement)} aria-label={named(settings.read, agreement)}>
                  {settings.read}
                </Button>
                {api.may_decide ? (
                  <Button
                    small
                    onClick={() => setAnswers(agreement)}
                    aria-label={named(settings.acceptances, agreement)}
                  >
                    {settings.acceptances}
                  </Button>
                ) : null}
              </span>
            </Row>
          ))}
        </Rows>
      </Listed>
      <Dialog open={writing} onClose={() => setWriting(false)} title={settings.publishAgreement} wide>
        {writing ? <Writing api={api.id} before={active} onClose={() => setWriting(false)} /> : null}
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

function named(verb: string, { title, number }: Agreement): string {
  return `${verb}: ${title}, ${number}`;
}

function Writing({ api, before, onClose }: { api: string; before: Agreement | undefined; onClose: () => void }) {
  const { provide, common } = useText();
  const { settings } = provide;
  const toast = useToast();
  const { run, busy, error } = useWrite("post", "/api/v1/apis/{id}/agreements");
  const [title, setTitle] = useState(before?.title ?? "");
  const [text, setText] = useState("");
  const publish = async () => {
    try {
      await run({ params: { path: { id: api } }, body: { title, text } });
      toast(settings.agreementPublished);
      onClose();
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form error={error} fields={["title", "text"]} onSubmit={() => void publish()} label={settings.publishAgreement}>
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
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={busy}>
          {settings.publishAgreement}
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
  const { provide, common } = useText();
  const { settings } = provide;
  const list = useList("/api/v1/agreements/{id}/acceptances", { params: { path: { id } } });
  return (
    <>
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
        <Button kind="primary" onClick={onClose}>
          {common.close}
        </Button>
      </DialogButtons>
    </>
  );
}
