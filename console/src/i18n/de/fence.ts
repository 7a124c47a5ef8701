import type en from "../en/fence";

const fence: typeof en = {
  privileges: {
    "override.publish": "Veröffentlichen, und wohin",
    "override.security": "Sicherheit ändern",
    "override.implementation": "Umsetzung und Ziele",
    "override.subscription": "Zugriffsregeln und Pläne",
    "override.request_modification": "Änderung von Aufrufen",
    "override.document": "Sicherheit von Operationen in Dokumenten",
    "override.all": "All das, und das Profil selbst",
  },
  lifts: (privileges) => `Das Vorrecht ${privileges.map((one) => `„${one}“`).join(" oder ")} hebt das auf.`,
  by: (privilege) => `Durch das Vorrecht „${privilege}“`,
};

export default fence;
