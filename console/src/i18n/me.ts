import { useLanguage } from ".";
import de from "./de/me";
import en from "./en/me";

/** The texts of a person's own pages: with the pages that use them, so that the first load does not carry them. */
export function useMe(): typeof en {
  return useLanguage() === "de" ? de : en;
}
