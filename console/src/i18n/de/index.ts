import type { Messages } from "../en";
import api from "./api";
import apps from "./apps";
import catalog from "./catalog";
import common from "./common";
import connections from "./connections";
import contracts from "./contracts";
import explain from "./explain";
import home from "./home";
import inbox from "./inbox";
import notices from "./notices";
import organization from "./organization";
import plans from "./plans";
import provide from "./provide";
import request from "./request";
import shell from "./shell";
import subscription from "./subscription";
import versions from "./versions";

export const de: Messages = {
  common,
  shell,
  home,
  contracts,
  explain,
  catalog,
  api,
  request,
  apps,
  subscription,
  inbox,
  provide,
  plans,
  organization,
  notices,
  connections,
  versions,
};
