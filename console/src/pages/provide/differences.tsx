import { useState } from "react";
import type { Version } from "#/client/schema";
import { useMaybe } from "#/client/use";
import { useText } from "#/i18n";
import { ComparisonView } from "#/ui/comparison";
import { Dialog } from "#/ui/dialog";
import { Select } from "#/ui/field";
import { Waiting } from "#/ui/list";
import { ProblemBanner } from "#/ui/problem";

type Props = { version: Version };

type CompareProps = Props & { open: boolean; all: number[]; to: number | undefined; onClose: () => void };

/** What a revision changed, against any other. */
export function Compare({ open, version, all, to, onClose }: CompareProps) {
  const { revisions } = useText().versions;
  return (
    <Dialog open={open} onClose={onClose} title={to ? revisions.compareThis(to) : ""} wide>
      {to ? <Compared key={to} version={version} all={all} to={to} /> : null}
    </Dialog>
  );
}

function Compared({ version, all, to }: Props & { all: number[]; to: number }) {
  const { revisions } = useText().versions;
  const [from, setFrom] = useState(String(to - 1));
  const { data, error } = useMaybe("/api/v1/versions/{id}/revisions/{number}/diff", {
    params: { path: { id: version.id, number: to }, query: { against: Number(from) } },
  });
  return (
    <>
      <Select
        label={revisions.from}
        name="against"
        value={from}
        onValue={setFrom}
        options={all
          .filter((number) => number !== to)
          .map((number) => ({ value: String(number), label: revisions.one(number) }))}
      />
      <div aria-live="polite">
        {error ? <ProblemBanner error={error} /> : data ? <ComparisonView of={data} /> : <Waiting />}
      </div>
    </>
  );
}
