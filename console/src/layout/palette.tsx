import { Dialog } from "@base-ui/react/dialog";
import { Check, Search } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from "react";
import { useText } from "#/i18n";
import type { Reach } from "./navigation";
import { type Item, useItems } from "./paletteitems";

/** Milliseconds after the last key until the server is asked. */
const PAUSE = 120;

function useSettled(typed: string): string {
  const [settled, settle] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => settle(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}

/** One place to go to anywhere and to do anything, by typing a few letters of it. */
export function Palette({ open, reach, onClose }: { open: boolean; reach: Reach; onClose: () => void }) {
  const { shell } = useText();
  const field = useRef<HTMLInputElement>(null);
  const goes = useRef(false);
  if (open) goes.current = false;
  // Whoever goes somewhere else leaves the trigger behind: the heading of the page takes the focus there.
  const back = () => (goes.current ? document.querySelector<HTMLElement>("main h1") : true);
  const choose = (item: Item) => {
    goes.current = item.goes ?? false;
    onClose();
    // What it opens comes after the palette is gone and has given the focus back.
    setTimeout(item.run);
  };
  return (
    <Dialog.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Popup
          initialFocus={field}
          finalFocus={back}
          className="fixed top-[min(14vh,7.5rem)] left-1/2 z-50 flex max-h-[min(34rem,72dvh)] w-[min(32rem,calc(100vw-1.5rem))] -translate-x-1/2 flex-col overflow-hidden rounded-xl border border-line bg-surface text-ink shadow-2xl"
        >
          <Dialog.Title className="sr-only">{shell.palette.title}</Dialog.Title>
          <Box field={field} reach={reach} onChoose={choose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type BoxProps = { field: RefObject<HTMLInputElement | null>; reach: Reach; onChoose: (item: Item) => void };

function Box({ field, reach, onChoose }: BoxProps) {
  const { shell, common } = useText();
  const id = useId();
  const [typed, setTyped] = useState("");
  const settled = useSettled(typed);
  const { groups, failed, searching } = useItems(typed, settled, reach);
  const items = groups.flatMap((group) => group.items);
  const [chosen, setChosen] = useState<string>();
  const at = Math.max(
    0,
    items.findIndex((item) => item.key === chosen),
  );
  const current = items[at];
  const list = useRef<HTMLDivElement>(null);
  const currentKey = current?.key;
  useEffect(() => {
    if (currentKey) list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [currentKey]);
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && items.length > 0) {
      event.preventDefault();
      setChosen(items[(at + step + items.length) % items.length]?.key);
    } else if (event.key === "Enter" && current) {
      event.preventDefault();
      onChoose(current);
    }
  };
  const option = (item: Item) => `${id}-${item.key}`;
  const nothing = items.length === 0 && typed.trim() !== "" && !searching;
  return (
    <>
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search size={18} aria-hidden="true" className="shrink-0 text-muted" />
        <input
          ref={field}
          role="combobox"
          aria-label={shell.find}
          aria-describedby={`${id}-hint`}
          aria-expanded={items.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={current ? option(current) : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={shell.find}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setChosen(undefined);
          }}
          onKeyDown={press}
          className="min-h-13 w-full min-w-0 bg-transparent outline-none placeholder:text-muted"
        />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={shell.palette.title}
        className="min-h-0 overflow-y-auto overscroll-contain px-1.5 pb-1.5 empty:hidden"
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
          <div key={group.title} role="group" aria-labelledby={`${id}-${group.title}`}>
            <p id={`${id}-${group.title}`} className="px-2.5 pt-2.5 pb-1 text-xs text-muted">
              {group.title}
            </p>
            {group.items.map((item) => (
              <Option
                key={item.key}
                id={option(item)}
                item={item}
                selected={item === current}
                onPoint={() => setChosen(item.key)}
                onChoose={() => onChoose(item)}
              />
            ))}
          </div>
        ))}
      </div>
      {nothing ? (
        <div className="px-4 py-5">
          <p>{shell.palette.none(typed.trim())}</p>
          <p className="mt-1 text-sm text-muted">{shell.palette.noneHint}</p>
        </div>
      ) : null}
      {failed ? <p className="border-t border-line px-4 py-2 text-sm text-bad">{shell.palette.failed}</p> : null}
      <p id={`${id}-hint`} className="border-t border-line px-4 py-2 text-xs text-muted max-sm:sr-only">
        {shell.palette.hint}
      </p>
      <p role="status" className="sr-only">
        {searching ? common.loading : shell.palette.results(items.length)}
      </p>
    </>
  );
}

type OptionProps = { id: string; item: Item; selected: boolean; onPoint: () => void; onChoose: () => void };

function Option({ id, item, selected, onPoint, onChoose }: OptionProps) {
  return (
    // The keys belong to the text field, which owns the list.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text field
    <div
      id={id}
      role="option"
      aria-selected={selected}
      onMouseMove={selected ? undefined : onPoint}
      onClick={onChoose}
      className={`flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1 ${selected ? "bg-accent-soft" : ""}`}
    >
      <item.icon size={16} aria-hidden="true" className="shrink-0 text-muted" />
      <span lang={item.lang} className="min-w-0 flex-1 truncate">
        {item.label}
      </span>
      {item.sub ? <span className="max-w-1/2 shrink-0 truncate text-sm text-muted">{item.sub}</span> : null}
      {item.checked ? <Check size={16} aria-hidden="true" className="shrink-0" /> : null}
    </div>
  );
}
