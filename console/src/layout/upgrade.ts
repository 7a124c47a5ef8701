import { useEffect } from "react";

/** Milliseconds within which a page that has just been loaded anew is not loaded anew again. */
const PATIENCE = 10_000;

/** Whether this page was loaded anew a moment ago: then doing it once more would not help. */
function hasJustReloaded(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming && entry.type === "reload" && performance.now() < PATIENCE;
}

/** When the server was upgraded, the files that this page would load later are gone: it starts anew, once. */
export function useFreshFiles(): void {
  useEffect(() => {
    const missing = () => {
      if (!hasJustReloaded()) window.location.reload();
    };
    window.addEventListener("vite:preloadError", missing);
    return () => window.removeEventListener("vite:preloadError", missing);
  }, []);
}
