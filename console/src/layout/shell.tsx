import { Outlet, useRouter, useRouterState } from "@tanstack/react-router";
import { Languages, Menu as MenuIcon, Moon, Search, Sun, SunMoon } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { http } from "#/client/http";
import { usePulse } from "#/client/live";
import { session } from "#/client/session";
import { type Language, useLanguage, useText } from "#/i18n";
import { IconButton } from "#/ui/button";
import { Waiting } from "#/ui/list";
import { Menu } from "#/ui/menu";
import { useConsole } from "./console";
import { Reauthenticate } from "./reauthenticate";
import { Sheet } from "./sheet";
import { Sidebar } from "./sidebar";

const Palette = lazy(() => import("./palette").then((m) => ({ default: m.Palette })));

/** The frame around every page: where one can go, what waits, how it looks. */
export function Shell() {
  const { shell } = useText();
  const pulse = usePulse();
  const [sheet, setSheet] = useState(false);
  const [palette, setPalette] = useState(false);
  const main = useRef<HTMLElement>(null);
  useFocusOnArrival(main);
  usePaletteKey(() => setPalette(true));
  const reach = pulse?.navigation ?? { provide: false, organization: false, site: false };
  const badges = {
    inbox: pulse?.tasks_open ?? 0,
    notices: pulse?.notices_unread ?? 0,
    apps: pulse?.answers_unread ?? 0,
  };
  return (
    <div className="grid min-h-dvh md:grid-cols-[14.5rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-60 focus:m-2 focus:rounded-md focus:bg-surface focus:px-3 focus:py-2"
      >
        {shell.skip}
      </a>
      <div className="sticky top-0 h-dvh border-r border-line max-md:hidden">
        <Sidebar reach={reach} badges={badges} />
      </div>
      <div className="min-w-0">
        <header className="sticky top-0 z-30 flex min-h-12 items-center gap-2 border-b border-line bg-paper px-4 md:px-6">
          <IconButton label={shell.menu} onClick={() => setSheet(true)} className="md:hidden">
            <MenuIcon size={20} aria-hidden="true" />
          </IconButton>
          <button
            type="button"
            onClick={() => setPalette(true)}
            className="flex min-h-8 w-full max-w-96 min-w-0 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-left text-muted hover:border-control"
          >
            <Search size={16} aria-hidden="true" className="shrink-0" />
            <span className="min-w-0 flex-1 truncate">{shell.find}</span>
            <kbd className="rounded border border-line px-1.5 font-mono text-xs max-sm:hidden">{shell.findKey}</kbd>
          </button>
          <span className="flex-1" />
          <LanguageMenu />
          <ThemeMenu />
          <AccountMenu />
        </header>
        <main id="main" ref={main} tabIndex={-1} className="mx-auto max-w-[84rem] px-4 pt-6 pb-16 outline-none md:px-6">
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Sheet open={sheet} onClose={() => setSheet(false)} label={shell.menu}>
        <Sidebar reach={reach} badges={badges} onGo={() => setSheet(false)} />
      </Sheet>
      {palette ? (
        <Suspense>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      ) : null}
      <Reauthenticate />
    </div>
  );
}

/** After navigation the heading of the new page has the focus, so that it is read and Tab goes on from there. */
function useFocusOnArrival(main: React.RefObject<HTMLElement | null>) {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    const moved = before.current !== undefined && path !== before.current;
    if (path !== undefined) before.current = path;
    if (!moved || !main.current) return;
    const place = main.current;
    const focus = () => {
      const heading = place.querySelector("h1");
      heading?.focus({ preventScroll: true });
      return heading !== null;
    };
    if (focus()) return;
    // The page is still loading: its heading comes later.
    const watch = new MutationObserver(() => {
      if (focus()) watch.disconnect();
    });
    watch.observe(place, { childList: true, subtree: true });
    return () => watch.disconnect();
  }, [path, main]);
}

function usePaletteKey(open: () => void) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open();
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
}

function LanguageMenu() {
  const { shell } = useText();
  const current = useLanguage();
  const { changeLanguage } = useConsole();
  const choose = (wanted: Language) => {
    void changeLanguage(wanted);
    void http.PATCH("/api/v1/me", { body: { language: wanted } as never });
  };
  return (
    <Menu
      label={shell.language}
      trigger={
        <>
          <Languages size={18} aria-hidden="true" />
          <span className="text-sm max-sm:hidden">{current.toUpperCase()}</span>
        </>
      }
      entries={(["en", "de"] as const).map((one) => ({
        key: one,
        label: <span lang={one}>{shell.languages[one]}</span>,
        checked: one === current,
        onSelect: () => choose(one),
      }))}
    />
  );
}

function ThemeMenu() {
  const { shell } = useText();
  const { theme, chooseTheme, density, chooseDensity } = useConsole();
  const Icon = theme === "dark" ? Moon : theme === "light" ? Sun : SunMoon;
  return (
    <Menu
      label={shell.theme}
      trigger={<Icon size={18} aria-hidden="true" />}
      groups={[
        {
          title: shell.theme,
          entries: (["system", "light", "dark"] as const).map((one) => ({
            key: one,
            label: shell.themes[one],
            checked: one === theme,
            onSelect: () => chooseTheme(one),
          })),
        },
        {
          title: shell.density,
          entries: (["comfortable", "compact"] as const).map((one) => ({
            key: one,
            label: shell.densities[one],
            checked: one === density,
            onSelect: () => chooseDensity(one),
          })),
        },
      ]}
    />
  );
}

function AccountMenu() {
  const { shell } = useText();
  const router = useRouter();
  const { user } = session();
  const go = (to: string) => void router.navigate({ to });
  const name = user.display_name || user.username;
  return (
    <Menu
      label={`${shell.account}: ${name}`}
      trigger={
        <>
          <span className="max-w-40 truncate text-sm max-sm:hidden">{name}</span>
          <span
            aria-hidden="true"
            className="inline-flex size-7 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent sm:hidden"
          >
            {name.slice(0, 1).toUpperCase()}
          </span>
        </>
      }
      entries={[
        { key: "profile", label: shell.profile, onSelect: () => go("/me/profile") },
        { key: "security", label: shell.security, onSelect: () => go("/me/security") },
        { key: "tokens", label: shell.tokens, onSelect: () => go("/me/tokens") },
        { key: "out", label: shell.signOut, onSelect: () => window.location.assign("/logout") },
      ]}
    />
  );
}
