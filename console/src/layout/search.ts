import { queryOptions } from "@tanstack/react-query";
import { http } from "#/client/http";
import type { Hit } from "#/client/schema";

/** As much as the server reads of a question. */
const LONGEST = 200;

/** Everything of this name or id that this person may see. */
export function find(typed: string) {
  return queryOptions({
    queryKey: ["/api/v1/search", typed] as const,
    queryFn: async ({ signal }): Promise<Hit[]> => {
      const query = { q: typed.slice(0, LONGEST), limit: 12 };
      const { data, response } = await http.GET("/api/v1/search", { params: { query }, signal });
      if (!data) throw new Error(String(response.status));
      return data.items;
    },
    enabled: typed !== "",
    staleTime: 30_000,
    retry: false,
  });
}
