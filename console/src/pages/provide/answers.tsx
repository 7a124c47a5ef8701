import { useState } from "react";
import type { Agreement } from "#/client/schema";
import { useList } from "#/client/use";
import { useText, word } from "#/i18n";
import { moment } from "#/i18n/format";
import { Button, buttonClass } from "#/ui/button";
import { Chips } from "#/ui/chips";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Listed } from "#/ui/list";

/** Who accepted or declined a text. */
export function Answers({ open, of, onClose }: { open: boolean; of: Agreement | undefined; onClose: () => void }) {
  const { settings } = useText().provide;
  return (
    <Dialog open={open} onClose={onClose} title={of ? settings.acceptancesOf(of.title, of.number) : ""}>
      {of ? <Given id={of.id} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Given({ id, onClose }: { id: string; onClose: () => void }) {
  const { provide, contracts, common } = useText();
  const { settings } = provide;
  const [answer, setAnswer] = useState<"" | "accepted" | "declined">("");
  const query = answer ? { answer } : {};
  const list = useList("/api/v1/agreements/{id}/acceptances", { params: { path: { id }, query } });
  return (
    <>
      <Chips
        label={contracts.answerFilter}
        value={answer}
        onValue={(value) => setAnswer(value as typeof answer)}
        options={[
          { value: "", label: contracts.all },
          { value: "accepted", label: contracts.accepted },
          { value: "declined", label: contracts.declined },
        ]}
      />
      <Listed list={list} empty={<p className="text-muted">{settings.noAcceptances}</p>}>
        <ul className="grid gap-2">
          {list.items.map((answer) => (
            <li key={answer.id} className="flex flex-wrap justify-between gap-x-4 border-b border-line pb-2">
              <span>
                <span className="font-semibold">{answer.user?.display_name ?? answer.user_id}</span>{" "}
                {word(settings.answers, answer.answer)}
              </span>
              <span className="text-sm text-muted">{moment(answer.answered_at)}</span>
            </li>
          ))}
        </ul>
      </Listed>
      <DialogButtons>
        <a
          className={buttonClass()}
          href={`/api/v1/agreements/${id}/acceptances.csv${answer ? `?answer=${answer}` : ""}`}
          download
        >
          {contracts.download}
        </a>
        <Button kind="primary" onClick={onClose}>
          {common.close}
        </Button>
      </DialogButtons>
    </>
  );
}
