import { Link } from "@tanstack/react-router";
import { useMaybe } from "#/client/use";
import { useText } from "#/i18n";
import { buttonClass } from "./button";

/** The way to the trail of a resource, for those who answer for the organization that owns it. */
export function History({ organization, kind, id }: { organization: string; kind: string; id: string }) {
  const { common } = useText();
  const owner = useMaybe("/api/v1/organizations/{id}", { params: { path: { id: organization } } }).data;
  if (!owner?.actions.some(({ action, allowed }) => action === "trail" && allowed)) return null;
  return (
    <Link to="/org/audit" search={{ organization, kind, id }} className={buttonClass()}>
      {common.history}
    </Link>
  );
}
