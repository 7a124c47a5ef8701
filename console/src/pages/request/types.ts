import type { Admission, Agreement, ApiOverview, Plan } from "#/client/schema";

/** What has been chosen so far. */
export type Draft = {
  plan: Plan | undefined;
  place: Admission | undefined;
  apps: string[];
  note: string;
  /** The last day, `2027-01-31`; empty for no end. */
  until: string;
  /** `accepted`, `declined`, or nothing yet. */
  answer: string;
};

/** The part of the draft that is in the address. */
export type Place = { step?: number; plan?: string; environment?: string; app?: string };

export type StepProps = {
  api: ApiOverview;
  draft: Draft;
  agreement: Agreement | undefined;
  /** Notes a choice: the address changes, the page stays. */
  choose: (changes: Place) => void;
  /** Goes to a step; Back comes here again. */
  go: (changes: Place) => void;
};
