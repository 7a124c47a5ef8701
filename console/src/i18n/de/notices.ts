import type en from "../en/notices";
import { plural } from "../format";

const notices: typeof en = {
  title: "Mitteilungen",
  sub: "Was andere getan haben und Sie betrifft.",
  filter: "Welche Mitteilungen",
  all: "Alle",
  onlyUnread: "Ungelesene",
  unread: "Ungelesen",
  earlier: "Früher",
  count: (n) => plural(n, { one: "ungelesene Mitteilung", other: "ungelesene Mitteilungen" }),
  markAll: "Alle als gelesen markieren",
  markedAll: "Alles ist als gelesen markiert",
  mark: "Als gelesen markieren",
  markUpTo: "Diese und alle älteren als gelesen markieren",
  actionsFor: (what) => `Markierungen für ${what}`,
  open: (what) => `Öffnen: ${what}`,
  empty: "Noch hat Sie nichts betroffen",
  emptyHint:
    "Hier erscheinen Entscheidungen über Ihre Anfragen, Anfragen, über die Sie entscheiden, und Neues von dem, dem Sie folgen.",
  noUnread: "Sie haben alles gelesen",
  noUnreadHint: "Was als Nächstes geschieht, erscheint hier von selbst.",
  showAll: "Alle Mitteilungen zeigen",
  dashboard: {
    title: "Übersicht",
    sub: "Was mit Ihren Apps, Ihren APIs und dem geschah, dem Sie folgen, das Neueste zuerst.",
    emptyHint:
      "Legen Sie eine App an, fragen Sie Zugriff auf eine API an oder folgen Sie einer; was geschieht, steht dann hier.",
    markRead: "Bis hier als gelesen markieren",
    feed: "Was geschah",
    follows: "Sie folgen",
    followsHint: "Neues davon steht in der Übersicht und, wenn es Sie angeht, in den Mitteilungen.",
    followsEmpty: "Sie folgen nichts. APIs und Apps haben eine Schaltfläche dafür.",
    catalog: "Katalog öffnen",
    unfollow: "Nicht mehr folgen",
    unfollowOf: (name) => `${name} nicht mehr folgen`,
  },
};

export default notices;
