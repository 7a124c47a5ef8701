import { useLanguage } from ".";
import de from "./de/fence";
import en from "./en/fence";

/** The words for privileges: with the pages where something is fenced, so that the first load does not carry them. */
export function useFenceText(): typeof en {
  return useLanguage() === "de" ? de : en;
}
