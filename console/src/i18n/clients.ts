import { useLanguage } from ".";
import de from "./de/clients";
import en from "./en/clients";

/** The texts of API clients and their secrets: with the pages that use them, so that the first load does not carry them. */
export function useClients(): typeof en {
  return useLanguage() === "de" ? de : en;
}
