import { useText } from "#/i18n";
import { Followers } from "#/ui/followers";
import { useApi } from "./use";

/** Who follows this API. */
export function ApiFollowers() {
  const { api: words } = useText();
  const api = useApi();
  return (
    <>
      <p className="mb-4 max-w-[62ch] text-muted">{words.followersHint}</p>
      <Followers of="apis" id={api.id} mayRemove={api.may_edit} />
    </>
  );
}
