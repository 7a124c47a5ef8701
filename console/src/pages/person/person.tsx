import { useParams } from "@tanstack/react-router";
import { useGet } from "#/client/use";
import { day } from "#/i18n/format";
import { useParties } from "#/i18n/parties";
import { Copyable } from "#/ui/copy";
import { PageHead } from "#/ui/page";
import { Tied } from "../connection/tied";

/** Somebody, and what ties them to what one sees oneself. */
export function PersonPage() {
  const { person } = useParties();
  const { user: id } = useParams({ from: "/people/$user" });
  const user = useGet("/api/v1/users/{id}", { params: { path: { id } } });
  return (
    <>
      <PageHead
        title={user.display_name}
        crumb={person.title}
        sub={
          <>
            <p>{person.sub(user.username)}</p>
            <p className="flex flex-wrap items-center gap-x-2 text-sm">
              <Copyable value={user.id} what={person.id} />
              <span>·</span>
              <span>{person.since(day(user.created_at))}</span>
            </p>
          </>
        }
      />
      <Tied of="users" id={id} hint={person.hint} />
    </>
  );
}
