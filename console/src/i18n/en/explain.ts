type Words = { title: string; todo: string };

const explain = {
  title: "Why this answer?",
  stages: {
    route: "Route",
    credential: "Credential",
    contract: "Contract",
    limits: "Plan limits",
    upstream: "Upstream",
    response: "Response",
  },
  passed: "passed",
  stopped: "stopped here",
  notReached: "not reached",
  notNeeded: "not needed",
  answered: "answered with an error",
  credentialKinds: {
    api_key: "API key",
    basic: "client ID and secret",
    opaque_token: "access token",
    jwt: "access token (JWT)",
  } as Record<string, string>,
  operation: (name: string) => `operation ${name}`,
  client: (name: string) => `client ${name}`,
  plan: (name: string) => `plan ${name}`,
  limitGroup: (name: string) => `limit group ${name}`,
  openToAll: "This version asks for no credential.",
  noContractNeeded: "This API needs no subscription.",
  noLimit: "No limit applies.",
  duration: (ms: string) => `${ms} ms in total`,
  status: (status: string) => `HTTP ${status}`,
  told: "What the caller was told",
  decision: "Decision ID",
  at: "Time",
  /** What became of the call as a whole. */
  done: { title: "The call went through", todo: "The upstream answered, and the gateway passed the answer on." },
  upstreamError: {
    title: "The gateway let the call through; the API itself answered with an error",
    todo: "The request does not suit the API: compare path, parameters and body with its reference.",
  },
  left: {
    title: "The caller left before there was an answer",
    todo: "The connection was closed while the upstream was still working. Give the call more time.",
  },
  unknown: { title: "The call was refused", todo: "The stage at which it stopped says more." },
  codes: {
    unreadable: {
      title: "The request cannot be read",
      todo: "Something in the request line or its headers is malformed. Try it with curl as it stands here.",
    },
    "method-not-allowed": {
      title: "The path does not take this method",
      todo: "Compare the method with the reference of the API.",
    },
    "no-route": {
      title: "Nothing is published at this address",
      todo: "Compare host, environment, API, version and path with the addresses on the page of the API.",
    },
    retired: { title: "This version has been retired", todo: "Change over to a version that is still published." },
    "credential-missing": {
      title: "The call carries no credential",
      todo: "Send an access token in the Authorization header, or the API key in the header that the API asks for.",
    },
    "credential-invalid": {
      title: "The credential is not valid here",
      todo: "Compare its last four symbols with the hint in the list of credentials, or get a new token. A secret that is lost is rotated.",
    },
    "credential-expired": {
      title: "The credential has expired",
      todo: "Get a new token; a key or secret that has ended is replaced by a new one.",
    },
    "credential-disabled": {
      title: "The credential is switched off",
      todo: "Use another credential of the client, or have this one switched on again.",
    },
    "credential-kind": {
      title: "This API does not take this kind of credential",
      todo: "The page of the API says which kind it takes, and where.",
    },
    "credential-ambiguous": {
      title: "The call carries more than one credential",
      todo: "Send exactly one. A library or a proxy may add a header of its own.",
    },
    "client-disabled": {
      title: "The client is disabled",
      todo: "Nothing of this client works until somebody of the team enables it again.",
    },
    "wrong-environment": {
      title: "The client may not be used in this environment",
      todo: "Add the environment to the client, or use a client that is meant for it.",
    },
    "not-subscribed": {
      title: "The app has no access to this API here",
      todo: "Request access in this environment. Access in another environment does not count.",
    },
    "subscription-pending": {
      title: "The access is not active yet",
      todo: "It waits for the API's administrators. The thread shows where it stands, and takes a comment.",
    },
    "subscription-suspended": {
      title: "The access is suspended",
      todo: "Whoever suspended it resumes it. The thread says who, when and why.",
    },
    "subscription-ended": {
      title: "The access has ended",
      todo: "It was rejected, cancelled or has expired. Request it again.",
    },
    "scope-missing": {
      title: "The token lacks a scope",
      todo: "Allow the scope for the client, then get a new token: tokens keep the scopes that they were made with.",
    },
    "limit-exceeded": {
      title: "A limit of the plan is used up",
      todo: "Wait until the window begins anew, spread the calls out, or ask for a larger plan.",
    },
    "upstream-unreachable": {
      title: "The API's own server cannot be reached",
      todo: "The call was fine. The provider has to look after the server behind this API.",
    },
    "upstream-broken": {
      title: "The answer of the API's own server cannot be read",
      todo: "The call was fine. The provider has to look after the server behind this API.",
    },
    "upstream-timeout": {
      title: "The API's own server took too long",
      todo: "The call was fine. Try again later; if it stays like this, tell the provider.",
    },
  } as Record<string, Words>,
  /** The one link that mends it. */
  fix: {
    reference: "Open the reference",
    catalog: "Open the catalogue",
    credentials: "Open the credentials",
    api: "How this API wants to be called",
    client: "Open the client",
    request: "Request access",
    thread: "Open the thread of this access",
    plans: "Compare the plans",
    board: "See the board of the API",
    definition: "Check versions and destinations",
    providerPlans: "Open the plans",
    versions: "See the versions",
  },
};

export default explain;
