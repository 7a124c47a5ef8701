import { useLanguage } from ".";
import de from "./de/webhooks";
import en from "./en/webhooks";

/** The texts of webhooks: with the pages that use them, so that the first load does not carry them. */
export function useWebhooks(): typeof en {
  return useLanguage() === "de" ? de : en;
}
