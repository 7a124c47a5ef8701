// The route that all others hang from, and what it hands to them.

import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext } from "@tanstack/react-router";
import { Failure, NotThere } from "../layout/failure";
import { Shell } from "../layout/shell";

type Context = { queries: QueryClient };

export const root = createRootRouteWithContext<Context>()({
  component: Shell,
  notFoundComponent: NotThere,
  errorComponent: Failure,
});
