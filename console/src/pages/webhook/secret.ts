import { useWebhooks } from "#/i18n/webhooks";
import { useShowSecret } from "#/ui/secret";

/** Shows the signing secret that was just made, with what verifies a delivery. */
export function useShowSigning(): (name: string, value: string) => void {
  const webhooks = useWebhooks();
  const show = useShowSecret();
  return (name, value) =>
    show({
      label: webhooks.secret,
      once: webhooks.once,
      value,
      file: { name: fileName(name), members: { webhook_secret: value } },
      use: {
        label: webhooks.useLabel,
        placeholder: "SECRET",
        command: (secret) =>
          `pip install standardwebhooks\n\nfrom standardwebhooks import Webhook\nevent = Webhook("${secret}").verify(body, headers)`,
      },
    });
}

function fileName(name: string): string {
  const word = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `webhook-${word.slice(0, 40) || "secret"}`;
}
