import type { OrganizationOverview } from "#/client/schema";
import { useText, word } from "#/i18n";
import { useParties } from "#/i18n/parties";

/** A role is no state: it has neither glyph nor colour. */
export function RoleTag({ children }: { children: string }) {
  return (
    <span className="inline-block rounded-full border border-line px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap">
      {children}
    </span>
  );
}

/** What one is in an organization. */
export function Role({ of: { role, roles, by_management, managed_by } }: { of: OrganizationOverview }) {
  const { organization } = useText();
  const parties = useParties();
  const none = !role && roles.length === 0 && !by_management;
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      {role ? <RoleTag>{word(organization.roles, role)}</RoleTag> : null}
      {by_management ? <RoleTag>{parties.managedBy(managed_by?.name ?? "")}</RoleTag> : null}
      {roles.map((one) => (
        <RoleTag key={one}>{word(parties.roles, one)}</RoleTag>
      ))}
      {none ? <span className="text-sm text-muted">{organization.notMember}</span> : null}
    </span>
  );
}
