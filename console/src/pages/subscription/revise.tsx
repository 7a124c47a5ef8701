import { useState } from "react";
import { useGet, useWrite } from "#/client/use";
import { useText } from "#/i18n";
import { Text } from "#/ui/blocks";
import { Button } from "#/ui/button";
import { DialogButtons } from "#/ui/dialog";
import { Checkbox, Choices, Form, TextArea } from "#/ui/field";
import { limitWords } from "#/ui/limits";
import { useToast } from "#/ui/toast";
import { EndField, endOf, Missing, SAME } from "./end";

/** Asks for other terms; the present ones go on until these are approved and activated. */
export function Revise({ of: id, onClose }: { of: string; onClose: () => void }) {
  const text = useText();
  const { subscription, common, request } = text;
  const { revision } = subscription;
  const toast = useToast();
  const of = useGet("/api/v1/subscriptions/{id}", { params: { path: { id } } });
  const api = useGet("/api/v1/apis/{id}", { params: { path: { id: of.api.id } } });
  const { run, busy, error } = useWrite("post", "/api/v1/subscriptions/{id}/revisions");
  const [plan, setPlan] = useState(of.plan.id);
  const [end, setEnd] = useState(SAME);
  const [comment, setComment] = useState("");
  const [agreed, setAgreed] = useState(false);
  const [tried, setTried] = useState(false);
  // A text that was accepted goes on as long as it is the same.
  const asks = api.agreement && api.agreement.id !== of.agreement?.id ? api.agreement : undefined;
  const ends = endOf(end);
  const changes = plan !== of.plan.id || ends !== undefined;
  const plans = api.plans.some((one) => one.id === of.plan.id)
    ? api.plans
    : [{ id: of.plan.id, name: of.plan.name, limits: of.limits }, ...api.plans];
  const send = async () => {
    setTried(true);
    if (!changes || (asks && !agreed)) return;
    try {
      const agreement = asks ? { agreement: asks.id, answer: "accepted" as const } : undefined;
      const body = {
        plan,
        comment: comment.trim() || undefined,
        agreement,
        ...(ends === undefined ? {} : { ends_at: ends }),
      };
      await run({ params: { path: { id } }, body });
      toast(revision.asked);
      onClose();
    } catch {
      // The form shows it.
    }
  };
  return (
    <Form error={error} fields={["plan", "ends_at", "comment"]} onSubmit={() => void send()} label={revision.ask}>
      <p className="mb-3">{revision.askHint}</p>
      <Choices
        legend={revision.askFor}
        name="plan"
        value={plan}
        onValue={setPlan}
        choices={plans.map((one) => ({
          value: one.id,
          title: one.name,
          sub: `${limitWords(one.limits, text)}${one.id === of.plan.id ? ` · ${subscription.act.currentPlan}` : ""}`,
        }))}
      />
      <EndField value={end} onValue={setEnd} error={error} />
      {tried && !changes ? <Missing>{subscription.act.needsChange}</Missing> : null}
      <TextArea
        label={subscription.act.comment}
        hint={subscription.act.commentHint}
        name="comment"
        rows={3}
        maxLength={4000}
        optional
        required={false}
        value={comment}
        onValue={setComment}
        error={error}
      />
      {asks ? (
        <>
          <details className="mb-3">
            <summary className="cursor-pointer font-semibold">{`${asks.title}: ${revision.read}`}</summary>
            <Text blocks={asks.blocks ?? []} />
          </details>
          <Checkbox
            label={revision.agree(asks.title, asks.number)}
            hint={revision.agreeHint}
            checked={agreed}
            onChecked={setAgreed}
          />
          {tried && !agreed ? <Missing>{request.answerFirst}</Missing> : null}
        </>
      ) : null}
      <DialogButtons>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={busy}>
          {revision.ask}
        </Button>
      </DialogButtons>
    </Form>
  );
}
