// What is one's own: the start page, what waits, and the settings of the person.

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: (given: Record<string, unknown>) => given as { quickstart?: boolean },
  component: lazyRouteComponent(() => import("../pages/home/home"), "Home"),
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: "/inbox",
  validateSearch: (given: Record<string, unknown>) =>
    given as { item?: string; kind?: string; state?: string; mine?: string },
  component: lazyRouteComponent(() => import("../pages/inbox/inbox"), "Inbox"),
});

const dashboard = createRoute({
  getParentRoute: () => root,
  path: "/dashboard",
  validateSearch: (given: Record<string, unknown>) => given as { kind?: string },
  component: lazyRouteComponent(() => import("../pages/board/dashboard"), "Dashboard"),
});

const notifications = createRoute({
  getParentRoute: () => root,
  path: "/notifications",
  validateSearch: (given: Record<string, unknown>) => given as { unread?: boolean },
  component: lazyRouteComponent(() => import("../pages/notice/notices"), "Notices"),
});

const meProfile = createRoute({
  getParentRoute: () => root,
  path: "/me/profile",
  component: lazyRouteComponent(() => import("../pages/me/profile"), "Profile"),
});

const meSecurity = createRoute({
  getParentRoute: () => root,
  path: "/me/security",
  component: lazyRouteComponent(() => import("../pages/me/security"), "Security"),
});

const meTokens = createRoute({
  getParentRoute: () => root,
  path: "/me/tokens",
  component: lazyRouteComponent(() => import("../pages/me/tokens"), "Tokens"),
});

const meNotifications = createRoute({
  getParentRoute: () => root,
  path: "/me/notifications",
  component: lazyRouteComponent(() => import("../pages/me/notifications"), "Notifications"),
});

const meAppearance = createRoute({
  getParentRoute: () => root,
  path: "/me/appearance",
  component: lazyRouteComponent(() => import("../pages/me/appearance"), "Appearance"),
});

export const own = [
  home,
  inbox,
  dashboard,
  notifications,
  meProfile,
  meSecurity,
  meTokens,
  meNotifications,
  meAppearance,
] as const;
