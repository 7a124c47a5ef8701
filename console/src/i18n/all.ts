import { de as first } from "./de";
import audit from "./de/audit";
import clients from "./de/clients";
import design from "./de/design";
import exchange from "./de/exchange";
import fence from "./de/fence";
import mail from "./de/mail";
import me from "./de/me";
import parties from "./de/parties";
import patterns from "./de/patterns";
import people from "./de/people";
import reader from "./de/reader";
import requests from "./de/requests";
import terms from "./de/terms";
import webhooks from "./de/webhooks";
import { en as english } from "./en";
import englishAudit from "./en/audit";
import englishClients from "./en/clients";
import englishDesign from "./en/design";
import englishExchange from "./en/exchange";
import englishFence from "./en/fence";
import englishMail from "./en/mail";
import englishMe from "./en/me";
import englishParties from "./en/parties";
import englishPatterns from "./en/patterns";
import englishPeople from "./en/people";
import englishReader from "./en/reader";
import englishRequests from "./en/requests";
import englishTerms from "./en/terms";
import englishWebhooks from "./en/webhooks";

/** The texts of the first load with those of areas that come with their pages. For tests: the console itself must not import it. */
export const en = {
  ...english,
  audit: englishAudit,
  clients: englishClients,
  design: englishDesign,
  exchange: englishExchange,
  fence: englishFence,
  mail: englishMail,
  me: englishMe,
  parties: englishParties,
  patterns: englishPatterns,
  people: englishPeople,
  reader: englishReader,
  requests: englishRequests,
  terms: englishTerms,
  webhooks: englishWebhooks,
};

export const de: typeof en = {
  ...first,
  audit,
  clients,
  design,
  exchange,
  fence,
  mail,
  me,
  parties,
  patterns,
  people,
  reader,
  requests,
  terms,
  webhooks,
};
