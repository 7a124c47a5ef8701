import de from "./de/requests";
import en from "./en/requests";
import { useLanguage } from "./index";

const texts = { en, de };

/** The texts of lists of what apps have asked for. They come with those pages and not before. */
export function useRequests(): typeof en {
  return texts[useLanguage()];
}
