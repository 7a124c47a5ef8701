import { plural } from "../format";

const notices = {
  title: "Notices",
  sub: "What others did that concerns you.",
  filter: "Which notices",
  all: "All",
  onlyUnread: "Unread",
  unread: "Unread",
  earlier: "Earlier",
  count: (n: number) => plural(n, { one: "unread notice", other: "unread notices" }),
  markAll: "Mark all as read",
  markedAll: "Everything is marked as read",
  mark: "Mark as read",
  markUpTo: "Mark this and everything older as read",
  actionsFor: (what: string) => `Marks for ${what}`,
  open: (what: string) => `Open: ${what}`,
  empty: "Nothing has concerned you yet",
  emptyHint: "Decisions about your requests, requests that you decide, and news of what you follow appear here.",
  noUnread: "You have read everything",
  noUnreadHint: "What happens next appears here by itself.",
  showAll: "Show all notices",
  dashboard: {
    title: "Dashboard",
    sub: "What happened to your apps, your APIs and what you follow, newest first.",
    emptyHint: "Create an app, ask for access to an API or follow one; what happens to it appears here.",
    markRead: "Mark as read up to here",
    feed: "What happened",
    follows: "You follow",
    followsHint: "Its news appears on the dashboard and, when it matters to you, as a notice.",
    followsEmpty: "You follow nothing. APIs and apps have a button for it.",
    catalog: "Open the catalogue",
    unfollow: "Unfollow",
    unfollowOf: (name: string) => `Unfollow ${name}`,
  },
};

export default notices;
