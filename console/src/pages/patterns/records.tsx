import type { CallDecision, Entry } from "#/client/schema";
import { session } from "#/client/session";
import { useText } from "#/i18n";
import { type Block, type Inline, Text } from "#/ui/blocks";
import { Code, Copyable } from "#/ui/copy";
import { Explain } from "#/ui/explain";
import { Feed } from "#/ui/feed";
import { Card, Properties } from "#/ui/page";
import { ProblemBanner } from "#/ui/problem";
import { Reply, Timeline } from "#/ui/thread";
import { When } from "#/ui/time";
import { WithApi } from "#/ui/withapi";
import { away, Example, Line, refusal } from "./example";
import { usePatterns } from "./text";

const DAY = 86_400;

export function Feeds() {
  const patterns = usePatterns();
  const me = session().user;
  const app = { kind: "app", id: "app_1", name: patterns.app };
  const api = { kind: "api", id: "api_1", name: patterns.apis[0] };
  const subscription = { kind: "subscription", id: "sub_1", name: `${app.name} > ${api.name}` };
  const entry = (seq: number, verb: string, rest: Partial<Entry>): Entry => ({
    seq,
    verb,
    at: away(-seq * 20_000),
    actor: { kind: "user", id: me.id, name: me.display_name },
    subject: subscription,
    touches: [app, api],
    ...rest,
  });
  const entries = [
    entry(1, "subscription.activated", { actor: { kind: "system" } }),
    entry(2, "subscription.approved", { note: patterns.answer }),
    entry(3, "subscription.requested", { note: patterns.comment }),
    entry(4, "client.created", { subject: { kind: "client", id: "cli_1", name: patterns.app }, touches: [app] }),
    entry(6, "follow.started", { subject: api, touches: [] }),
  ];
  return <Feed entries={entries} label={patterns.feedLabel} />;
}

export function Threads() {
  const patterns = usePatterns();
  const me = session().user;
  const mine = { kind: "user", id: me.id, name: me.display_name };
  const theirs = { kind: "user", id: "usr_1", name: patterns.owner };
  return (
    <Card>
      <Timeline
        label={patterns.threadLabel}
        items={[
          { key: 1, at: away(-3 * DAY), actor: mine, words: patterns.asked, comment: patterns.comment, tone: "wait" },
          { key: 2, at: away(-2 * DAY), actor: theirs, words: patterns.said, comment: patterns.answer },
          { key: 3, at: away(-DAY), actor: theirs, words: patterns.approved, tone: "go" },
        ]}
      />
      <Reply
        label={patterns.reply}
        hint={patterns.replyHint}
        verb={patterns.send}
        error={undefined}
        busy={false}
        onSend={() => Promise.resolve()}
      />
    </Card>
  );
}

export function Explains() {
  const patterns = usePatterns();
  const name = (kind: string, text: string) => ({ kind, id: `${kind}_1`, name: text });
  const decision = (rest: Partial<CallDecision>): CallDecision => ({
    id: "dec_01m8158dgnekn9a1x8zy99j1wj",
    at: away(-40),
    request: "gr5xm11z0xcpwq5synemm22sgm",
    allowed: true,
    rule: "done",
    detail: "",
    status: 200,
    method: "GET",
    path: "/payments/v2/accounts",
    environment: name("environment", "Sandbox"),
    api: name("api", patterns.apis[0] ?? ""),
    version: name("version", "v2"),
    app: name("app", patterns.app),
    client: name("client", patterns.app),
    plan: name("plan", patterns.planGold),
    subscription: name("subscription", patterns.app),
    credential_kind: "client_secret",
    change: 1,
    duration_micros: 18_400,
    ...rest,
  });
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
      <Card>
        <Explain decision={decision({})} />
      </Card>
      <Card>
        <Explain
          decision={decision({
            allowed: false,
            rule: "subscription",
            code: "subscription-suspended",
            status: 403,
            duration_micros: 210,
          })}
        />
      </Card>
    </div>
  );
}

export function Copies() {
  const patterns = usePatterns();
  return (
    <>
      <Code
        label={patterns.command}
        what={patterns.command}
        text={`curl -u 'billing-engine:SECRET' \\\n  -d grant_type=client_credentials \\\n  ${window.location.origin}/oauth2/token`}
      />
      <Line>
        <span>{patterns.clientId}</span>
        <Copyable value="cli_01m8158dgnekn9a1x8zy99j1wj" what={patterns.clientId} />
      </Line>
      <WithApi method="POST" path="/api/v1/apps" body={{ name: patterns.app }} />
    </>
  );
}

export function Times() {
  const patterns = usePatterns();
  return (
    <Properties
      items={[
        [
          patterns.past,
          <span key="past" className="flex flex-wrap gap-4">
            <When at={away(-190)} />
            <When at={away(-DAY - 60)} />
            <When at={away(-366 * DAY)} />
          </span>,
        ],
        [patterns.future, <When key="future" at={away(9 * DAY + 60)} />],
        [patterns.owner, patterns.ownerName],
      ]}
    />
  );
}

export function Problems() {
  const patterns = usePatterns();
  return (
    <>
      <Example name={patterns.unreachable}>
        <ProblemBanner error={new TypeError("Failed to fetch")} />
      </Example>
      <Example name={patterns.refusal}>
        <ProblemBanner error={refusal(409, "wrong-state", patterns.suspendWhy)} />
      </Example>
      <Example name={patterns.fieldsWrong}>
        <ProblemBanner
          error={refusal(422, "invalid", patterns.fieldFault, [
            { pointer: "/name", code: "required", detail: patterns.fieldFault },
          ])}
        />
      </Example>
    </>
  );
}

export function Texts() {
  const patterns = usePatterns();
  const { common } = useText();
  // Words stand in the tree as they are.
  const plain = (text: string) => text as unknown as Inline;
  const paragraph = (...inlines: Inline[]): Block => ({ kind: "paragraph", inlines });
  const blocks: Block[] = [
    { kind: "heading", level: 2, inlines: [plain(patterns.heading)] },
    paragraph(plain(patterns.paragraph), { kind: "code", text: patterns.idempotency }, plain(patterns.paragraphEnd)),
    { kind: "list", items: patterns.items.map((item) => [paragraph(plain(item))]) },
    { kind: "quote", blocks: [paragraph(plain(patterns.comment))] },
    { kind: "code", text: '{ "amount": 1200 }' },
    {
      kind: "table",
      head: [[plain(common.name)], [plain(common.description)]],
      rows: [[[plain(patterns.planGold)], [plain(patterns.choiceGold)]]],
    },
  ];
  return <Text blocks={blocks} />;
}
