import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Notice } from "#/client/schema";
import { useList, useMaybe, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { usePageActions } from "#/layout/pageactions";
import { Button } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Listed, Rows } from "#/ui/list";
import { Empty, PageHead, Section } from "#/ui/page";
import { useProblemText } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { NoticeRow } from "./row";

const NOTICES = "/api/v1/me/notices";

/** Notices are delivered a moment after what they tell of: when their number moves, they are read again. */
function useArrivals(unread: number | undefined) {
  const client = useQueryClient();
  const before = useRef(unread);
  useEffect(() => {
    if (before.current !== undefined && before.current !== unread) {
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] === NOTICES });
    }
    before.current = unread;
  }, [unread, client]);
}

function useUnread() {
  return useList(NOTICES, { params: { query: { unread: true } } });
}

/** What one is told: what is unread first, then the rest. */
export function Notices() {
  const { notices } = useText();
  const { unread: onlyUnread } = useSearch({ from: "/notifications" });
  const navigate = useNavigate({ from: "/notifications" });
  const fresh = useUnread();
  const count = useMaybe("/api/v1/me/pulse").data?.notices_unread;
  useArrivals(count);
  const markAll = useMarkAll(fresh.items);
  usePageActions(fresh.items.length > 0 ? [{ key: "all", label: notices.markAll, run: markAll.run }] : []);
  return (
    <>
      <PageHead
        title={notices.title}
        sub={count ? notices.count(count) : notices.sub}
        actions={
          fresh.items.length > 0 ? (
            <Button busy={markAll.busy} onClick={markAll.run}>
              {notices.markAll}
            </Button>
          ) : null
        }
      />
      <Chips
        label={notices.filter}
        value={onlyUnread ? "unread" : ""}
        onValue={(value) => void navigate({ search: value === "unread" ? { unread: true } : {}, resetScroll: false })}
        options={[
          { value: "", label: notices.all },
          { value: "unread", label: notices.onlyUnread },
        ]}
      />
      {onlyUnread ? (
        <Listed list={fresh} empty={<AllRead />}>
          <NoticeRows items={fresh.items} label={notices.unread} />
        </Listed>
      ) : (
        <Everything fresh={fresh} />
      )}
      <WithApi method="POST" path="/api/v1/me/notices/read" body={{}} />
    </>
  );
}

/** Marks everything as read that is shown here: what arrives meanwhile stays unread. */
function useMarkAll(shown: Notice[]) {
  const { notices } = useText();
  const toast = useToast();
  const say = useProblemText();
  const { run, busy } = useWrite("post", "/api/v1/me/notices/read");
  const mark = async () => {
    await run({ body: { through: shown[0]?.change } });
    toast(notices.markedAll);
  };
  return { busy, run: () => void mark().catch((error: unknown) => toast(say(error))) };
}

function Everything({ fresh }: { fresh: ReturnType<typeof useUnread> }) {
  const { notices } = useText();
  const all = useList(NOTICES);
  const earlier = all.items.filter((notice) => notice.read);
  if (all.loading || all.error || (all.items.length === 0 && fresh.items.length === 0)) {
    const nothing = <Empty title={notices.empty}>{notices.emptyHint}</Empty>;
    return (
      <Listed list={all} empty={nothing}>
        {null}
      </Listed>
    );
  }
  return (
    <>
      {fresh.items.length > 0 ? (
        <Section title={notices.unread} id="unread">
          <Listed list={fresh} empty={null}>
            <NoticeRows items={fresh.items} label={notices.unread} />
          </Listed>
        </Section>
      ) : null}
      {earlier.length > 0 || all.more ? (
        <Section title={notices.earlier} id="earlier">
          <Listed list={all} empty={null}>
            <NoticeRows items={earlier} label={notices.earlier} />
          </Listed>
        </Section>
      ) : null}
    </>
  );
}

function NoticeRows({ items, label }: { items: Notice[]; label: string }) {
  return (
    <Rows columns="grid-cols-[auto_minmax(0,1fr)_auto_auto]" label={label}>
      {items.map((notice) => (
        <NoticeRow key={notice.id} notice={notice} />
      ))}
    </Rows>
  );
}

function AllRead() {
  const { notices } = useText();
  const navigate = useNavigate({ from: "/notifications" });
  return (
    <Empty
      title={notices.noUnread}
      action={<Button onClick={() => void navigate({ search: {} })}>{notices.showAll}</Button>}
    >
      {notices.noUnreadHint}
    </Empty>
  );
}
