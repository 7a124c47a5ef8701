import { useState } from "react";
import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Checkbox, Choices, Form, Select, TextArea, TextInput } from "#/ui/field";
import { refusal } from "./example";
import { usePatterns } from "./text";

export function Fields() {
  const patterns = usePatterns();
  const { common } = useText();
  const [name, setName] = useState(patterns.fieldValue);
  const [note, setNote] = useState("");
  const [plan, setPlan] = useState("trial");
  const [accepted, accept] = useState(false);
  const fault = refusal(422, "invalid", "", [{ pointer: "/name", code: "required", detail: patterns.fieldFault }]);
  return (
    <div className="grid gap-x-10 lg:grid-cols-2">
      <div>
        <TextInput label={patterns.field} hint={patterns.fieldHint} name="a" value={name} onValue={setName} />
        <TextInput label={patterns.field} name="name" error={fault} value={name} onValue={setName} />
        <TextInput label={patterns.field} name="c" optional disabled value={name} onValue={setName} />
        <TextArea
          label={patterns.note}
          name="note"
          optional
          placeholder={patterns.notePlaceholder}
          value={note}
          onValue={setNote}
        />
        <Select
          label={patterns.plan}
          name="plan"
          value={plan}
          onValue={setPlan}
          options={[
            { value: "trial", label: patterns.planTrial },
            { value: "gold", label: patterns.planGold },
          ]}
        />
      </div>
      <div>
        <Choices
          legend={patterns.plan}
          name="plan"
          value={plan}
          onValue={setPlan}
          choices={[
            { value: "trial", title: patterns.planTrial, sub: patterns.choiceTrial },
            { value: "gold", title: patterns.planGold, sub: patterns.choiceGold },
            { value: "full", title: "Platinum", sub: patterns.choiceFull, disabled: true },
          ]}
        />
        <Checkbox label={patterns.accept} hint={patterns.acceptHint} checked={accepted} onChecked={accept} />
        <Checkbox label={patterns.accept} checked disabled onChecked={accept} />
        <Chips
          label={patterns.plan}
          value={plan}
          onValue={setPlan}
          options={[
            { value: "trial", label: patterns.planTrial, count: "3" },
            { value: "gold", label: patterns.planGold, count: "12" },
          ]}
        />
        <Form error={refusal(409, "wrong-state", patterns.suspendWhy)} fields={[]} onSubmit={() => undefined}>
          <Button type="submit" kind="primary">
            {common.save}
          </Button>
        </Form>
      </div>
    </div>
  );
}
