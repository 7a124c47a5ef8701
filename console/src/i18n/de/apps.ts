import type en from "../en/apps";

const apps: typeof en = {
  title: "apps",
};

export default apps;
