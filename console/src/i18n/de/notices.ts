import type en from "../en/notices";

const notices: typeof en = {
  title: "notices",
};

export default notices;
