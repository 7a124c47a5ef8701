import { useLanguage } from "#/i18n";
import de from "#/i18n/de/patterns";
import en from "#/i18n/en/patterns";

const texts = { en, de };

/** The texts of the pattern page. They come with it: a release has neither. */
export function usePatterns(): typeof en {
  return texts[useLanguage()];
}
