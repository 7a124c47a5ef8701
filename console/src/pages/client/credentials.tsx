import type { ClientOverview as Client, Credential } from "#/client/schema";
import { useMaybe } from "#/client/use";
import { useText, word } from "#/i18n";
import { useClients } from "#/i18n/clients";
import { day } from "#/i18n/format";
import { Actions } from "#/ui/actions";
import { Cell, Row, RowHead, Rows, Waiting } from "#/ui/list";
import { Empty } from "#/ui/page";
import { Pill, type Tone } from "#/ui/pill";
import { ProblemBanner } from "#/ui/problem";
import { When } from "#/ui/time";
import { useCredentialActs } from "./credential";
import { CertificateFacts } from "./facts";

const TONE: Record<string, Tone> = { active: "ok", expiring: "wait", expired: "bad", inactive: "off" };

/** Secrets and API keys of a client: what can be told about them, and what can be done. Never the secrets themselves. */
export function Credentials({ client }: { client: Client }) {
  const clients = useClients();
  const found = useMaybe("/api/v1/clients/{id}/credentials", { params: { path: { id: client.id } } });
  const { act, dialogs } = useCredentialActs(client);
  if (found.error) return <ProblemBanner error={found.error} />;
  if (!found.data) return <Waiting />;
  const items = [...found.data.items].sort((x, y) => y.kind.localeCompare(x.kind));
  return (
    <>
      {items.length === 0 ? (
        <Empty title={clients.list.empty}>{clients.list.emptyHint}</Empty>
      ) : (
        <Rows columns="grid-cols-[minmax(10rem,2fr)_auto_auto_auto_auto_auto]" label={clients.list.label(client.name)}>
          <RowHead names={clients.list.columns} />
          {items.map((one) => (
            <CredentialRow key={one.id} credential={one} onAct={(action) => act(one, action)} />
          ))}
        </Rows>
      )}
      {dialogs}
    </>
  );
}

function CredentialRow({ credential, onAct }: { credential: Credential; onAct: (action: string) => void }) {
  const clients = useClients();
  const { common } = useText();
  const kind = word(clients.kinds, credential.kind);
  const { expires_at: at, state } = credential;
  // What ends soon says how soon.
  const end = !at ? common.never : state === "expiring" ? <When at={at} /> : day(at);
  return (
    <Row>
      <Cell
        className="max-md:basis-full"
        title={
          <>
            {kind} <code className="font-mono text-sm font-normal">{clients.list.hint(credential.hint)}</code>
          </>
        }
        sub={
          credential.certificate ? (
            <>
              {credential.description ? <span className="block">{credential.description}</span> : null}
              <CertificateFacts certificate={credential.certificate} />
            </>
          ) : (
            credential.description || undefined
          )
        }
      />
      <Pill tone={TONE[credential.state] ?? "off"}>{word(clients.credentialStates, credential.state)}</Pill>
      <Fact label={clients.list.created}>{day(credential.created_at)}</Fact>
      <Fact label={clients.list.ends}>{end}</Fact>
      <Fact label={clients.list.used}>
        {credential.last_used_at ? <When at={credential.last_used_at} /> : common.never}
      </Fact>
      <span className="justify-self-end max-md:ml-auto">
        <Actions
          of={clients.list.name(kind, credential.hint)}
          actions={credential.actions}
          first={["activate", "rotate"]}
          onAct={onAct}
        />
      </span>
    </Row>
  );
}

/** A value under its column; where there are no columns, its name stands before it. */
function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <span className="text-sm">
      <span className="text-muted md:sr-only">{label} </span>
      {children}
    </span>
  );
}
