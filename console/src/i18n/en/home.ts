import { plural } from "../format";

const home = {
  title: "Home",
  greeting: (name: string) => `Hello, ${name}`,
  quick: {
    title: "Quick start",
    sub: "Five steps to your first call. They tick themselves as soon as it is so.",
    subOf: (app: string) => `${app} on its way to its first call. The steps tick themselves as soon as it is so.`,
    progress: (done: number, all: number) => `${done} of ${all} done`,
    reopen: "Show the quick start",
    close: "Hide the quick start",
    done: "done",
    open: "open",
    app: {
      title: "Create an app",
      todo: "An app is the program that will call the API. A name is enough.",
      action: "New app",
    },
    access: {
      title: "Get access to an API",
      todo: "Find an API in the catalogue and request access for your app. A plan that needs no approval works at once.",
      action: "Open the catalogue",
      waiting: (api: string) =>
        `The administrators of ${api} have been told. You need not wait here: their answer shows up by itself.`,
      approved: (api: string) => `${api} has approved it and still has to activate it.`,
      rejected: (api: string) => `${api} has rejected the request. The thread says why.`,
      suspended: (api: string) => `The access to ${api} is suspended. The thread says by whom and why.`,
      thread: "Open the thread",
      needsApp: "First comes the app.",
    },
    client: {
      title: "Create a client",
      todo: "A client is who your app is at the gateway. It has an ID and a credential.",
      action: "Open the credentials",
      secretMissing: "The client has no secret that is good now. Add one; it is shown once.",
      keyMissing: "The client has no API key that is good now. Add one; it is shown once.",
      needsApp: "First comes the app.",
    },
    token: {
      title: "Get an access token",
      todo: "In a terminal, type or paste the client secret at the prompt; it is not shown and stays out of the history.",
      command: "Command that gets a token",
    },
    key: {
      title: "Have the API key at hand",
      todo: "In a terminal, type or paste the API key at the prompt; it is not shown and stays out of the history.",
      command: "Command that reads the key",
    },
    secret: {
      title: "Have the client secret at hand",
      todo: "In a terminal, type or paste the client secret at the prompt; it is not shown and stays out of the history.",
      command: "Command that reads the secret",
    },
    call: {
      title: "Make your first call",
      todo: "In the same terminal:",
      command: "Command that calls the API",
      listening: "Listening for your first call …",
      needsAccess: "The call passes once the access is active.",
      noSample: "This API has no operation that can be called without a parameter. Choose one in its reference:",
      reference: "Open the reference",
      open: "This version asks for no credential. Calls without one belong to no app, so they do not show up here.",
      passed: "Your first call went through.",
      failed: "A call has arrived, but it was not answered as you want. This is why; then try again:",
      nothing: "Nothing arrives?",
      nothingHint:
        "A call whose credential nobody knows cannot be told to be yours, so it does not show up here. The answer in your terminal has a code:",
    },
    way: "How to call",
    ways: { oauth: "Access token", api_key: "API key", basic: "Client ID and secret" } as Record<string, string>,
    clientId: "Client ID",
  },
  attention: {
    title: "Needs attention",
    none: "Nothing needs your attention.",
    tasks: (n: number) => plural(n, { one: "item waits in your inbox", other: "items wait in your inbox" }),
    tasksAction: "Open the inbox",
    answer: "Unread answer",
    secret: (kind: string, hint: string, client: string) => `${kind} …${hint} of ${client}`,
    ends: "ends",
    secretKinds: { client_secret: "Secret", api_key: "API key" } as Record<string, string>,
    rotate: "Open the credentials",
  },
  feed: {
    title: "Recent",
    all: "Open the dashboard",
    hint: "What happens to your apps and APIs, and to what you follow, appears here.",
  },
};

export default home;
