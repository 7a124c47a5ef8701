/** What stands where the platform has no terms. */
const terms = {
  empty: "The platform has no terms",
  emptyHint: "Nobody accepts anything to sign in.",
  emptyWrite: "Publish a text if everybody who signs in shall accept one.",
  denied: "Only site administrators write the terms.",
};

export default terms;
