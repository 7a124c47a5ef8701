import type english from "../en/terms";

const terms: typeof english = {
  empty: "Die Plattform hat keine Bedingungen",
  emptyHint: "Zum Anmelden muss niemand etwas annehmen.",
  emptyWrite: "Veröffentlichen Sie einen Text, wenn ihn alle annehmen sollen, die sich anmelden.",
  denied: "Nur Site-Administratoren schreiben die Bedingungen.",
};

export default terms;
