import type en from "../en/exchange";
import { plural } from "../format";

const exchange: typeof en = {
  title: "Import und Export",
  sub: "Pläne, Profile, Partner, Anwendungen und Entwickler im JSON des Datenmodells von Ceptor.",
  environment: "Umgebung",
  environmentHint: "Um wessen Abonnements es geht.",
  importTitle: "Importieren",
  importHint:
    "Sehen Sie zuerst, was sich ändern würde; dabei wird nichts geschrieben. Was weggelassen ist, bleibt, wie es ist.",
  what: "Was ist es?",
  bundle: "Ein Bündel: Listen davon",
  nouns: {
    ratelimit_groups: "Limitgruppe",
    subscription_plans: "Plan",
    api_profiles: "API-Profil",
    partners: "Partner",
    applications: "Anwendung",
    developers: "Entwickler",
  },
  choose: "Datei wählen",
  text: "JSON",
  textHint: "Fügen Sie es ein, oder wählen Sie eine Datei.",
  missing: "Fügen Sie JSON ein, oder wählen Sie eine Datei.",
  trial: "Zeigen, was sich ändern würde",
  run: "Jetzt importieren",
  runHint: "Sehen Sie zuerst, was sich ändern würde.",
  nothing: "Es würde sich nichts ändern.",
  trialTitle: "Was sich ändern würde",
  doneTitle: "Was geschehen ist",
  counts: {
    created: (n) => plural(n, { one: "neu", other: "neu" }),
    changed: (n) => plural(n, { one: "geändert", other: "geändert" }),
    unchanged: (n) => plural(n, { one: "unverändert", other: "unverändert" }),
    refused: (n) => plural(n, { one: "abgelehnt", other: "abgelehnt" }),
  },
  outcomes: { created: "Neu", changed: "Geändert", unchanged: "Unverändert", refused: "Abgelehnt" },
  columns: ["Was", "Ergebnis", "Schritte"],
  place: (n) => `Nummer ${n}`,
  nothingToDo: "Keine",
  exportTitle: "Exportieren",
  exportHint: "Alles, was es gibt, als ein Bündel, das sich wieder importieren lässt. Secrets sind nie darin.",
  download: "Alles herunterladen",
  downloading: (n) => `bisher ${n}`,
  downloaded: (n) => plural(n, { one: "Eintrag ist in der Datei", other: "Einträge sind in der Datei" }),
};

export default exchange;
