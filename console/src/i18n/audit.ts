import { useLanguage } from ".";
import de from "./de/audit";
import en from "./en/audit";

/** The texts of the audit log and of histories: with the pages that use them, so that the first load does not carry them. */
export function useAuditText(): typeof en {
  return useLanguage() === "de" ? de : en;
}
