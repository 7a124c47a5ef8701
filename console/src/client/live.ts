import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { read } from "./use";

/** How often a visible page asks whether something has changed, in milliseconds. */
const BEAT = 4000;
const PULSE = "/api/v1/me/pulse";

/** Counts for badges; and whenever something that concerns me has changed, what is on the screen is read again. */
export function usePulse() {
  const client = useQueryClient();
  const pulse = useQuery({ ...read(PULSE), refetchInterval: BEAT, refetchOnWindowFocus: "always" }).data;
  const seen = useRef<number | undefined>(undefined);
  const mine = pulse?.mine;
  useEffect(() => {
    if (mine === undefined) return;
    const before = seen.current;
    seen.current = mine;
    if (before !== undefined && before !== mine) {
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== PULSE });
    }
  }, [mine, client]);
  return pulse;
}
