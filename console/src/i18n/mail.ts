import { useLanguage } from ".";
import de from "./de/mail";
import en from "./en/mail";

/** The texts of mail and of what is told to whom: with the pages that use them, so that the first load does not carry them. */
export function useMail(): typeof en {
  return useLanguage() === "de" ? de : en;
}
