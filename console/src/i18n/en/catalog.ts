const catalog = {
  title: "Catalogue",
  sub: "Every API that you may see.",
  search: "Search the catalogue",
  columns: ["Access", "API", "Plans", ""],
  noAccess: "No access",
  morePlans: (n: number) => `and ${n} more`,
  noPlans: "No plan on offer",
  noVersion: "no version yet",
  noMatch: (words: string) => `Nothing matches “${words}”`,
  noMatchHint: "The search looks for words that begin like this, in names, descriptions, addresses and titles.",
  clear: "Clear the search",
  empty: "The catalogue is empty",
  emptyHint: "APIs appear here as soon as a provider makes one that you may see.",
  emptyAction: "Provide an API",
};

export default catalog;
