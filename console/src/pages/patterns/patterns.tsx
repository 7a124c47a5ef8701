import type { ReactNode } from "react";
import { useText } from "#/i18n";
import { PageHead, Section } from "#/ui/page";
import { Buttons, Colours, Pills, Type, Wires } from "./basics";
import { Fields } from "./forms";
import { Acts, Lists } from "./lists";
import { Dialogs, ToastsShown } from "./overlays";
import { Copies, Explains, Feeds, Problems, Texts, Threads, Times } from "./records";
import { usePatterns } from "./text";

const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Every pattern in every state, for those who build the console. A release has no way to this page. */
export function Patterns() {
  const patterns = usePatterns();
  const { shell } = useText();
  const parts: { id: string; title: string; sub?: string; shown: ReactNode }[] = [
    { id: "wires", title: patterns.wires, sub: patterns.wiresHint, shown: <Wires /> },
    { id: "pills", title: patterns.pills, shown: <Pills /> },
    { id: "buttons", title: patterns.buttons, shown: <Buttons /> },
    { id: "fields", title: patterns.fields, shown: <Fields /> },
    { id: "lists", title: patterns.lists, shown: <Lists /> },
    { id: "actions", title: patterns.actions, sub: patterns.actionsHint, shown: <Acts /> },
    { id: "dialogs", title: patterns.dialogs, shown: <Dialogs /> },
    {
      id: "toasts",
      title: patterns.toasts,
      sub: `${patterns.palette} ${shell.findKey(MAC)}`,
      shown: <ToastsShown />,
    },
    { id: "feed", title: patterns.feed, shown: <Feeds /> },
    { id: "thread", title: patterns.thread, shown: <Threads /> },
    { id: "explain", title: patterns.explain, shown: <Explains /> },
    { id: "code", title: patterns.code, shown: <Copies /> },
    { id: "times", title: patterns.times, shown: <Times /> },
    { id: "problems", title: patterns.problems, shown: <Problems /> },
    { id: "text", title: patterns.text, shown: <Texts /> },
    { id: "type", title: patterns.type, shown: <Type /> },
    { id: "colours", title: patterns.colours, shown: <Colours /> },
  ];
  return (
    <>
      <PageHead title={patterns.title} sub={patterns.sub} />
      <nav aria-label={patterns.contents} className="mb-6 flex flex-wrap gap-x-4 gap-y-1">
        {parts.map(({ id, title }) => (
          <a key={id} href={`#${id}`} className="min-h-6 text-accent underline">
            {title}
          </a>
        ))}
      </nav>
      {parts.map(({ id, title, sub, shown }) => (
        <Section key={id} id={id} title={title} sub={sub}>
          {shown}
        </Section>
      ))}
    </>
  );
}
