import de from "./de/design";
import en from "./en/design";
import { useLanguage } from "./index";

const texts = { en, de };

/** The texts for designing APIs: profiles, groups, documentation. They come with those pages and not before. */
export function useDesign(): typeof en {
  return texts[useLanguage()];
}
