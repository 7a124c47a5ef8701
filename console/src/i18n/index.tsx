import { createContext, type ReactNode, useContext } from "react";
import type { Messages } from "./en";

export type Language = "en" | "de";
export type { Messages };

const load: Record<Language, () => Promise<Messages>> = {
  en: () => import("./en").then((m) => m.en),
  de: () => import("./de").then((m) => m.de),
};

let language: Language = "en";
let messages: Messages | undefined;

function fromCookie(): Language | undefined {
  const value = document.cookie.match(/(?:^|; )locale=(en|de)/)?.[1];
  return value === "en" || value === "de" ? value : undefined;
}

/** The language to begin with: the person's setting, the cookie, then what the browser asks for. */
export function firstLanguage(setting: string | null | undefined): Language {
  if (setting === "en" || setting === "de") return setting;
  return fromCookie() ?? (navigator.language.toLowerCase().startsWith("de") ? "de" : "en");
}

/** Loads a language and makes it the current one. */
export async function speak(wanted: Language): Promise<void> {
  messages = await load[wanted]();
  language = wanted;
  document.documentElement.lang = wanted;
  // The pages that the server renders read the same cookie.
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we serve
  document.cookie = `locale=${wanted}; path=/; max-age=31536000; samesite=lax`;
}

const Spoken = createContext<Language>("en");

/** Everything below is drawn anew when the language changes. */
export function Speaking({ language: value, children }: { language: Language; children: ReactNode }) {
  return <Spoken.Provider value={value}>{children}</Spoken.Provider>;
}

/** The texts of the console in the current language. */
export function useText(): Messages {
  useContext(Spoken);
  if (!messages) throw new Error("no language is loaded");
  return messages;
}

export function useLanguage(): Language {
  return useContext(Spoken);
}

export function currentLanguage(): Language {
  return language;
}

/** The word for a code of the server, or the code itself: a newer server may know more codes than this console. */
export function word(words: Record<string, string>, code: string | null | undefined): string {
  if (!code) return "";
  return words[code] ?? code;
}
