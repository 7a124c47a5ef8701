import { useLanguage } from ".";
import de from "./de/reader";
import en from "./en/reader";

/** The texts of the reader of references: with the pages that use them, so that the first load does not carry them. */
export function useReader(): typeof en {
  return useLanguage() === "de" ? de : en;
}
