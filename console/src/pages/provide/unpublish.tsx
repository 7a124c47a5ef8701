import type { Version } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Confirm } from "#/ui/dialog";
import { useToast } from "#/ui/toast";
import type { Place } from "./publications";

type UnpublishProps = { open: boolean; version: Version; place: Place | undefined; onClose: () => void };

/** Asks whether a version shall be taken out of an environment. */
export function Unpublish({ open, version, place, onClose }: UnpublishProps) {
  const { definition } = useText().provide;
  const toast = useToast();
  const { run, busy, error, reset } = useWrite("delete", "/api/v1/versions/{id}/publications/{environment}");
  const close = () => {
    reset();
    onClose();
  };
  const leave = async () => {
    if (!place) return;
    try {
      await run({ params: { path: { id: version.id, environment: place.environment } } });
      toast(definition.unpublished(version.name, place.environment_name));
      close();
    } catch {
      // The dialog shows it.
    }
  };
  return (
    <Confirm
      open={open}
      onClose={close}
      title={place ? definition.unpublishTitle(version.name, place.environment_name) : ""}
      verb={definition.unpublish}
      danger
      busy={busy}
      error={error}
      onConfirm={() => void leave()}
    >
      {definition.unpublishHint}
    </Confirm>
  );
}
