import { useEffect, useState } from "react";
import { useLanguage } from "#/i18n";
import { moment, relative } from "#/i18n/format";

/** A moment as "3 hours ago", exact in the tooltip; it keeps up with the clock. */
export function When({ at }: { at: string }) {
  useLanguage();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={moment(at)} className="whitespace-nowrap">
      {relative(at)}
    </time>
  );
}
