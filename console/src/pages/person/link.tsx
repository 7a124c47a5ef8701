import { Link } from "@tanstack/react-router";
import type { Person } from "#/client/schema";

/** A person by name, as a link to what ties them. */
export function PersonLink({ of, children }: { of: Person; children?: string }) {
  return (
    <Link to="/people/$user" params={{ user: of.id }} className="hover:underline">
      {children ?? of.display_name}
    </Link>
  );
}
