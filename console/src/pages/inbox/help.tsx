import { useText } from "#/i18n";
import { Button } from "#/ui/button";
import { Dialog, DialogButtons } from "#/ui/dialog";
import { Checkbox } from "#/ui/field";

const KEYS = [
  ["j", "next"],
  ["k", "previous"],
  ["a", "approve"],
  ["r", "reject"],
  ["c", "comment"],
  ["?", "help"],
] as const;

/** The keys of the inbox, and the switch that turns them off. */
export function Help(props: { open: boolean; onClose: () => void; on: boolean; onSwitch: (on: boolean) => void }) {
  const { open, onClose, on, onSwitch } = props;
  const { inbox, common } = useText();
  return (
    <Dialog open={open} onClose={onClose} title={inbox.keys}>
      <dl className="mb-5 grid grid-cols-[auto_1fr] items-baseline gap-x-5 gap-y-2">
        {KEYS.map(([key, name]) => (
          <div key={key} className="col-span-full grid grid-cols-subgrid">
            <dt>
              <kbd className="inline-flex min-w-7 justify-center rounded border border-line bg-sunken px-1.5 font-mono">
                {key}
              </kbd>
            </dt>
            <dd className={on ? "" : "text-muted"}>{inbox.keyNames[name]}</dd>
          </div>
        ))}
      </dl>
      <Checkbox label={inbox.keysOn} hint={inbox.keysOnHint} checked={on} onChecked={onSwitch} />
      <DialogButtons>
        <Button kind="primary" onClick={onClose}>
          {common.close}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
