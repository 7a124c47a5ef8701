import { Ellipsis } from "lucide-react";
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
  /** Actions that this place does not draw. */
  without?: string[];
};

const DANGEROUS = ["reject", "cancel", "delete", "disable"];
const USUAL = ["approve", "activate", "resume", "resubmit", "enable", "publish"];

/** What the server allows, drawn: the most useful as a button, the rest in a menu, each refused one with its reason. */
export function Actions({ of, actions, onAct, first = USUAL, buttons = 1, busy, without = [] }: ActionsProps) {
  const { common } = useText();
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
    <span className="inline-flex flex-wrap items-center justify-end gap-1.5">
      {prominent.map((action, index) => (
        <Button key={action} kind={kind(action, index)} busy={busy} onClick={() => onAct(action)}>
          {word(common.actions, action)}
        </Button>
      ))}
      {sorted.length > 0 ? (
        <Menu
          label={common.moreActions(of)}
          trigger={<Ellipsis size={18} aria-hidden="true" />}
          entries={sorted.map((offer) => ({
            key: offer.action,
            label: word(common.actions, offer.action),
            onSelect: () => onAct(offer.action),
            danger: DANGEROUS.includes(offer.action),
            reason: offer.allowed ? undefined : word(common.reasons, offer.reason ?? "state"),
          }))}
        />
      ) : null}
    </span>
  );
}
