import { useState } from "react";
import type { Version } from "#/client/schema";
import { useText } from "#/i18n";
import { Actions } from "#/ui/actions";
import { later } from "#/ui/dialog";
import type { Step } from "./endingdialog";

const EndingDialog = later(() => import("./endingdialog").then((m) => m.EndingDialog));

type Props = { version: Version; versions: Version[] };

const STEPS: string[] = ["deprecate", "reschedule", "undeprecate", "retire"];

/** What can be done about the end of a version, and dialogs that say what happens to whom and when. */
export function EndingActions({ version, versions }: Props) {
  const [step, setStep] = useState<Step>();
  const words = useText().versions.actions;
  const offers = version.actions.filter((offer) => STEPS.includes(offer.action));
  return (
    <>
      <Actions
        of={version.name}
        actions={offers}
        onAct={(action) => setStep(action as Step)}
        first={["deprecate", "reschedule"]}
        words={words}
      />
      <EndingDialog
        open={step !== undefined}
        version={version}
        versions={versions}
        step={step}
        onClose={() => setStep(undefined)}
      />
    </>
  );
}
