import { useState } from "react";
import { http } from "#/client/http";
import { ProblemError, problemOf } from "#/client/problem";
import type { User } from "#/client/schema";
import { useText } from "#/i18n";

/** Finds the one person of a username; a name that nobody has is a fault of the field `username`. */
export function usePersonByName() {
  const { organization } = useText();
  const [error, setError] = useState<ProblemError>();
  const find = async (typed: string): Promise<User> => {
    setError(undefined);
    const username = typed.trim();
    try {
      const { data, error: refused } = await http.GET("/api/v1/users", { params: { query: { username } } });
      if (refused) throw new ProblemError(refused);
      const user = data?.items[0];
      if (user) return user;
      const detail = organization.noSuchUser;
      const errors = [{ pointer: "/username", code: "", detail }];
      throw new ProblemError({ type: "", title: "", status: 404, code: "not-found", detail, errors, request_id: "" });
    } catch (thrown) {
      const problem = thrown instanceof ProblemError ? thrown : new ProblemError(problemOf(thrown));
      setError(problem);
      throw problem;
    }
  };
  return { find, error };
}
