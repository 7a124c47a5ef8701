import type en from "../en/contracts";

const contracts: typeof en = {
  title: "Verträge",
  sub: "Jeder Zugriff auf die APIs, über die Sie entscheiden. Was zuerst endet, steht zuerst.",
  filter: "Welche",
  all: "Alle",
  empty: "Noch hat niemand Zugriff auf Ihre APIs",
  emptyHint:
    "Jedes Abonnement einer API, über die Sie entscheiden, erscheint hier, mit seinem Ende und dem, was Sie tun können.",
  emptyState: "In diesem Zustand ist keines",
  ends: (day) => `bis ${day}`,
  automatic: "automatisch",
  revising: "andere Konditionen sind angefragt",
  auto: "Neue Apps von selbst verbinden",
  autoHint:
    "Wer eine App erstellt und diese API sieht, hat sie im selben Schritt verbunden. Die Verbindung geht durch Genehmigung und Aktivierung wie jede andere.",
  autoPlan: "Unter welchem Plan",
  autoReasons: {
    site_administrator: "Nur die Site-Administration schaltet das ein und wählt den Plan. Ausschalten können Sie es.",
  },
  autoSaved: (environment) => `Für ${environment} gespeichert`,
  rests: {
    agreement:
      "Das ruht: Für die API gilt eine Vereinbarung, und niemand hätte sie angenommen. Apps fragen wie üblich an.",
    plan_not_offered: "Das ruht: Die API bietet diesen Plan nicht mehr an.",
  },
  agreementStates: { uploaded: "Entwurf", published: "veröffentlicht", active: "in Kraft", retired: "außer Kraft" },
  agreementDone: {
    publish: "Sie ist jetzt lesbar",
    activate: "Sie ist jetzt in Kraft",
    retire: "Sie ist nicht mehr in Kraft",
    delete: "Der Entwurf ist gelöscht",
  },
  agreementSaved: "Gespeichert",
  agreementHow: "Wie weit sie gleich geht",
  agreementHows: {
    uploaded: "Als Entwurf behalten",
    published: "Veröffentlichen, zum Lesen",
    active: "In Kraft setzen",
  },
  answerFilter: "Welche Antworten",
  accepted: "Angenommen",
  declined: "Abgelehnt",
  download: "Als CSV herunterladen",
  platform: "Bedingungen der Plattform",
  platformLead: "Alle, die sich anmelden, nehmen die geltende Fassung an, und erneut, wenn eine andere gilt.",
  platformSub: "Höchstens eine Fassung ist in Kraft. Solange es keine gibt, wird niemand gefragt.",
  until: "Letzter Tag (freiwillig)",
  untilHint: "Der Zugriff endet nach diesem Tag von selbst. Leer bedeutet kein Ende.",
  untilTerm: "Ende",
};

export default contracts;
