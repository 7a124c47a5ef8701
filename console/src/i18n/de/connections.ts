import type en from "../en/connections";

const connections: typeof en = {
  title: "Verbindungen",
  sub: "Alles, was Sie und Ihre Apps mit APIs und Organisationen verbindet: Zugriffe, Gefolgtes und Mitgliedschaften.",
  filterType: "Art",
  filterState: "Status",
  all: "Alle",
  types: { access: "Zugriff", follow: "Gefolgt", membership: "Mitgliedschaften", management: "Verwaltung" },
  type: { access: "Zugriff", follow: "Folgt", membership: "Mitglied", management: "Verwaltung" },
  states: {
    pending: "Wartet",
    active: "Aktiv",
    suspended: "Ausgesetzt",
    rejected: "Abgelehnt",
  },
  you: "Sie",
  columns: ["Von", "", "Zu", "Bedingungen", "Status"],
  terms: (plan, environment) => `${plan} · ${environment}`,
  follows: "bekommt Neuigkeiten",
  member: "gehört dazu",
  empty: "Sie sind noch mit nichts verbunden",
  emptyHint:
    "Bekommt eine Ihrer Apps Zugriff, folgen Sie einer API oder App oder treten Sie einem Team bei, so erscheint es hier.",
  catalog: "Katalog öffnen",
  emptyFiltered: "Keine Verbindung passt zum Filter",
  emptyFilteredHint: "Verbindungen anderer Art oder mit anderem Status sind ausgeblendet.",
  showAll: "Alle Verbindungen zeigen",
};

export default connections;
