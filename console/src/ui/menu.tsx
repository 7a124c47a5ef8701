import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactNode } from "react";

export type MenuEntry = {
  key: string;
  label: ReactNode;
  onSelect: () => void;
  /** Not offered now, and why: the entry stays visible and says so. */
  reason?: string;
  danger?: boolean;
  checked?: boolean;
};

const POPUP = "z-50 min-w-48 max-w-80 rounded-md border border-line bg-surface p-1 text-ink shadow-xl outline-none";
const ENTRY = "flex w-full items-start gap-2 rounded px-2.5 py-1.5 outline-none data-highlighted:bg-accent-soft";

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
  groups?: { title: string; entries: MenuEntry[] }[];
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger
        aria-label={label}
        className="inline-flex min-h-8 min-w-8 items-center justify-center gap-1.5 rounded-md px-1.5 hover:bg-sunken data-popup-open:bg-sunken"
      >
        {trigger}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="z-50">
          <Base.Popup className={POPUP}>
            {entries?.map((entry) => (
              <Entry key={entry.key} entry={entry} />
            ))}
            {groups?.map((group) => (
              <Base.Group key={group.title}>
                <Base.GroupLabel className="px-2.5 pt-2 pb-1 text-xs text-muted">{group.title}</Base.GroupLabel>
                {group.entries.map((entry) => (
                  <Entry key={entry.key} entry={entry} />
                ))}
              </Base.Group>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  return (
    <Base.Item
      disabled={entry.reason !== undefined}
      onClick={entry.onSelect}
      className={`${ENTRY} ${entry.danger && entry.reason === undefined ? "text-bad" : ""}`}
    >
      {entry.checked === undefined ? null : (
        <Check size={16} aria-hidden="true" className={`mt-0.5 ${entry.checked ? "" : "invisible"}`} />
      )}
      <span className="min-w-0">
        <span className={`block ${entry.reason === undefined ? "" : "text-muted"}`}>{entry.label}</span>
        {entry.reason ? <span className="block text-xs text-muted">{entry.reason}</span> : null}
      </span>
    </Base.Item>
  );
}
