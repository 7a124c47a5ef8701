import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useText } from "#/i18n";
import { Button, IconButton, type Kind } from "#/ui/button";
import { Badge, Pill, StatusPill, type Tone, UnreadDot } from "#/ui/pill";
import { Refused } from "#/ui/refused";
import { Logo, Wire, type WireState } from "#/ui/wire";
import { Example, Line } from "./example";
import { usePatterns } from "./text";

const STATES: WireState[] = ["none", "requested", "approved", "active", "suspended", "rejected"];
const TONES: Tone[] = ["ok", "wait", "go", "hold", "bad", "off"];
const STATUSES = ["Inactive", "Access Requested", "Active", "Suspended", "Rejected"];
const KINDS: Kind[] = ["primary", "plain", "danger", "quiet"];
// Written out, so that the style sheet has them.
const COLOURS = [
  ["paper", "bg-paper"],
  ["surface", "bg-surface"],
  ["sunken", "bg-sunken"],
  ["line", "bg-line"],
  ["control", "bg-control"],
  ["ink", "bg-ink"],
  ["muted", "bg-muted"],
  ["accent", "bg-accent"],
  ["accent-soft", "bg-accent-soft"],
  ["ok", "bg-ok"],
  ["ok-soft", "bg-ok-soft"],
  ["wait", "bg-wait"],
  ["wait-soft", "bg-wait-soft"],
  ["hold", "bg-hold"],
  ["hold-soft", "bg-hold-soft"],
  ["bad", "bg-bad"],
  ["bad-soft", "bg-bad-soft"],
  ["code", "bg-code"],
] as const;

export function Wires() {
  const { common } = useText();
  const patterns = usePatterns();
  const [drawn, draw] = useState(0);
  return (
    <>
      {STATES.map((state) => (
        <Line key={state}>
          <Wire state={state} />
          <span>{common.states[state] ?? patterns.none}</span>
        </Line>
      ))}
      <Line>
        <Wire key={drawn} state="active" draw className="w-44" />
        <Button small onClick={() => draw(drawn + 1)}>
          {patterns.draws}
        </Button>
        <Logo />
      </Line>
    </>
  );
}

export function Pills() {
  const patterns = usePatterns();
  return (
    <>
      <Line>
        {TONES.map((tone) => (
          <Pill key={tone} tone={tone}>
            {patterns.tones[tone]}
          </Pill>
        ))}
      </Line>
      <Line>
        {STATUSES.map((status) => (
          <StatusPill key={status} status={status} />
        ))}
        <StatusPill status="Access Requested" waitsForActivation />
      </Line>
      <Line>
        <span className="inline-flex">
          <Badge count={3} label={patterns.waiting} />
        </span>
        <span className="inline-flex">
          <Badge count={120} label={patterns.waiting} tone="go" />
        </span>
        <UnreadDot />
      </Line>
    </>
  );
}

export function Buttons() {
  const patterns = usePatterns();
  const words: Record<Kind, string> = {
    primary: patterns.primary,
    plain: patterns.plain,
    danger: patterns.danger,
    quiet: patterns.quiet,
  };
  return (
    <>
      <Line>
        {KINDS.map((kind) => (
          <Button key={kind} kind={kind}>
            {words[kind]}
          </Button>
        ))}
        <IconButton label={patterns.icon}>
          <Trash2 size={18} aria-hidden="true" />
        </IconButton>
      </Line>
      <Example name={patterns.small}>
        <Line>
          {KINDS.map((kind) => (
            <Button key={kind} kind={kind} small>
              {words[kind]}
            </Button>
          ))}
        </Line>
      </Example>
      <Example name={patterns.busy}>
        <Line>
          {KINDS.map((kind) => (
            <Button key={kind} kind={kind} busy>
              {words[kind]}
            </Button>
          ))}
        </Line>
      </Example>
      <Example name={patterns.disabled}>
        <Line>
          {KINDS.map((kind) => (
            <Button key={kind} kind={kind} disabled>
              {words[kind]}
            </Button>
          ))}
          <Refused reason={patterns.refusedWhy} kind="primary">
            {patterns.refused}
          </Refused>
        </Line>
      </Example>
    </>
  );
}

export function Colours() {
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))] gap-3">
      {COLOURS.map(([name, look]) => (
        <div key={name} className="text-sm">
          <div className={`mb-1 h-10 rounded-md border border-line ${look}`} />
          <code className="font-mono">{name}</code>
        </div>
      ))}
    </div>
  );
}

export function Type() {
  const patterns = usePatterns();
  return (
    <div className="grid gap-2">
      <p className="text-xl font-bold">{patterns.titleSize}</p>
      <p className="text-lg font-bold">{patterns.dialogSize}</p>
      <p className="font-semibold">{patterns.sectionSize}</p>
      <p>{patterns.bodySize}</p>
      <p className="text-sm text-muted">{patterns.smallSize}</p>
      <p className="font-mono">{patterns.monoSize}</p>
    </div>
  );
}
