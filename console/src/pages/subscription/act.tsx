import { useState } from "react";
import { useText } from "#/i18n";
import { later } from "#/ui/dialog";
import { useToast } from "#/ui/toast";
import type { Asked } from "./ask";
import { type Outcome, type Target, useStep } from "./step";

const AskFirst = later(() => import("./ask").then((m) => m.AskFirst));

/**
 * Everything that can be done to a subscription with a press: `act` says what will happen, takes the words that go with
 * it, does it, and says so. Draw `dialogs` once on the page. `onDone` hears of what was done; `focusAfter` says what has
 * the focus when the dialog has closed, if not what opened it.
 */
export function useAct(onDone?: (outcome: Outcome) => void, focusAfter?: () => HTMLElement | null) {
  const [asked, setAsked] = useState<Asked>();
  const toast = useToast();
  const { subscription: text } = useText();
  const undo = useStep();
  const close = () => setAsked(undefined);
  const done = (outcome: Outcome) => {
    const { subscription: now, steps } = outcome;
    const last = steps.at(-1) ?? "";
    const said = text.act.done[last as keyof typeof text.act.done];
    // What was stopped can be let go again, as long as the server offers it.
    const back = last === "suspend" ? () => void undo.run(now, "resume", {}).catch(() => undefined) : undefined;
    if (said) toast(said(now.app.name, now.api.name), back);
    if (outcome.halfway === undefined) close();
    onDone?.(outcome);
  };
  const dialogs = (
    <AskFirst open={asked !== undefined} asked={asked} onClose={close} onDone={done} focusAfter={focusAfter} />
  );
  return { act: (subscription: Target, action: string) => setAsked({ subscription, action }), dialogs };
}
