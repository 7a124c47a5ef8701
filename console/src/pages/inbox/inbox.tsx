import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Keyboard } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useList } from "#/client/use";
import { useText } from "#/i18n";
import { chooseSingleKeys, singleKeys } from "#/layout/prefs";
import { Button, buttonClass } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { later } from "#/ui/dialog";
import { Listed } from "#/ui/list";
import { Empty, PageHead } from "#/ui/page";
import { Beside, useWide } from "#/ui/panel";
import { useAct } from "../subscription/act";
import { Item } from "./item";
import { useKeys } from "./keys";
import { Items } from "./list";
import { NewTodo } from "./newtodo";
import { allowed, KINDS, kindOf, neighbour, ordered, type Request, requestOf, targetOf } from "./task";

const Bulk = later(() => import("./bulk").then((m) => m.Bulk));
const Help = later(() => import("./help").then((m) => m.Help));

type State = "open" | "done" | "withdrawn";
const STATES: State[] = ["open", "done", "withdrawn"];

/** What waits for the caller's decision, beside it everything that the decision needs; and what was decided. */
export function Inbox() {
  const { inbox } = useText();
  const search = useSearch({ from: "/inbox" });
  const state = STATES.find((one) => one === search.state) ?? "open";
  const list = useList("/api/v1/tasks", {
    params: { query: { state, limit: 50, mine: search.mine ? true : undefined } },
  });
  const open = state === "open";
  const tasks = useMemo(
    () => ordered(list.items, open).filter((task) => !open || !search.kind || kindOf(task) === search.kind),
    [list.items, open, search.kind],
  );
  const wide = useWide();
  const item = search.item ?? (wide ? tasks[0]?.id : undefined);
  const { go, goAndFocus, place } = useSelection(item);
  const { act, dialogs } = useAct(() => goAndFocus(neighbour(tasks, item)?.id), place);
  const [keysOn, setKeysOn] = useState(singleKeys);
  const [help, setHelp] = useState(false);
  const [bulk, setBulk] = useState<Request[]>();
  const task = tasks.find((one) => one.id === item);
  const note = useRef<HTMLTextAreaElement>(null);
  const step = (by: number) => {
    const at = tasks.findIndex((one) => one.id === item);
    const next = tasks[Math.min(Math.max(at + by, 0), tasks.length - 1)];
    if (next) goAndFocus(next.id);
  };
  const decide = (...actions: string[]) => {
    const action = task && actions.find((one) => allowed(task, one));
    const asked = task?.kind === "subscription_request" ? requestOf(task) : undefined;
    if (asked && action) act(targetOf(asked), action);
  };
  useKeys(keysOn, {
    j: () => step(1),
    k: () => step(-1),
    a: () => decide("approve", "activate"),
    r: () => decide("reject"),
    c: () => note.current?.focus(),
    "?": () => setHelp(true),
  });
  return (
    <>
      <PageHead
        title={inbox.title}
        sub={open ? (list.more ? inbox.atLeast(list.items.length) : inbox.waiting(list.items.length)) : inbox.closed}
        actions={
          <>
            <Button kind="quiet" onClick={() => setHelp(true)}>
              <Keyboard size={18} aria-hidden="true" />
              {inbox.keys}
            </Button>
            <NewTodo />
          </>
        }
      />
      <div className={`flex flex-wrap gap-x-6 ${search.item ? "max-lg:hidden" : ""}`}>
        <Chips
          label={inbox.filter}
          value={state}
          onValue={(value) => go({ state: value === "open" ? undefined : value, mine: search.mine })}
          options={STATES.map((one) => ({ value: one, label: inbox.states[one] }))}
        />
        {open ? (
          <Chips
            label={inbox.kindFilter}
            value={search.kind ?? ""}
            onValue={(kind) => go({ kind: kind || undefined, mine: search.mine })}
            options={[
              { value: "", label: inbox.kinds.all },
              ...KINDS.map((kind) => ({ value: kind, label: inbox.kinds[kind] })),
            ]}
          />
        ) : null}
        <Chips
          label={inbox.whose}
          value={search.mine ? "mine" : ""}
          onValue={(mine) => go({ state: search.state, kind: search.kind, mine: mine ? "true" : undefined })}
          options={[
            { value: "", label: inbox.everybody },
            { value: "mine", label: inbox.mine },
          ]}
        />
      </div>
      <Beside
        narrow
        list={
          <Listed
            list={{ ...list, items: tasks }}
            empty={<Nothing state={state} filtered={search.kind !== undefined && list.items.length > 0} />}
          >
            <Items
              tasks={tasks}
              item={item}
              search={{ state: search.state, kind: search.kind, mine: search.mine }}
              open={open}
            />
          </Listed>
        }
        panel={
          item ? (
            <Item
              key={item}
              id={item}
              tasks={tasks}
              note={note}
              onAct={act}
              onDecided={() => goAndFocus(neighbour(tasks, item)?.id)}
              onBulk={setBulk}
              onClose={() => go({ state: search.state, kind: search.kind, mine: search.mine })}
            />
          ) : undefined
        }
      />
      {dialogs}
      <Bulk open={bulk !== undefined} tasks={bulk} onClose={() => setBulk(undefined)} focusAfter={place} />
      <Help
        open={help}
        onClose={() => setHelp(false)}
        on={keysOn}
        onSwitch={(on) => {
          chooseSingleKeys(on);
          setKeysOn(on);
        }}
      />
    </>
  );
}

/** Which item is open is in the address. After a key or a decision the focus is on that item in the list. */
function useSelection(item: string | undefined) {
  const navigate = useNavigate();
  const search = useSearch({ from: "/inbox" });
  const wanted = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (wanted.current !== undefined && wanted.current === item) linkOf(item)?.focus();
  }, [item]);
  const go = (next: { item?: string; state?: string; kind?: string; mine?: string }) =>
    void navigate({ to: "/inbox", search: next, resetScroll: false });
  const goAndFocus = (id: string | undefined) => {
    wanted.current = id;
    // Nothing is left to move to: the heading says how many wait.
    if (id === undefined) document.querySelector<HTMLElement>("main h1")?.focus();
    void navigate({ to: "/inbox", search: { ...search, item: id }, resetScroll: false, replace: true });
  };
  // Where the focus belongs after a dialog: the item that was moved to, or the open one.
  const place = () => linkOf(wanted.current ?? item) ?? document.querySelector<HTMLElement>("main h1");
  return { go, goAndFocus, place };
}

function linkOf(item: string | undefined): HTMLElement | null {
  return item === undefined ? null : document.querySelector<HTMLElement>(`[data-item="${CSS.escape(item)}"]`);
}

function Nothing({ state, filtered }: { state: State; filtered: boolean }) {
  const { inbox } = useText();
  if (filtered) {
    return (
      <Empty
        title={inbox.emptyKind}
        action={
          <Link to="/inbox" className={buttonClass()}>
            {inbox.showAll}
          </Link>
        }
      />
    );
  }
  if (state === "done") return <Empty title={inbox.emptyDone}>{inbox.emptyDoneHint}</Empty>;
  if (state === "withdrawn") return <Empty title={inbox.emptyWithdrawn}>{inbox.emptyWithdrawnHint}</Empty>;
  return (
    <Empty
      title={inbox.empty}
      action={
        <Link to="/provide/apis" className={buttonClass()}>
          {inbox.emptyAction}
        </Link>
      }
    >
      {inbox.emptyHint}
    </Empty>
  );
}
