import type en from "../en/requests";

const requests: typeof en = {
  title: "Meine Anfragen",
  sub: "Was Ihre Apps angefragt haben und was daraus wurde: Zugriff und andere Konditionen dafür.",
  none: "Keine Ihrer Anfragen wartet.",
  noneHint: "Was Sie anfragen, erscheint hier, bis es aktiv ist.",
  catalog: "API suchen",
  all: "Alle meine Anfragen",
  answers: "Welche Antworten",
  anyAnswer: "Alle",
  unread: "Ungelesene Antworten",
  empty: "Ihre Apps haben noch nichts angefragt",
  emptyHint: "Jeder Zugriff, den eine Ihrer Apps anfragt, erscheint hier, mit der Antwort darauf.",
  emptyUnread: "Sie haben jede Antwort gelesen",
  emptyUnreadHint: "Antworten, die noch niemand aus dem Team einer App geöffnet hat, erscheinen hier.",
  showAll: "Alle Anfragen zeigen",
  revising: {
    requested: (what) => `Andere Konditionen angefragt: ${what}`,
    approved: (what) => `Andere Konditionen genehmigt, noch nicht aktiv: ${what}`,
    end: "ein anderes Ende",
  },
  access: {
    label: "Verträge und Anfragen dieser App",
    filter: "Nach Status",
    states: {
      requested: "Angefragt",
      approved: "Genehmigt",
      active: "Aktiv",
      suspended: "Ausgesetzt",
      rejected: "Abgelehnt",
    },
    current: "Aktuell",
    ended: "Beendet",
    empty: "Noch kein Vertrag und keine Anfrage",
    emptyHint: "APIs, die diese App aufrufen darf, und solche, die sie angefragt hat, erscheinen hier sofort.",
    emptyFiltered: "Nichts mit diesem Status",
    emptyFilteredHint: "Verträge und Anfragen mit anderem Status sind ausgeblendet.",
    since: (environment, when) => `${environment} · seit ${when}`,
    answer: (words) => `Antwort: „${words}“`,
  },
};

export default requests;
