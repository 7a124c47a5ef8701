import { Outlet } from "@tanstack/react-router";
import { Menu as MenuIcon, Search } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { usePulse } from "#/client/live";
import { useText } from "#/i18n";
import { IconButton } from "#/ui/button";
import { Waiting } from "#/ui/list";
import { useArrival } from "./arrival";
import { AccountMenu, LanguageMenu, ThemeMenu } from "./menus";
import { Reauthenticate } from "./reauthenticate";
import { Sheet } from "./sheet";
import { Sidebar } from "./sidebar";
import { useLeaveWithOthers } from "./signout";
import { useFreshFiles } from "./upgrade";
import { ConnectionBanner, OpeningBar } from "./weather";

const Palette = lazy(() => import("./palette").then((m) => ({ default: m.Palette })));

/** The frame around every page: where one can go, what waits, how it looks. */
export function Shell() {
  const { shell } = useText();
  const pulse = usePulse();
  const [sheet, setSheet] = useState(false);
  const [palette, setPalette] = useState(false);
  // It is loaded when it is first wanted, and stays: only what closes can give the focus back.
  const [wasOpen, setWasOpen] = useState(false);
  if (palette && !wasOpen) setWasOpen(true);
  const main = useRef<HTMLElement>(null);
  const said = useArrival(main);
  useLeaveWithOthers();
  useFreshFiles();
  usePaletteKey(
    // Not over another dialog: what is in there is to be finished first.
    useCallback(
      () => setPalette((open) => !open && document.querySelector('[role="dialog"]:not([aria-modal="false"])') === null),
      [],
    ),
  );
  const reach = pulse?.navigation ?? { provide: false, organization: false, site: false };
  const badges = {
    inbox: pulse?.tasks_open ?? 0,
    notices: pulse?.notices_unread ?? 0,
    apps: pulse?.answers_unread ?? 0,
  };
  return (
    <div className="grid min-h-dvh md:grid-cols-[14.5rem_minmax(0,1fr)]">
      <OpeningBar />
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-60 focus:m-2 focus:rounded-md focus:border focus:border-line focus:bg-surface focus:px-3 focus:py-2"
      >
        {shell.skip}
      </a>
      <div className="border-r border-line bg-sunken max-md:hidden">
        <div className="sticky top-0 h-dvh">
          <Sidebar reach={reach} badges={badges} />
        </div>
      </div>
      <div className="min-w-0">
        <header className="sticky top-0 z-30 flex min-h-12 items-center gap-1 border-b border-line bg-paper px-2 sm:gap-2 sm:px-4 md:px-6">
          <IconButton label={shell.menu} onClick={() => setSheet(true)} className="size-9 shrink-0 md:hidden">
            <MenuIcon size={20} aria-hidden="true" />
          </IconButton>
          <FindButton onOpen={() => setPalette(true)} />
          <span className="flex-1" />
          <LanguageMenu />
          <ThemeMenu />
          <AccountMenu />
        </header>
        <ConnectionBanner />
        <main id="main" ref={main} tabIndex={-1} className="mx-auto max-w-[84rem] px-4 pt-6 pb-16 outline-none md:px-6">
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        </main>
        <p role="status" className="sr-only">
          {said}
        </p>
      </div>
      <Sheet open={sheet} onClose={() => setSheet(false)} label={shell.menu}>
        <Sidebar reach={reach} badges={badges} onGo={() => setSheet(false)} />
      </Sheet>
      {wasOpen ? (
        <Suspense>
          <Palette open={palette} reach={reach} onClose={() => setPalette(false)} />
        </Suspense>
      ) : null}
      <Reauthenticate />
    </div>
  );
}

const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

function FindButton({ onOpen }: { onOpen: () => void }) {
  const { shell } = useText();
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-haspopup="dialog"
      className="flex min-h-8 w-full max-w-96 min-w-0 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-left text-muted hover:border-control"
    >
      <Search size={16} aria-hidden="true" className="shrink-0" />
      <span className="min-w-0 flex-1 truncate">{shell.find}</span>
      <kbd className="shrink-0 rounded border border-line px-1.5 font-mono text-xs max-sm:hidden">
        {shell.findKey(MAC)}
      </kbd>
    </button>
  );
}

function usePaletteKey(press: () => void) {
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k")
        return;
      event.preventDefault();
      press();
    };
    window.addEventListener("keydown", down);
    return () => window.removeEventListener("keydown", down);
  }, [press]);
}
