const contracts = {
  title: "Contracts",
  sub: "All access to the APIs that you decide for. What ends first comes first.",
  filter: "Which ones",
  all: "All",
  empty: "Nobody has access to your APIs yet",
  emptyHint: "Every subscription to an API that you decide for appears here, with its end and what you can do.",
  emptyState: "None is in this state",
  ends: (day: string) => `until ${day}`,
  automatic: "automatic",
  revising: "other terms are asked for",
  auto: "Connect new apps by themselves",
  autoHint:
    "Whoever creates an app and sees this API has it connected in the same step. The connection goes through approval and activation like any other.",
  autoPlan: "Under which plan",
  autoReasons: {
    site_administrator: "Only a site administrator turns this on and chooses the plan. You can turn it off.",
  } as Record<string, string>,
  autoSaved: (environment: string) => `Saved for ${environment}`,
  rests: {
    agreement:
      "It rests: the API has an agreement in force, and nobody would have accepted it. Apps ask for access as usual.",
    plan_not_offered: "It rests: the API does not offer this plan any more.",
  } as Record<string, string>,
  agreementStates: { uploaded: "draft", published: "published", active: "in force", retired: "retired" } as Record<
    string,
    string
  >,
  agreementDone: {
    publish: "It can be read now",
    activate: "It is in force now",
    retire: "It is not in force any more",
    delete: "The draft is deleted",
  } as Record<string, string>,
  agreementSaved: "Saved",
  agreementHow: "How far it goes at once",
  agreementHows: {
    uploaded: "Keep it as a draft",
    published: "Publish it, to be read",
    active: "Put it in force",
  },
  answerFilter: "Which answers",
  accepted: "Accepted",
  declined: "Declined",
  download: "Download as CSV",
  platform: "Terms of the platform",
  platformLead: "Everybody who signs in accepts the version that is in force, and again when another one is.",
  platformSub: "One version is in force at most. While there is none, nobody is asked.",
  until: "Last day (optional)",
  untilHint: "Access ends by itself after this day. Leave it empty for no end.",
  untilTerm: "End",
};

export default contracts;
