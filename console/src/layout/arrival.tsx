import { useRouter } from "@tanstack/react-router";
import { type RefObject, useEffect, useRef, useState } from "react";

/** The heading of the page that is shown; while the next page is being read, the old one is still there, but hidden. */
function headingOf(place: Element): HTMLElement | undefined {
  return [...place.querySelectorAll("h1")].find((heading) => heading.checkVisibility());
}

function isUsable(element: Element | null): boolean {
  return element !== null && element !== document.body && element.isConnected;
}

/**
 * What happens to the focus when one arrives somewhere. On another page its heading takes it, so that it is read and Tab
 * goes on from there. On another part of the same page (a tab, whose heading stays) the focus stays on the link that was
 * followed, and the part's title is announced: the answer is what there is to say.
 */
export function useArrival(main: RefObject<HTMLElement | null>): string {
  const router = useRouter();
  const [said, say] = useState("");
  const left = useRef<Element | undefined>(undefined);
  useEffect(() => {
    const place = main.current;
    if (!place) return;
    // Whoever has just come from elsewhere begins at the top, with the link that skips to the content.
    let path = router.state.location.pathname;
    let watch: MutationObserver | undefined;
    const arrive = (): boolean => {
      const heading = headingOf(place);
      if (!heading) return false;
      // The title is set when the tabs have been drawn.
      if (heading === left.current && isUsable(document.activeElement)) setTimeout(() => say(document.title));
      else heading.focus({ preventScroll: true });
      return true;
    };
    const stopLeaving = router.subscribe("onBeforeLoad", () => {
      left.current = headingOf(place);
    });
    const stop = router.subscribe("onRendered", ({ toLocation }) => {
      watch?.disconnect();
      if (toLocation.pathname === path) return;
      path = toLocation.pathname;
      if (arrive()) return;
      // The page still reads what it shows: its heading comes later.
      watch = new MutationObserver((_, observer) => {
        if (arrive()) observer.disconnect();
      });
      watch.observe(place, { childList: true, subtree: true, attributeFilter: ["style"] });
    });
    return () => {
      stopLeaving();
      stop();
      watch?.disconnect();
    };
  }, [router, main]);
  return said;
}
