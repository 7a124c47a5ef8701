import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type NavigateOptions, useRouter } from "@tanstack/react-router";
import {
  ArrowRight,
  Box,
  Boxes,
  Building2,
  Contrast,
  KeyRound,
  Languages,
  LogOut,
  type LucideIcon,
  Rows3,
  Tag,
  User,
  Zap,
} from "lucide-react";
import type { Hit } from "#/client/schema";
import { useLanguage, useText, word } from "#/i18n";
import { useToast } from "#/ui/toast";
import { wayTo } from "./byid";
import { useConsole } from "./console";
import { ownPlaces, places, type Reach } from "./navigation";
import { useOfferedActions } from "./pageactions";
import { DENSITIES, LANGUAGES, THEMES } from "./prefs";
import { rank } from "./rank";
import { find } from "./search";
import { useSignOut } from "./signout";

/** One line of the palette. `around` are words that find it beside its label; `goes` says that it leaves for another page. */
export type Item = {
  key: string;
  label: string;
  run: () => void;
  icon: LucideIcon;
  sub?: string | undefined;
  around?: string | undefined;
  goes?: boolean;
  checked?: boolean;
  lang?: string;
};
export type Group = { title: string; items: Item[] };

const ICONS: Record<string, LucideIcon> = {
  app: Boxes,
  api: Box,
  client: KeyRound,
  organization: Building2,
  plan: Tag,
};

function placeOf({ kind, id }: Hit): NavigateOptions | undefined {
  switch (kind) {
    case "app":
      return { to: "/apps/$app", params: { app: id } };
    case "api":
      return { to: "/apis/$api", params: { api: id } };
    case "client":
      return { to: "/api-clients/$client", params: { client: id } };
    case "organization":
      return { to: "/organizations/$organization", params: { organization: id } };
    case "plan":
      return { to: "/provide/plans", search: { item: id } };
    default:
      return undefined;
  }
}

/** What the server finds. While it looks on, what it found before stays as far as it still answers to what is typed. */
function useFound(typed: string, settled: string): { items: Item[]; failed: boolean; searching: boolean } {
  const { shell } = useText();
  const router = useRouter();
  const wanted = settled.trim();
  const { data, isError, isFetching } = useQuery({ ...find(wanted), placeholderData: keepPreviousData });
  const items = (typed.trim() === "" ? [] : (data ?? [])).flatMap((one): Item[] => {
    const place = placeOf(one);
    if (!place) return [];
    const kind = word(shell.palette.kinds, one.kind);
    const item = {
      key: one.id,
      label: one.name,
      sub: [kind, one.detail].filter(Boolean).join(" · "),
      // What the server answers for exactly this text it has found for a reason that may not show.
      around: wanted === typed.trim() && !isFetching ? `${typed} ${one.id}` : one.id,
      icon: ICONS[one.kind] ?? Box,
      goes: true,
      run: () => void router.navigate(place),
    };
    return [item];
  });
  return { items, failed: isError && wanted !== "", searching: isFetching || wanted !== typed.trim() };
}

function usePlaces(reach: Reach): Item[] {
  const text = useText();
  const router = useRouter();
  const main = places(text, reach).flatMap((group) =>
    group.places.map((place) => ({ to: place.to, label: place.label, icon: place.icon, sub: group.title })),
  );
  const own = ownPlaces(text).map((place) => ({ ...place, icon: User, sub: text.shell.account }));
  return [...main, ...own].map(({ to, ...place }) => ({
    ...place,
    key: String(to),
    goes: true,
    run: () => void router.navigate({ to }),
  }));
}

function useCommands(): Item[] {
  const { shell } = useText();
  const current = useLanguage();
  const { changeLanguage, theme, chooseTheme, density, chooseDensity } = useConsole();
  const signOut = useSignOut();
  return [
    ...LANGUAGES.map((one) => ({
      key: `language-${one}`,
      label: shell.palette.setLanguage(shell.languages[one]),
      icon: Languages,
      checked: one === current,
      run: () => void changeLanguage(one),
    })),
    ...THEMES.map((one) => ({
      key: `theme-${one}`,
      label: shell.palette.setTheme(shell.themes[one]),
      icon: Contrast,
      checked: one === theme,
      run: () => chooseTheme(one),
    })),
    ...DENSITIES.map((one) => ({
      key: `density-${one}`,
      label: shell.palette.setDensity(shell.densities[one]),
      icon: Rows3,
      checked: one === density,
      run: () => chooseDensity(one),
    })),
    { key: "sign-out", label: shell.signOut, icon: LogOut, run: signOut },
  ];
}

/** What has the id that was typed or pasted. */
function useById(typed: string): Item[] {
  const { shell } = useText();
  const router = useRouter();
  const toast = useToast();
  const way = wayTo(typed);
  if (!way) return [];
  const id = typed.trim().toLowerCase();
  const run = async () => {
    const place = await way().catch(() => undefined);
    if (place) await router.navigate(place);
    else toast(shell.palette.lost(id));
  };
  return [
    {
      key: "by-id",
      label: shell.palette.openId(id),
      around: typed,
      icon: ArrowRight,
      goes: true,
      run: () => void run(),
    },
  ];
}

/** Everything that answers to what was typed, the best first within its group. */
export function useItems(typed: string, settled: string, reach: Reach) {
  const { shell } = useText();
  const found = useFound(typed, settled);
  const here = useOfferedActions().map((action) => ({ ...action, key: `here-${action.key}`, icon: Zap }));
  const fitting = (items: Item[]): Item[] =>
    items
      .map((item) => ({ item, how: rank(typed, item.label, `${item.sub ?? ""} ${item.around ?? ""}`) }))
      .filter(({ how }) => how > 0)
      .sort((a, b) => b.how - a.how)
      .map(({ item }) => item);
  const groups: Group[] = [
    { title: shell.palette.opens, items: useById(typed) },
    { title: shell.palette.page, items: fitting(here) },
    { title: shell.palette.places, items: fitting(usePlaces(reach)) },
    // Below what is there at once: what comes later must not move what somebody is about to choose.
    { title: shell.palette.found, items: fitting(found.items) },
    { title: shell.palette.commands, items: fitting(useCommands()) },
  ];
  return {
    groups: groups.filter((group) => group.items.length > 0),
    failed: found.failed,
    searching: found.searching,
  };
}
