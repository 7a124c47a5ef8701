import { useLanguage } from ".";
import de from "./de/people";
import en from "./en/people";

/** The texts of who holds which roles: with their page, so that no other one carries them. */
export function usePeople(): typeof en {
  return useLanguage() === "de" ? de : en;
}
