import type en from "../en/explain";

const explain: typeof en = {
  title: "Warum diese Antwort?",
  stages: {
    route: "Adresse",
    credential: "Zugangsdaten",
    contract: "Abonnement",
    limits: "Limits des Plans",
    upstream: "Zielsystem",
    response: "Antwort",
  },
  passed: "bestanden",
  stopped: "hier gestoppt",
  notReached: "nicht erreicht",
  notNeeded: "nicht nötig",
  answered: "mit einem Fehler beantwortet",
  credentialKinds: {
    api_key: "API-Schlüssel",
    basic: "Client-ID und Client-Secret",
    opaque_token: "Zugriffstoken",
    jwt: "Zugriffstoken (JWT)",
  },
  operation: (name) => `Operation ${name}`,
  client: (name) => `Client ${name}`,
  plan: (name) => `Plan ${name}`,
  limitGroup: (name) => `Limitgruppe ${name}`,
  openToAll: "Diese Version verlangt keine Zugangsdaten.",
  noContractNeeded: "Diese API braucht kein Abonnement.",
  noLimit: "Es gilt kein Limit.",
  duration: (ms) => `${ms} ms insgesamt`,
  status: (status) => `HTTP ${status}`,
  told: "Was dem Aufrufer gesagt wurde",
  decision: "Entscheidungs-ID",
  at: "Zeit",
  done: {
    title: "Der Aufruf kam durch",
    todo: "Das Zielsystem hat geantwortet, und das Gateway hat die Antwort weitergegeben.",
  },
  upstreamError: {
    title: "Das Gateway hat den Aufruf durchgelassen; die API selbst antwortet mit einem Fehler",
    todo: "Die Anfrage passt nicht zur API: Vergleichen Sie Pfad, Parameter und Inhalt mit der Referenz.",
  },
  left: {
    title: "Der Aufrufer ging, bevor eine Antwort da war",
    todo: "Die Verbindung wurde geschlossen, während das Zielsystem noch arbeitete. Geben Sie dem Aufruf mehr Zeit.",
  },
  unknown: { title: "Der Aufruf wurde abgewiesen", todo: "Die Stufe, an der er stoppte, sagt mehr." },
  codes: {
    unreadable: {
      title: "Die Anfrage ist nicht lesbar",
      todo: "Etwas in der Anfragezeile oder den Kopfzeilen ist fehlerhaft. Versuchen Sie es mit curl, so wie es hier steht.",
    },
    "method-not-allowed": {
      title: "Der Pfad nimmt diese Methode nicht an",
      todo: "Vergleichen Sie die Methode mit der Referenz der API.",
    },
    "no-route": {
      title: "Unter dieser Adresse ist nichts veröffentlicht",
      todo: "Vergleichen Sie Host, Umgebung, API, Version und Pfad mit den Adressen auf der Seite der API.",
    },
    retired: {
      title: "Diese Version wurde abgeschaltet",
      todo: "Wechseln Sie zu einer Version, die noch veröffentlicht ist.",
    },
    "credential-missing": {
      title: "Der Aufruf trägt keine Zugangsdaten",
      todo: "Senden Sie ein Zugriffstoken in der Kopfzeile Authorization oder den API-Schlüssel in der Kopfzeile, die die API verlangt.",
    },
    "credential-invalid": {
      title: "Die Zugangsdaten gelten hier nicht",
      todo: "Vergleichen Sie die letzten vier Zeichen mit dem Hinweis in der Liste der Zugangsdaten, oder holen Sie ein neues Token. Ein verlorenes Client-Secret wird erneuert.",
    },
    "credential-expired": {
      title: "Die Zugangsdaten sind abgelaufen",
      todo: "Holen Sie ein neues Token; abgelaufene Schlüssel und Client-Secrets werden durch neue ersetzt.",
    },
    "credential-disabled": {
      title: "Die Zugangsdaten sind abgeschaltet",
      todo: "Verwenden Sie andere Zugangsdaten des Clients, oder lassen Sie diese wieder einschalten.",
    },
    "credential-kind": {
      title: "Diese API nimmt diese Art von Zugangsdaten nicht an",
      todo: "Die Seite der API sagt, welche Art sie annimmt und wo.",
    },
    "credential-ambiguous": {
      title: "Der Aufruf trägt mehr als einmal Zugangsdaten",
      todo: "Senden Sie genau eine Art. Eine Bibliothek oder ein Proxy fügt vielleicht eine Kopfzeile hinzu.",
    },
    "client-disabled": {
      title: "Der Client ist deaktiviert",
      todo: "Nichts von diesem Client funktioniert, bis jemand aus dem Team ihn wieder aktiviert.",
    },
    "wrong-environment": {
      title: "Der Client darf in dieser Umgebung nicht verwendet werden",
      todo: "Fügen Sie dem Client die Umgebung hinzu, oder verwenden Sie einen Client, der dafür gedacht ist.",
    },
    "not-subscribed": {
      title: "Die App hat hier keinen Zugriff auf diese API",
      todo: "Fragen Sie Zugriff in dieser Umgebung an. Zugriff in einer anderen Umgebung zählt nicht.",
    },
    "subscription-pending": {
      title: "Der Zugriff ist noch nicht aktiv",
      todo: "Er wartet auf die Administratoren der API. Der Verlauf zeigt den Stand und nimmt Kommentare an.",
    },
    "subscription-suspended": {
      title: "Der Zugriff ist ausgesetzt",
      todo: "Wer ihn ausgesetzt hat, setzt ihn fort. Der Verlauf sagt wer, wann und warum.",
    },
    "subscription-ended": {
      title: "Der Zugriff ist beendet",
      todo: "Er wurde abgelehnt, storniert oder ist abgelaufen. Fragen Sie ihn erneut an.",
    },
    "scope-missing": {
      title: "Dem Token fehlt ein Scope",
      todo: "Erlauben Sie den Scope für den Client und holen Sie dann ein neues Token: Tokens behalten die Scopes, mit denen sie ausgestellt wurden.",
    },
    "limit-exceeded": {
      title: "Ein Limit des Plans ist ausgeschöpft",
      todo: "Warten Sie, bis das Zeitfenster neu beginnt, verteilen Sie die Aufrufe, oder fragen Sie nach einem größeren Plan.",
    },
    "upstream-unreachable": {
      title: "Der Server hinter der API ist nicht erreichbar",
      todo: "Der Aufruf war in Ordnung. Der Anbieter muss sich um den Server hinter dieser API kümmern.",
    },
    "upstream-broken": {
      title: "Die Antwort des Servers hinter der API ist nicht lesbar",
      todo: "Der Aufruf war in Ordnung. Der Anbieter muss sich um den Server hinter dieser API kümmern.",
    },
    "upstream-timeout": {
      title: "Der Server hinter der API hat zu lange gebraucht",
      todo: "Der Aufruf war in Ordnung. Versuchen Sie es später noch einmal; bleibt es dabei, sagen Sie es dem Anbieter.",
    },
  },
  fix: {
    reference: "Referenz öffnen",
    catalog: "Katalog öffnen",
    credentials: "Zugangsdaten öffnen",
    api: "So will diese API aufgerufen werden",
    client: "Client öffnen",
    request: "Zugriff anfragen",
    thread: "Verlauf dieses Zugriffs öffnen",
    plans: "Pläne vergleichen",
    board: "Pinnwand der API ansehen",
    definition: "Versionen und Ziele prüfen",
    providerPlans: "Pläne öffnen",
    versions: "Versionen ansehen",
  },
};

export default explain;
