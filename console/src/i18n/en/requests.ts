/** What apps have asked for and what became of it. */
const requests = {
  title: "My requests",
  sub: "What your apps have asked for and what became of it: access, and other terms for it.",
  none: "No request of yours is waiting.",
  noneHint: "What you ask for appears here until it is active.",
  catalog: "Find an API",
  all: "All my requests",
  answers: "Which answers",
  anyAnswer: "All",
  unread: "Unread answers",
  empty: "Your apps have asked for nothing yet",
  emptyHint: "Every access that one of your apps asks for appears here, with the answer to it.",
  emptyUnread: "You have read every answer",
  emptyUnreadHint: "Answers that nobody of an app's team has opened appear here.",
  showAll: "Show all requests",
  /** Other terms that are not in force yet; the plan, or that it is about the end. */
  revising: {
    requested: (what: string) => `Other terms asked for: ${what}`,
    approved: (what: string) => `Other terms approved, not active yet: ${what}`,
    end: "another end",
  },
  access: {
    label: "Contracts and requests of this app",
    filter: "By state",
    states: {
      requested: "Requested",
      approved: "Approved",
      active: "Active",
      suspended: "Suspended",
      rejected: "Rejected",
    } as Record<string, string>,
    current: "Current",
    ended: "Ended",
    empty: "No contract and no request yet",
    emptyHint: "APIs that this app may call, and those that it has asked for, appear here at once.",
    emptyFiltered: "Nothing in this state",
    emptyFilteredHint: "Contracts and requests in other states are hidden.",
    since: (environment: string, when: string) => `${environment} · since ${when}`,
    answer: (words: string) => `Answer: “${words}”`,
  },
};

export default requests;
