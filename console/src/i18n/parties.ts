import { useLanguage } from ".";
import de from "./de/parties";
import en from "./en/parties";

/** The texts of partners, people and groups: with the pages that use them, so that the first load does not carry them. */
export function useParties(): typeof en {
  return useLanguage() === "de" ? de : en;
}
