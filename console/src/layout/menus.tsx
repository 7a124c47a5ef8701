import { useRouter } from "@tanstack/react-router";
import { Languages, Moon, Sun, SunMoon } from "lucide-react";
import { useSession } from "#/client/session";
import { useLanguage, useText } from "#/i18n";
import { Menu } from "#/ui/menu";
import { useConsole } from "./console";
import { ownPlaces } from "./navigation";
import { DENSITIES, LANGUAGES, THEMES } from "./prefs";
import { useSignOut } from "./signout";

export function LanguageMenu() {
  const { shell } = useText();
  const current = useLanguage();
  const { changeLanguage } = useConsole();
  return (
    <Menu
      label={`${shell.language}: ${current.toUpperCase()}, ${shell.languages[current]}`}
      trigger={
        <>
          <Languages size={18} aria-hidden="true" />
          <span className="text-sm max-sm:hidden">{current.toUpperCase()}</span>
        </>
      }
      entries={LANGUAGES.map((one) => ({
        key: one,
        label: <span lang={one}>{shell.languages[one]}</span>,
        checked: one === current,
        onSelect: () => void changeLanguage(one),
      }))}
    />
  );
}

export function ThemeMenu() {
  const { shell } = useText();
  const { theme, chooseTheme, density, chooseDensity } = useConsole();
  const Icon = theme === "dark" ? Moon : theme === "light" ? Sun : SunMoon;
  return (
    <Menu
      label={`${shell.theme}: ${shell.themes[theme]}`}
      trigger={<Icon size={18} aria-hidden="true" />}
      groups={[
        {
          title: shell.theme,
          entries: THEMES.map((one) => ({
            key: one,
            label: shell.themes[one],
            checked: one === theme,
            onSelect: () => chooseTheme(one),
          })),
        },
        {
          title: shell.density,
          entries: DENSITIES.map((one) => ({
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

export function AccountMenu() {
  const text = useText();
  const router = useRouter();
  const signOut = useSignOut();
  const { user } = useSession();
  const name = user.display_name || user.username;
  return (
    <Menu
      label={`${text.shell.account}: ${name}`}
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
      groups={[
        {
          title: user.username,
          entries: [
            ...ownPlaces(text).map((place) => ({
              key: place.label,
              label: place.label,
              onSelect: () => void router.navigate({ to: place.to }),
            })),
            { key: "out", label: text.shell.signOut, onSelect: signOut },
          ],
        },
      ]}
    />
  );
}
