import { Suspense } from "react";
import { useGet } from "#/client/use";
import { useText } from "#/i18n";
import { number } from "#/i18n/format";
import { Text } from "#/ui/blocks";
import { Choices, TextArea, TextInput } from "#/ui/field";
import { Waiting } from "#/ui/list";
import { today } from "../subscription/end";
import { Step } from "./steps";
import type { StepProps } from "./types";

/** The words that go with it, and the answer to the API's agreement. */
export function NoteStep({
  agreement,
  draft,
  go,
  setNote,
  setAnswer,
  setUntil,
}: StepProps & {
  setNote: (note: string) => void;
  setAnswer: (answer: string) => void;
  setUntil: (until: string) => void;
}) {
  const { request, contracts } = useText();
  return (
    <Step
      title={request.steps.note}
      missing={agreement && !draft.answer ? request.answerFirst : undefined}
      onNext={() => go({ step: 4 })}
      onBack={() => go({ step: 2 })}
    >
      <TextArea
        label={request.note}
        hint={request.noteHint}
        name="comment"
        value={draft.note}
        onValue={setNote}
        maxLength={2000}
        optional
      />
      <TextInput
        label={contracts.until}
        hint={contracts.untilHint}
        name="ends_at"
        type="date"
        min={today()}
        required={false}
        value={draft.until}
        onValue={setUntil}
      />
      {agreement ? (
        <>
          <h3 className="mb-1.5 font-semibold">{request.agreementOf(agreement.title, number(agreement.number))}</h3>
          <section
            aria-label={request.agreement}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it
            tabIndex={0}
            className="mb-4 max-h-64 overflow-y-auto rounded-md border border-line bg-paper px-4 py-3"
          >
            <Suspense fallback={<Waiting />}>
              <AgreementText id={agreement.id} />
            </Suspense>
          </section>
          <Choices
            legend={request.agreement}
            name="answer"
            value={draft.answer}
            onValue={setAnswer}
            choices={[
              { value: "accepted", title: request.accept, sub: request.acceptHint },
              { value: "declined", title: request.decline, sub: request.declineHint },
            ]}
          />
        </>
      ) : (
        <p className="text-muted">{request.agreementNone}</p>
      )}
    </Step>
  );
}

/** The text itself; a list of agreements has only their titles. */
function AgreementText({ id }: { id: string }) {
  const { blocks } = useGet("/api/v1/agreements/{id}", { params: { path: { id } } });
  return <Text blocks={blocks ?? []} />;
}
