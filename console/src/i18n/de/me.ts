import type en from "../en/me";

const me: typeof en = {
  title: "me",
};

export default me;
