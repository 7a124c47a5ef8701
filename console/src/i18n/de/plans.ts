import type en from "../en/plans";

const plans: typeof en = {
  title: "plans",
};

export default plans;
