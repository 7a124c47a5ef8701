import type en from "../en/clients";

const clients: typeof en = {
  title: "API-Clients",
  secretTitle: "Speichern Sie dieses Secret jetzt",
  secretOnce:
    "Es kann nur dieses eine Mal angezeigt werden. Kopieren Sie es an einen sicheren Ort. Geht es verloren, erneuern Sie es.",
  downloadEnv: ".env herunterladen",
  downloadJson: "JSON herunterladen",
  insertSecret: "Secret in den Befehl einsetzen",
  insertSecretHint: "Ein damit ausgeführter Befehl bleibt im Verlauf Ihrer Shell stehen.",
  stored: "Ich habe das Secret gespeichert",
};

export default clients;
