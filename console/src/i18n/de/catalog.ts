import type en from "../en/catalog";

const catalog: typeof en = {
  title: "Katalog",
  sub: "Jede API, die Sie sehen dürfen.",
  search: "Katalog durchsuchen",
  columns: ["Zugriff", "API", "Pläne", ""],
  noAccess: "Kein Zugriff",
  morePlans: (n) => `und ${n} weitere`,
  noPlans: "Kein Plan im Angebot",
  noVersion: "noch keine Version",
  noMatch: (words) => `Nichts passt zu „${words}“`,
  noMatchHint: "Gesucht werden Wörter, die so beginnen: in Namen, Beschreibungen, Adressen und Titeln.",
  clear: "Suche leeren",
  empty: "Der Katalog ist leer",
  emptyHint: "APIs erscheinen hier, sobald ein Anbieter eine anlegt, die Sie sehen dürfen.",
  emptyAction: "API anbieten",
};

export default catalog;
