const clients = {
  title: "API clients",
  secretTitle: "Save this secret now",
  secretOnce:
    "This is the only time it can be shown. Copy it to a safe place. If it is lost, rotate it to get a new one.",
  downloadEnv: "Download .env",
  downloadJson: "Download JSON",
  insertSecret: "Insert the secret into the command",
  insertSecretHint: "A command that you run with it stays in the history of your shell.",
  stored: "I have stored the secret",
};

export default clients;
