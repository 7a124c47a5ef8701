import { useEffect, useRef } from "react";

const FIELDS = "input, textarea, select, [contenteditable]";

/** A dialog or a menu is open; a toast is neither, whatever its role. */
function isCovered(): boolean {
  const open = [...document.querySelectorAll('[role="dialog"], [role="alertdialog"], [role="menu"]')];
  return open.some((one) => !one.closest('[role="region"]'));
}

/** Single keys act, unless one types, a dialog or a menu is open, or a modifier is held. */
export function useKeys(on: boolean, keys: Record<string, () => void>) {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      const target = event.target instanceof Element ? event.target : undefined;
      if (target?.closest(FIELDS) || isCovered()) return;
      const act = current.current[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [on]);
}
