import type en from "../en/inbox";

const inbox: typeof en = {
  title: "inbox",
};

export default inbox;
