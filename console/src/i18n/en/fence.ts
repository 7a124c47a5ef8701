/** Who may go beyond what a profile leaves to designers. */
const fence = {
  privileges: {
    "override.publish": "Publishing, and where",
    "override.security": "Security",
    "override.implementation": "Implementation and destinations",
    "override.subscription": "Subscription settings and plans",
    "override.request_modification": "Request modification",
    "override.document": "Security of operations in documents",
    "override.all": "All of it, and the profile itself",
  } as Record<string, string>,
  lifts: (privileges: string[]) => `The privilege ${privileges.map((one) => `“${one}”`).join(" or ")} lifts this.`,
  by: (privilege: string) => `By the privilege “${privilege}”`,
};

export default fence;
