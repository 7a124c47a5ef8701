import { useLanguage } from ".";
import de from "./de/exchange";
import en from "./en/exchange";

/** The texts of exporting and importing: with the pages that use them, so that the first load does not carry them. */
export function useExchange(): typeof en {
  return useLanguage() === "de" ? de : en;
}
