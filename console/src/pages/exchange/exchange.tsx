import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { useDocument } from "#/client/document";
import type { ImportReport } from "#/client/schema";
import { session } from "#/client/session";
import { useGet } from "#/client/use";
import { useText, word } from "#/i18n";
import { useExchange } from "#/i18n/exchange";
import { Button } from "#/ui/button";
import { Form, Select, TextArea } from "#/ui/field";
import { Card, Empty, PageHead, Section } from "#/ui/page";
import { Refused } from "#/ui/refused";
import { WithApi } from "#/ui/withapi";
import { bundleOf, NOUNS } from "./bundle";
import { Export } from "./export";
import { Report } from "./report";

/** Data of another system, in and out: for site administrators. */
export function Exchange() {
  const exchange = useExchange();
  const { organization } = useText();
  const { items } = useGet("/api/v1/environments");
  const [environment, setEnvironment] = useState(items[0]?.slug ?? "production");
  const may = session().user.site_admin === true;
  return (
    <>
      <PageHead title={exchange.title} sub={exchange.sub} />
      {may ? (
        <>
          <Select
            label={exchange.environment}
            hint={exchange.environmentHint}
            name="environment"
            value={environment}
            onValue={setEnvironment}
            options={items.map((one) => ({ value: one.slug, label: one.name }))}
            className="max-w-72"
          />
          <Import key={environment} environment={environment} />
          <Export environment={environment} />
          <WithApi method="POST" path={`/api/v1/ceptor/bundle?dry_run=true&environment=${environment}`} body={{}} />
        </>
      ) : (
        <Empty title={exchange.title}>{organization.onlySite}</Empty>
      )}
    </>
  );
}

function Import({ environment }: { environment: string }) {
  const exchange = useExchange();
  const input = useRef<HTMLInputElement>(null);
  const { run, busy, error } = useDocument<ImportReport>("/api/v1/ceptor/bundle");
  const [what, setWhat] = useState("bundle");
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string>();
  const [report, setReport] = useState<ImportReport>();
  const change = (next: string) => {
    setText(next);
    setFault(undefined);
    setReport(undefined);
  };
  const send = async (dry_run: boolean) => {
    if (text.trim() === "") return setFault(exchange.missing);
    try {
      setReport(await run(bundleOf(what, text), { params: { query: { dry_run, environment } } }));
    } catch {
      setReport(undefined);
    }
  };
  const changes = report?.items.some((item) => item.outcome === "created" || item.outcome === "changed");
  return (
    <Section id="import" title={exchange.importTitle} sub={exchange.importHint}>
      <Card>
        <Form error={error} fields={[]} onSubmit={() => void send(true)} label={exchange.importTitle}>
          <Select
            label={exchange.what}
            name="what"
            value={what}
            onValue={(value) => {
              setWhat(value);
              setReport(undefined);
            }}
            options={[
              { value: "bundle", label: exchange.bundle },
              ...NOUNS.map((noun) => ({ value: noun, label: word(exchange.nouns, noun) })),
            ]}
            className="max-w-72"
          />
          <Button onClick={() => input.current?.click()} className="mb-3">
            <FileUp size={16} aria-hidden="true" />
            {exchange.choose}
          </Button>
          <input
            ref={input}
            type="file"
            aria-label={exchange.choose}
            tabIndex={-1}
            accept=".json,application/json"
            className="sr-only"
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = "";
              if (file) void file.text().then(change);
            }}
          />
          <TextArea
            label={exchange.text}
            hint={exchange.textHint}
            name="text"
            rows={10}
            value={text}
            onValue={change}
            required={false}
            spellCheck={false}
            fault={fault}
            className="max-w-none font-mono text-sm"
          />
          <div className="flex flex-wrap items-center gap-2">
            <Button type="submit" busy={busy}>
              {exchange.trial}
            </Button>
            {report?.dry_run && changes ? (
              <Button kind="primary" busy={busy} onClick={() => void send(false)}>
                {exchange.run}
              </Button>
            ) : (
              <Refused kind="primary" reason={report?.dry_run ? exchange.nothing : exchange.runHint}>
                {exchange.run}
              </Refused>
            )}
          </div>
        </Form>
      </Card>
      {report ? <Report report={report} /> : null}
    </Section>
  );
}
