type Words = Record<string, string>;

const connections = {
  title: "Connections",
  sub: "Everything that ties you and your apps to APIs and organizations: access, follows and memberships.",
  filterType: "Kind",
  filterState: "State",
  all: "All",
  types: { access: "Access", follow: "Follows", membership: "Memberships", management: "Management" } as Words,
  type: { access: "Access", follow: "Follows", membership: "Member", management: "Management" } as Words,
  states: {
    pending: "Waiting",
    active: "Active",
    suspended: "Suspended",
    rejected: "Rejected",
  } as Words,
  you: "You",
  columns: ["From", "", "To", "Terms", "State"],
  terms: (plan: string, environment: string) => `${plan} · ${environment}`,
  follows: "gets its news",
  member: "belongs to it",
  empty: "Nothing ties you to anything yet",
  emptyHint:
    "When an app of yours gets access, when you follow an API or an app, or when you join a team, it appears here.",
  catalog: "Open the catalogue",
  emptyFiltered: "No connection fits the filter",
  emptyFilteredHint: "Connections of another kind or in another state are hidden.",
  showAll: "Show all connections",
};

export default connections;
