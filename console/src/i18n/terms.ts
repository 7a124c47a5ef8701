import { useLanguage } from ".";
import de from "./de/terms";
import en from "./en/terms";

/** The texts of the platform's own terms: with their page, so that the first load does not carry them. */
export function useTerms(): typeof en {
  return useLanguage() === "de" ? de : en;
}
