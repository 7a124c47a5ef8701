import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { http } from "#/client/http";
import { type Language, Speaking, speak } from "#/i18n";
import * as prefs from "./prefs";

type Console = {
  /** Speaks another language from now on. */
  showLanguage: (language: Language) => Promise<void>;
  /** Speaks another language from now on, and remembers it for this person. */
  changeLanguage: (language: Language) => Promise<void>;
  theme: prefs.Theme;
  chooseTheme: (theme: prefs.Theme) => void;
  density: prefs.Density;
  chooseDensity: (density: prefs.Density) => void;
  /** Whether single keys act where a page has some. */
  singleKeys: boolean;
  chooseSingleKeys: (on: boolean) => void;
};

const Context = createContext<Console | undefined>(undefined);

/** What a person has set about the console itself: language, theme, density, keys. */
export function ConsoleSettings({ language: first, children }: { language: Language; children: ReactNode }) {
  const [language, setLanguage] = useState(first);
  const [theme, setTheme] = useState(prefs.theme);
  const [density, setDensity] = useState(prefs.density);
  const [singleKeys, setSingleKeys] = useState(prefs.singleKeys);
  const value = useMemo(() => {
    const showLanguage = async (wanted: Language) => {
      await speak(wanted);
      setLanguage(wanted);
    };
    return {
      showLanguage,
      changeLanguage: async (wanted: Language) => {
        await showLanguage(wanted);
        // The page already speaks it; if the server cannot be told, the cookie still remembers.
        await http.PATCH("/api/v1/me", { body: { language: wanted } }).catch(() => undefined);
      },
      theme,
      chooseTheme: (wanted: prefs.Theme) => {
        prefs.chooseTheme(wanted);
        setTheme(wanted);
      },
      density,
      chooseDensity: (wanted: prefs.Density) => {
        prefs.chooseDensity(wanted);
        setDensity(wanted);
      },
      singleKeys,
      chooseSingleKeys: (on: boolean) => {
        prefs.chooseSingleKeys(on);
        setSingleKeys(on);
      },
    };
  }, [theme, density, singleKeys]);
  return (
    <Context.Provider value={value}>
      <Speaking language={language}>{children}</Speaking>
    </Context.Provider>
  );
}

export function useConsole(): Console {
  const value = useContext(Context);
  if (!value) throw new Error("outside the console");
  return value;
}
