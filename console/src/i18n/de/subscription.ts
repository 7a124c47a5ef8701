import type en from "../en/subscription";

const subscription: typeof en = {
  title: "subscription",
};

export default subscription;
