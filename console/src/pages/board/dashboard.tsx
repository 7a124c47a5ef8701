import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Followed } from "#/client/schema";
import { useList, useMaybe, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { Button } from "#/ui/button";
import { Board, isFresh } from "#/ui/feed";
import { Cell, Listed, Row, Rows } from "#/ui/list";
import { PageHead, Section } from "#/ui/page";
import { useProblemText } from "#/ui/problem";
import { ResourceLink } from "#/ui/resource";
import { useToast } from "#/ui/toast";

/** Entries that are shown at first, and with each press for more. */
const PAGE = 30;
const KINDS = ["subscription", "version", "api", "app", "client", "credential", "organization", "group", "user"];

const PLURALS: Record<string, string> = { app: "apps", organization: "organizations", group: "groups" };

/** What happened to what one owns, administers or follows; and what one follows. */
export function Dashboard() {
  const { notices } = useText();
  const words = notices.dashboard;
  const { kind } = useSearch({ from: "/dashboard" });
  const navigate = useNavigate({ from: "/dashboard" });
  const list = useList("/api/v1/me/dashboard", { params: { query: { kind, limit: PAGE } } });
  const readThrough = useMaybe("/api/v1/me/dashboard", { params: { query: { limit: 1 } } }).data?.read_through;
  const fresh = list.items.filter((entry) => isFresh(entry, readThrough)).length;
  const mark = useMarkRead(list.items[0]?.seq);
  return (
    <>
      <PageHead
        title={words.title}
        sub={words.sub}
        actions={
          fresh > 0 && !kind ? (
            <Button busy={mark.busy} onClick={mark.run}>
              {words.markRead}
            </Button>
          ) : null
        }
      />
      <div className="grid gap-x-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          <h2 className="sr-only">{words.feed}</h2>
          <Board
            list={list}
            label={words.feed}
            emptyHint={words.emptyHint}
            kinds={KINDS}
            kind={kind}
            readThrough={readThrough}
            onKind={(chosen) => void navigate({ search: { kind: chosen }, resetScroll: false })}
          />
        </div>
        <aside className="min-w-0">
          <Follows />
        </aside>
      </div>
    </>
  );
}

/** Marks everything up to the newest entry that is shown as read: what comes meanwhile stays new. */
function useMarkRead(newest: number | undefined) {
  const { notices } = useText();
  const toast = useToast();
  const say = useProblemText();
  const { run, busy } = useWrite("post", "/api/v1/me/dashboard/read");
  const mark = async () => {
    if (newest === undefined) return;
    await run({ body: { through: newest } });
    toast(notices.markedAll);
  };
  return { busy, run: () => void mark().catch((error: unknown) => toast(say(error))) };
}

function Follows() {
  const { notices } = useText();
  const words = notices.dashboard;
  const list = useList("/api/v1/me/follows");
  return (
    <Section title={words.follows} sub={words.followsHint} id="follows">
      <Listed
        list={list}
        empty={
          <p className="text-sm text-muted">
            {words.followsEmpty}{" "}
            <Link to="/catalog" className="text-accent underline">
              {words.catalog}
            </Link>
          </p>
        }
      >
        <Rows columns="grid-cols-[minmax(0,1fr)_auto]" label={words.follows}>
          {list.items.map((one) => (
            <Line key={one.id} one={one} />
          ))}
        </Rows>
      </Listed>
    </Section>
  );
}

function Line({ one }: { one: Followed }) {
  const { notices, common } = useText();
  const words = notices.dashboard;
  const toast = useToast();
  // All have one shape; their paths differ.
  const path = `/api/v1/${PLURALS[one.kind] ?? "apis"}/{id}/follow` as "/api/v1/apis/{id}/follow";
  const leave = useWrite("delete", path);
  const follow = useWrite("put", path);
  const init = { params: { path: { id: one.id } } };
  const name = one.name ?? word(common.kinds, one.kind);
  const stop = async () => {
    await leave.run(init);
    toast(common.followersList.unfollowed, () => void follow.run(init).catch(() => undefined));
  };
  return (
    <Row>
      <Cell title={<ResourceLink of={one} />} sub={word(common.kinds, one.kind)} className="max-md:grow" />
      <Button
        small
        busy={leave.busy}
        onClick={() => void stop().catch(() => undefined)}
        aria-label={words.unfollowOf(name)}
      >
        {words.unfollow}
      </Button>
    </Row>
  );
}
