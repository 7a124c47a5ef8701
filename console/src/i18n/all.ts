import { de as first } from "./de";
import audit from "./de/audit";
import clients from "./de/clients";
import exchange from "./de/exchange";
import mail from "./de/mail";
import me from "./de/me";
import reader from "./de/reader";
import webhooks from "./de/webhooks";
import { en as english } from "./en";
import englishAudit from "./en/audit";
import englishClients from "./en/clients";
import englishExchange from "./en/exchange";
import englishMail from "./en/mail";
import englishMe from "./en/me";
import englishReader from "./en/reader";
import englishWebhooks from "./en/webhooks";

/** The texts of the first load with those of areas that come with their pages. For tests: the console itself must not import it. */
export const en = {
  ...english,
  audit: englishAudit,
  clients: englishClients,
  exchange: englishExchange,
  mail: englishMail,
  me: englishMe,
  reader: englishReader,
  webhooks: englishWebhooks,
};

export const de: typeof en = { ...first, audit, clients, exchange, mail, me, reader, webhooks };
