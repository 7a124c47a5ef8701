import { Check } from "lucide-react";
import { type KeyboardEvent, type ReactNode, type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import { useText } from "#/i18n";

export type MenuEntry = {
  key: string;
  label: ReactNode;
  onSelect: () => void;
  /** Not offered now, and why: the entry stays visible and says so. */
  reason?: string | undefined;
  danger?: boolean;
  checked?: boolean;
};
type Group = { title: string; entries: MenuEntry[] };
type Which = "first" | "last";

/** Pixels between the trigger and the menu, and between the menu and the edge of the window. */
const GAP = 4;
const EDGE = 8;

/** Puts the menu below the trigger, or above it where there is more room; never outside of the window. */
function place(menu: HTMLElement, trigger: HTMLElement): void {
  const at = trigger.getBoundingClientRect();
  const [width, height] = [document.documentElement.clientWidth, window.innerHeight];
  const below = height - at.bottom - GAP - EDGE;
  const above = at.top - GAP - EDGE;
  const wanted = menu.scrollHeight + 2;
  const upwards = wanted > below && above > below;
  const tall = Math.min(wanted, upwards ? above : below);
  menu.style.maxHeight = `${upwards ? above : below}px`;
  menu.style.top = `${upwards ? at.top - GAP - tall : at.bottom + GAP}px`;
  // Their outer edges are in line: the left ones in the left half of the window, else the right ones.
  const left = at.right < width / 2 ? at.left : at.right - menu.offsetWidth;
  menu.style.left = `${Math.max(EDGE, Math.min(left, width - EDGE - menu.offsetWidth))}px`;
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
}

/** Keeps an open menu at its trigger, and closes it when the pointer or the focus goes elsewhere. */
function useOpenMenu(
  menu: RefObject<HTMLDivElement | null>,
  trigger: RefObject<HTMLButtonElement | null>,
  open: Which | undefined,
  close: () => void,
) {
  useLayoutEffect(() => {
    const [popup, anchor] = [menu.current, trigger.current];
    if (!open || !popup || !anchor) return;
    // In the top layer nothing can cut it off.
    popup.showPopover();
    place(popup, anchor);
    const items = itemsOf(popup);
    (open === "first" ? items[0] : items.at(-1))?.focus({ preventScroll: true });
    const follow = () => place(popup, anchor);
    const elsewhere = (event: Event) => {
      if (event.target instanceof Node && !popup.contains(event.target) && !anchor.contains(event.target)) close();
    };
    window.addEventListener("scroll", follow, { capture: true, passive: true });
    window.addEventListener("resize", follow);
    document.addEventListener("pointerdown", elsewhere, true);
    document.addEventListener("focusin", elsewhere);
    return () => {
      window.removeEventListener("scroll", follow, { capture: true });
      window.removeEventListener("resize", follow);
      document.removeEventListener("pointerdown", elsewhere, true);
      document.removeEventListener("focusin", elsewhere);
    };
  }, [menu, trigger, open, close]);
}

/** A menu behind a trigger. What may not be done now stays in it, disabled, with its reason as text. */
export function Menu({
  trigger,
  label,
  entries,
  groups,
}: {
  trigger: ReactNode;
  label: string;
  entries?: MenuEntry[];
  groups?: Group[];
}) {
  const id = useId();
  const [open, setOpen] = useState<Which>();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const close = useRef(() => setOpen(undefined)).current;
  useOpenMenu(menu, button, open, close);
  // The focus goes back before anything is done: a dialog that opens then knows where it came from.
  const leave = () => {
    button.current?.focus({ preventScroll: true });
    close();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    setOpen(event.key === "ArrowDown" ? "first" : "last");
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open !== undefined}
        aria-controls={open ? id : undefined}
        onClick={() => (open ? leave() : setOpen("first"))}
        onKeyDown={press}
        className="inline-flex min-h-8 min-w-8 items-center justify-center gap-1.5 rounded-md px-1.5 hover:bg-sunken aria-expanded:bg-sunken"
      >
        {trigger}
      </button>
      {open ? (
        <Popup id={id} menu={menu} label={label} onLeave={leave}>
          {entries?.map((entry) => (
            <Entry key={entry.key} entry={entry} onLeave={leave} />
          ))}
          {groups?.map((group) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of entries is no fieldset
            <div key={group.title} role="group" aria-label={group.title}>
              <p aria-hidden="true" className="px-2.5 pt-2 pb-1 text-xs text-muted">
                {group.title}
              </p>
              {group.entries.map((entry) => (
                <Entry key={entry.key} entry={entry} onLeave={leave} />
              ))}
            </div>
          ))}
        </Popup>
      ) : null}
    </>
  );
}

type PopupProps = {
  id: string;
  menu: RefObject<HTMLDivElement | null>;
  label: string;
  onLeave: () => void;
  children: ReactNode;
};

function Popup({ id, menu, label, onLeave, children }: PopupProps) {
  const typed = useRef({ text: "", at: 0 });
  const press = (event: KeyboardEvent) => {
    const items = itemsOf(menu.current);
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = (index: number) => {
      event.preventDefault();
      items[(index + items.length) % items.length]?.focus();
    };
    if (event.key === "ArrowDown") to(at + 1);
    else if (event.key === "ArrowUp") to(at < 0 ? -1 : at - 1);
    else if (event.key === "Home") to(0);
    else if (event.key === "End") to(-1);
    else if (event.key === "Tab") onLeave();
    else if (event.key === "Escape") {
      // For the menu alone: a dialog around it stays open.
      event.preventDefault();
      event.stopPropagation();
      onLeave();
    } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const fresh = event.timeStamp - typed.current.at > 700;
      typed.current = { text: (fresh ? "" : typed.current.text) + event.key.toLowerCase(), at: event.timeStamp };
      const after = fresh ? at + 1 : Math.max(at, 0);
      const order = [...items.slice(after), ...items.slice(0, after)];
      order.find((item) => item.textContent?.trim().toLowerCase().startsWith(typed.current.text))?.focus();
      event.stopPropagation();
    }
  };
  return (
    <div
      ref={menu}
      id={id}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      popover="manual"
      onKeyDown={press}
      className="fixed inset-auto m-0 min-w-48 max-w-[min(20rem,calc(100vw-1rem))] overflow-y-auto overscroll-contain rounded-md border border-line bg-surface p-1 text-left text-base font-normal text-ink shadow-xl outline-none"
    >
      {children}
    </div>
  );
}

function Entry({ entry, onLeave }: { entry: MenuEntry; onLeave: () => void }) {
  const { common } = useText();
  const id = useId();
  const refused = entry.reason !== undefined;
  const select = () => {
    if (refused) return;
    onLeave();
    entry.onSelect();
  };
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-disabled={refused || undefined}
      aria-describedby={refused ? id : undefined}
      aria-labelledby={refused ? `${id}-label` : undefined}
      onClick={select}
      onMouseMove={(event) => event.currentTarget.focus({ preventScroll: true })}
      className={`flex w-full items-start gap-2 rounded px-2.5 py-1.5 text-left outline-none focus:bg-accent-soft ${refused ? "cursor-not-allowed" : ""} ${entry.danger && !refused ? "text-bad" : ""}`}
    >
      {entry.checked === undefined ? null : (
        <Check size={16} aria-hidden="true" className={`mt-0.5 shrink-0 ${entry.checked ? "" : "invisible"}`} />
      )}
      <span className="min-w-0">
        <span id={`${id}-label`} className={`block ${refused ? "text-muted" : ""}`}>
          {entry.label}
          {entry.checked ? <span className="sr-only">{` (${common.chosen})`}</span> : null}
        </span>
        {refused ? (
          <span id={id} className="block text-xs text-muted">
            {entry.reason}
          </span>
        ) : null}
      </span>
    </button>
  );
}
