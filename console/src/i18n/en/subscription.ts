const subscription = {
  title: "Subscription",
};

export default subscription;
