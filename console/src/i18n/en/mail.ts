import { number, plural } from "../format";

/** How people are told, and how mail does that brings it to them. */
const mail = {
  channels: "Notifications",
  channelsSub: "Your inbox has everything. Choose what also comes by mail, and when.",
  when: "Mail",
  modes: {
    immediate: "At once, one for each notice",
    daily: "Once a day, everything in one",
    off: "Never",
  } as Record<string, string>,
  dailyAt: (hour: string) => `At ${hour}. What you have read in the inbox by then comes all the same.`,
  about: "Mail about",
  aboutHint: "The inbox has the rest all the same.",
  topics: {
    requests: "Requests that you decide",
    decisions: "What becomes of the access of your apps",
    comments: "Comments on requests",
    news: "News of APIs that you use or follow",
    memberships: "Organizations, apps and APIs that you join",
    reminders: "What ends soon",
    alerts: "What does not work any more",
  } as Record<string, string>,
  saved: "Saved",
  goesTo: "Mail goes to",
  noAddress: "You have no e-mail address, so no mail can come. Enter one in your profile.",
  notVerified: (email: string) => `${email} is not confirmed yet. Until it is, no mail comes.`,
  notConfigured: "This installation sends no mail. Your choice counts as soon as it does.",
  toProfile: "To the profile",
  title: "Mail",
  sub: "How this installation sends mail, and how it does.",
  state: "State",
  works: "Set up",
  off: "Not set up",
  offHint:
    "No mail is sent. Set smtp_host and mail_from in the configuration and start the program again; `wayleave doctor` tries whether the mail server answers.",
  server: "Mail server",
  security: "Protection",
  securities: { none: "None", starttls: "STARTTLS", tls: "TLS" } as Record<string, string>,
  from: "Sender",
  waiting: "Waiting",
  failed: "Given up",
  lastSent: "Last sent",
  never: "Nothing was sent yet",
  lastError: "Last failure",
  mails: (n: number) => (n >= 10_000 ? `${number(10_000)}+` : plural(n, { one: "mail", other: "mails" })),
  test: "Send a mail to yourself",
  tested: "A mail to you is on its way",
  retry: "Try given-up mails again",
  retried: (n: number) => `${plural(n, { one: "mail is", other: "mails are" })} tried again`,
};

export default mail;
