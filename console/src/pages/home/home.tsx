import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { session } from "#/client/session";
import { read, useList } from "#/client/use";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Board } from "#/ui/feed";
import { PageHead, Section } from "#/ui/page";
import { listening, QuickStart } from "#/ui/quickstart";
import { Attention } from "./attention";
import { Requests } from "./requests";

/** How many entries of the dashboard the first page shows. */
const RECENT = 6;

/** Where a person begins: what to do first, what needs them, what they wait for, what has happened. */
export function Home() {
  const { home } = useText();
  const { quickstart } = useSearch({ from: "/" });
  const navigate = useNavigate();
  const facts = useSuspenseQuery({
    ...read("/api/v1/me/quickstart"),
    refetchInterval: (query) => listening(query.state.data),
  }).data;
  const done = facts.first_success_at != null;
  // Whoever watches the last step tick keeps seeing it: only the next visit begins without.
  const [before] = useState(done);
  const shown = quickstart ?? !before;
  const show = (wanted: boolean) => void navigate({ to: "/", search: { quickstart: wanted }, resetScroll: false });
  const { user } = session();
  return (
    <>
      <PageHead
        title={home.title}
        sub={home.greeting(user.display_name || user.username)}
        actions={shown ? undefined : <Button onClick={() => show(true)}>{home.quick.reopen}</Button>}
      />
      <Attention quiet={shown} />
      {shown ? (
        <Section
          title={home.quick.title}
          actions={
            <Button small kind="quiet" onClick={() => show(false)}>
              {home.quick.close}
            </Button>
          }
        >
          <QuickStart facts={facts} />
        </Section>
      ) : null}
      {facts.app ? <Requests /> : null}
      <Recent />
    </>
  );
}

function Recent() {
  const { home } = useText();
  const list = useList("/api/v1/me/dashboard", { params: { query: { limit: RECENT } } });
  return (
    <Section
      title={home.feed.title}
      actions={
        <Link to="/dashboard" className="text-sm text-accent underline">
          {home.feed.all}
        </Link>
      }
    >
      {/* The dashboard has the rest. */}
      <Board
        list={{ ...list, more: list.items.length > 0 ? undefined : list.more }}
        label={home.feed.title}
        emptyHint={home.feed.hint}
      />
    </Section>
  );
}
