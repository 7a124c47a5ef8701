import api from "./api";
import apps from "./apps";
import audit from "./audit";
import catalog from "./catalog";
import clients from "./clients";
import common from "./common";
import connections from "./connections";
import contracts from "./contracts";
import exchange from "./exchange";
import explain from "./explain";
import home from "./home";
import inbox from "./inbox";
import mail from "./mail";
import me from "./me";
import notices from "./notices";
import organization from "./organization";
import plans from "./plans";
import provide from "./provide";
import reader from "./reader";
import request from "./request";
import shell from "./shell";
import subscription from "./subscription";
import versions from "./versions";
import webhooks from "./webhooks";

/** Every text of the console. Each area has a file of its own; German must have the same members or it does not compile. */
export const en = {
  common,
  shell,
  home,
  contracts,
  explain,
  exchange,
  catalog,
  api,
  request,
  apps,
  clients,
  subscription,
  inbox,
  provide,
  plans,
  organization,
  notices,
  me,
  mail,
  webhooks,
  audit,
  connections,
  reader,
  versions,
};

export type Messages = typeof en;
