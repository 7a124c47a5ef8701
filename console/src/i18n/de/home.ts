import type en from "../en/home";
import { plural } from "../format";

const home: typeof en = {
  title: "Start",
  greeting: (name) => `Guten Tag, ${name}`,
  quick: {
    title: "Schnelleinstieg",
    sub: "Fünf Schritte bis zu Ihrem ersten Aufruf. Sie haken sich selbst ab, sobald es so weit ist.",
    subOf: (app) => `${app} auf dem Weg zum ersten Aufruf. Die Schritte haken sich selbst ab, sobald es so weit ist.`,
    progress: (done, all) => `${done} von ${all} erledigt`,
    reopen: "Schnelleinstieg zeigen",
    close: "Schnelleinstieg ausblenden",
    done: "erledigt",
    open: "offen",
    app: {
      title: "App anlegen",
      todo: "Eine App ist das Programm, das die API aufrufen wird. Ein Name genügt.",
      action: "Neue App",
    },
    access: {
      title: "Zugriff auf eine API erhalten",
      todo: "Suchen Sie eine API im Katalog und fragen Sie Zugriff für Ihre App an. Ein Plan ohne Genehmigung gilt sofort.",
      action: "Katalog öffnen",
      waiting: (api) =>
        `Die Administratoren von ${api} sind benachrichtigt. Sie müssen hier nicht warten: Die Antwort erscheint von selbst.`,
      approved: (api) => `${api} hat genehmigt und muss den Zugriff noch aktivieren.`,
      rejected: (api) => `${api} hat die Anfrage abgelehnt. Der Verlauf sagt, warum.`,
      suspended: (api) => `Der Zugriff auf ${api} ist ausgesetzt. Der Verlauf sagt, von wem und warum.`,
      thread: "Verlauf öffnen",
      needsApp: "Zuerst kommt die App.",
    },
    client: {
      title: "Client anlegen",
      todo: "Als Client tritt Ihre App am Gateway auf. Er hat eine ID und Zugangsdaten.",
      action: "Zugangsdaten öffnen",
      secretMissing: "Der Client hat kein gültiges Client-Secret. Fügen Sie eines hinzu; es wird einmal gezeigt.",
      keyMissing: "Der Client hat keinen gültigen API-Schlüssel. Fügen Sie einen hinzu; er wird einmal gezeigt.",
      needsApp: "Zuerst kommt die App.",
    },
    token: {
      title: "Zugriffstoken holen",
      todo: "Geben Sie im Terminal an der Eingabe das Client-Secret ein; es wird nicht angezeigt und nicht gespeichert.",
      command: "Befehl, der ein Token holt",
    },
    key: {
      title: "API-Schlüssel bereithalten",
      todo: "Geben Sie im Terminal an der Eingabe den API-Schlüssel ein; er wird nicht angezeigt und nicht gespeichert.",
      command: "Befehl, der den Schlüssel einliest",
    },
    secret: {
      title: "Client-Secret bereithalten",
      todo: "Geben Sie im Terminal an der Eingabe das Client-Secret ein; es wird nicht angezeigt und nicht gespeichert.",
      command: "Befehl, der das Client-Secret einliest",
    },
    call: {
      title: "Zum ersten Mal aufrufen",
      todo: "Im selben Terminal:",
      command: "Befehl, der die API aufruft",
      listening: "Warten auf Ihren ersten Aufruf …",
      needsAccess: "Der Aufruf kommt durch, sobald der Zugriff aktiv ist.",
      noSample: "Diese API hat keine Operation ohne Parameter. Wählen Sie eine in der Referenz:",
      reference: "Referenz öffnen",
      open: "Diese Version verlangt keine Zugangsdaten. Aufrufe ohne Zugangsdaten gehören zu keiner App und erscheinen daher hier nicht.",
      passed: "Ihr erster Aufruf kam durch.",
      failed:
        "Ein Aufruf ist angekommen, aber nicht wie gewünscht beantwortet worden. Das ist der Grund; versuchen Sie es dann erneut:",
      nothing: "Kommt nichts an?",
      nothingHint:
        "Ein Aufruf mit unbekannten Zugangsdaten lässt sich Ihnen nicht zuordnen und erscheint daher hier nicht. Die Antwort in Ihrem Terminal trägt einen Code:",
    },
    way: "Art des Aufrufs",
    ways: { oauth: "Zugriffstoken", api_key: "API-Schlüssel", basic: "Client-ID und Client-Secret" },
    clientId: "Client-ID",
  },
  attention: {
    title: "Braucht Aufmerksamkeit",
    none: "Nichts braucht Ihre Aufmerksamkeit.",
    tasks: (n) => plural(n, { one: "Eintrag wartet in Ihrem Eingang", other: "Einträge warten in Ihrem Eingang" }),
    tasksAction: "Eingang öffnen",
    answer: "Ungelesene Antwort",
    secret: (kind, hint, client) => `${kind} …${hint} von ${client}`,
    ends: "endet",
    secretKinds: { client_secret: "Client-Secret", api_key: "API-Schlüssel" },
    rotate: "Zugangsdaten öffnen",
  },
  feed: {
    title: "Zuletzt",
    all: "Übersicht öffnen",
    hint: "Was mit Ihren Apps und APIs geschieht und mit allem, dem Sie folgen, erscheint hier.",
  },
};

export default home;
