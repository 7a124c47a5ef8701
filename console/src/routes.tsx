import type { QueryClient } from "@tanstack/react-query";
import { createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Failure, NotThere } from "./layout/failure";
import { READS } from "./reads";
import { building } from "./routes/build";
import { offered } from "./routes/catalog";
import { own } from "./routes/me";
import { organizing } from "./routes/organization";
import { providing } from "./routes/provide";
import { root } from "./routes/root";
import { Waiting } from "./ui/list";

// Every page is loaded when it is opened, or when a link to it is pointed at. View state that belongs to the address (filters,
// the open item) is a page's search parameters.

// The pattern page is for those who build the console; a release has no way to it.
const development =
  import.meta.env.DEV || import.meta.env.VITE_PATTERNS
    ? [
        createRoute({
          getParentRoute: () => root,
          path: "/patterns",
          component: lazyRouteComponent(() => import("./pages/patterns/patterns"), "Patterns"),
        }),
      ]
    : [];

const tree = root.addChildren([...own, ...offered, ...building, ...organizing, ...providing, ...development]);

export function makeRouter(queries: QueryClient) {
  const router = createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: Failure,
    defaultNotFoundComponent: NotThere,
    defaultPendingComponent: Waiting,
    scrollRestoration: true,
  });
  for (const [id, reads] of Object.entries(READS)) {
    const route = router.routesById[id as keyof typeof router.routesById];
    const loader = ({ params }: { params: Record<string, string> }) =>
      Promise.all(reads(params).map((one) => queries.prefetchQuery(one)));
    Object.assign(route.options, { loader });
  }
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
