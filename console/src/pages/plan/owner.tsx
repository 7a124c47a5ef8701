import { session } from "#/client/session";
import { useGet } from "#/client/use";
import { useText } from "#/i18n";
import { Select } from "#/ui/field";

/** The organizations in which the caller may create plans, limit groups, API groups and destinations. */
export function useProviders() {
  const { items } = useGet("/api/v1/organizations", { params: { query: { limit: 200 } } });
  return items.filter((organization) => organization.may_provide);
}

/** The organizations in which the caller may create APIs: designers may, too. */
export function useDesigned() {
  const { items } = useGet("/api/v1/organizations", { params: { query: { limit: 200 } } });
  return items.filter((organization) => organization.may_design);
}

/** Whether the caller may make something that all organizations share. */
export function maySharedByAll(): boolean {
  return session().user.site_admin === true;
}

/** Whose it is to be; shared by all is for site administrators. */
export function Owner({
  value,
  onValue,
  error,
  hint,
}: {
  value: string;
  onValue: (value: string) => void;
  error: unknown;
  hint: string;
}) {
  const { plans } = useText();
  const providers = useProviders();
  const shared = maySharedByAll() ? [{ value: "", label: plans.shared }] : [];
  return (
    <Select
      label={plans.organization}
      hint={hint}
      name="organization"
      value={value}
      onValue={onValue}
      error={error}
      required={false}
      options={[...shared, ...providers.map(({ id, name }) => ({ value: id, label: name }))]}
    />
  );
}
