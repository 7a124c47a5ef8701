import type en from "../en/mail";
import { number, plural } from "../format";

const mail: typeof en = {
  channels: "Benachrichtigungen",
  channelsSub: "In Ihrem Eingang steht alles. Wählen Sie, was auch als Mail kommt, und wann.",
  when: "E-Mail",
  modes: {
    immediate: "Sofort, eine je Benachrichtigung",
    daily: "Einmal am Tag, alles in einer",
    off: "Nie",
  },
  dailyAt: (hour: string) => `Um ${hour}. Was Sie bis dahin im Eingang gelesen haben, kommt trotzdem.`,
  about: "E-Mail über",
  aboutHint: "Alles Übrige steht trotzdem im Eingang.",
  topics: {
    requests: "Anfragen, über die Sie entscheiden",
    decisions: "Was aus dem Zugriff Ihrer Apps wird",
    comments: "Kommentare zu Anfragen",
    news: "Neues von APIs, die Sie nutzen oder denen Sie folgen",
    memberships: "Organisationen, Apps und APIs, zu denen Sie kommen",
    reminders: "Was bald endet",
    alerts: "Was nicht mehr funktioniert",
  },
  saved: "Gespeichert",
  goesTo: "E-Mail geht an",
  noAddress: "Sie haben keine E-Mail-Adresse, also kann keine E-Mail kommen. Tragen Sie eine in Ihrem Profil ein.",
  notVerified: (email: string) => `${email} ist noch nicht bestätigt. Bis dahin kommt keine E-Mail.`,
  notConfigured: "Diese Installation sendet keine E-Mail. Ihre Wahl gilt, sobald sie es tut.",
  toProfile: "Zum Profil",
  title: "E-Mail",
  sub: "Wie diese Installation E-Mail sendet und wie es ihr damit geht.",
  state: "Zustand",
  works: "Eingerichtet",
  off: "Nicht eingerichtet",
  offHint:
    "Es wird keine E-Mail gesendet. Setzen Sie smtp_host und mail_from in der Konfiguration und starten Sie das Programm neu; `wayleave doctor` probiert, ob der Mailserver antwortet.",
  server: "Mailserver",
  security: "Schutz",
  securities: { none: "Keiner", starttls: "STARTTLS", tls: "TLS" },
  from: "Absender",
  waiting: "Wartend",
  failed: "Aufgegeben",
  lastSent: "Zuletzt gesendet",
  never: "Noch wurde nichts gesendet",
  lastError: "Letzter Fehler",
  mails: (n: number) => (n >= 10_000 ? `${number(10_000)}+` : plural(n, { one: "Mail", other: "Mails" })),
  test: "Eine Mail an Sie selbst senden",
  tested: "Eine Mail an Sie ist unterwegs",
  retry: "Aufgegebene Mails erneut versuchen",
  retried: (n: number) => `${plural(n, { one: "Mail wird", other: "Mails werden" })} erneut versucht`,
};

export default mail;
