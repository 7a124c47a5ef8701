const plans = {
  title: "Plans",
};

export default plans;
