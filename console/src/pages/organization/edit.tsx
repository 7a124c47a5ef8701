import type { OrganizationOverview } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Dialog } from "#/ui/dialog";
import { useToast } from "#/ui/toast";
import { type Entered, OrganizationForm } from "./form";

type EditProps = { one: OrganizationOverview; onDone: () => void };

/** Changes an organization's own words about itself. */
export function EditOrganization({ open, one, onDone }: EditProps & { open: boolean }) {
  const { organization } = useText();
  return (
    <Dialog open={open} onClose={onDone} title={organization.editTitle(one.name)}>
      <Edit one={one} onDone={onDone} />
    </Dialog>
  );
}

function Edit({ one, onDone }: EditProps) {
  const { common } = useText();
  const toast = useToast();
  const edit = useWrite("patch", "/api/v1/organizations/{id}");
  const save = async ({ name, description, contact }: Entered) => {
    await edit.run({ params: { path: { id: one.id } }, body: { name, description, contact } });
    toast(common.saved);
    onDone();
  };
  return (
    <OrganizationForm
      start={one}
      verb={common.save}
      busy={edit.busy}
      error={edit.error}
      onSave={save}
      onCancel={onDone}
    />
  );
}
