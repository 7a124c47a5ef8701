import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { type Language, Speaking, speak } from "#/i18n";
import * as prefs from "./prefs";

type Console = {
  changeLanguage: (language: Language) => Promise<void>;
  theme: prefs.Theme;
  chooseTheme: (theme: prefs.Theme) => void;
  density: prefs.Density;
  chooseDensity: (density: prefs.Density) => void;
};

const Context = createContext<Console | undefined>(undefined);

/** What a person has set about the console itself: language, theme, density. */
export function ConsoleSettings({ language: first, children }: { language: Language; children: ReactNode }) {
  const [language, setLanguage] = useState(first);
  const [theme, setTheme] = useState(prefs.theme);
  const [density, setDensity] = useState(prefs.density);
  const value = useMemo(
    () => ({
      changeLanguage: async (wanted: Language) => {
        await speak(wanted);
        setLanguage(wanted);
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
    }),
    [theme, density],
  );
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
