import { useState } from "react";
import type { Agreement, ApiOverview } from "#/client/schema";
import { session } from "#/client/session";
import { useGet, useList, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { day } from "#/i18n/format";
import { Actions } from "#/ui/actions";
import { Text } from "#/ui/blocks";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons, later } from "#/ui/dialog";
import { Cell, Listed, Row, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";

const Answers = later(() => import("./answers").then((m) => m.Answers));
const WriteAgreement = later(() => import("./agreement").then((m) => m.WriteAgreement));

const NO_API = "-";

/** The texts of an API, or of the platform: where each stands, what can be done with it, and who answered which. */
export function Agreements({ api, empty }: { api?: ApiOverview; empty?: { title: string; hint: string } }) {
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
      <Listed
        list={list}
        empty={<Empty title={empty?.title ?? settings.noAgreement}>{empty?.hint ?? settings.noAgreementHint}</Empty>}
      >
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
      <WriteAgreement
        open={writing !== undefined}
        api={api?.id}
        draft={writing === "new" ? undefined : writing}
        before={active}
        onClose={() => setWriting(undefined)}
      />
      <Dialog open={reading !== undefined} onClose={() => setReading(undefined)} title={reading?.title ?? ""} wide>
        {reading ? <Reading id={reading.id} onClose={() => setReading(undefined)} /> : null}
      </Dialog>
      <Answers open={answers !== undefined} of={answers} onClose={() => setAnswers(undefined)} />
    </Section>
  );
}

const TONES = { uploaded: "off", published: "wait", active: "ok", retired: "off" } as const;

function named(verb: string, { title, number }: Agreement): string {
  return `${verb}: ${title}, ${number}`;
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
