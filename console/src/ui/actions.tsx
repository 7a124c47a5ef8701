import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { useCallback, useEffect, useRef } from "react";
import { useText, word } from "#/i18n";
import { Button, type Kind } from "./button";
import { Menu } from "./menu";

/** An action as the server offers it: allowed, or not and then why. */
export type Offered = { action: string; allowed: boolean; reason?: string | null };

type ActionsProps = {
  /** What the resource is called, for the name of the menu. */
  of: string;
  actions: Offered[];
  onAct: (action: string) => void;
  /** Actions to show as buttons when they are allowed, the most useful first; all others are in the menu. */
  first?: string[];
  /** How many buttons at most. */
  buttons?: number;
  busy?: boolean;
  /** What this place calls them, where that is not the usual word. */
  words?: Record<string, string>;
  /** Actions that this place does not draw. */
  without?: string[];
  /** Another button, which is no action of the server: it stands before the menu. */
  extra?: ReactNode;
};

const DANGEROUS = ["reject", "cancel", "delete", "disable"];
const USUAL = ["approve", "activate", "resume", "resubmit", "enable", "publish"];

/** How long after a press its button may go away and take the focus with it, in milliseconds. */
const SOON = 10_000;

/** Where something was pressed last. */
let last: { place: object; at: number } | undefined;

/** A button that was pressed is often gone when it is done: the focus then stays with what is left of these actions. */
function useKeptFocus() {
  const place = useRef<HTMLSpanElement>(null);
  const lost = useCallback(
    () => last?.place === place && Date.now() - last.at < SOON && document.activeElement === document.body,
    [],
  );
  useEffect(() => {
    if (lost()) place.current?.querySelector("button")?.focus();
  });
  // All of it is gone, with its row for example: the heading of the page is what is left.
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (lost()) document.querySelector<HTMLElement>("main h1")?.focus();
      });
    },
    [lost],
  );
  return {
    place,
    press: () => {
      last = { place, at: Date.now() };
    },
  };
}

/** What the server allows, drawn: the most useful as a button, the rest in a menu, each refused one with its reason. */
export function Actions({
  of,
  actions,
  onAct,
  first = USUAL,
  buttons = 1,
  busy,
  words,
  without = [],
  extra,
}: ActionsProps) {
  const { common } = useText();
  const { place, press } = useKeptFocus();
  const say = (action: string) => words?.[action] ?? word(common.actions, action);
  const choose = (action: string) => {
    press();
    onAct(action);
  };
  const shown = actions.filter((offer) => !without.includes(offer.action));
  const prominent = first
    .filter((name) => shown.some((offer) => offer.action === name && offer.allowed))
    .slice(0, buttons);
  const rest = shown.filter((offer) => !prominent.includes(offer.action));
  // What is allowed first; the reasons for the rest below it.
  const sorted = [...rest.filter((offer) => offer.allowed), ...rest.filter((offer) => !offer.allowed)];
  const kind = (action: string, index: number): Kind =>
    DANGEROUS.includes(action) ? "danger" : index === 0 && buttons > 1 ? "primary" : "plain";
  return (
    <span ref={place} className="inline-flex flex-wrap items-center justify-end gap-1.5">
      {prominent.map((action, index) => (
        <Button key={action} kind={kind(action, index)} busy={busy} onClick={() => choose(action)}>
          {say(action)}
        </Button>
      ))}
      {extra}
      {sorted.length > 0 ? (
        <Menu
          label={common.moreActions(of)}
          trigger={<Ellipsis size={18} aria-hidden="true" />}
          entries={sorted.map((offer) => ({
            key: offer.action,
            label: say(offer.action),
            onSelect: () => choose(offer.action),
            danger: DANGEROUS.includes(offer.action),
            reason: offer.allowed ? undefined : word(common.reasons, offer.reason ?? "state"),
          }))}
        />
      ) : null}
    </span>
  );
}
