import { useClients } from "#/i18n/clients";
import { number } from "#/i18n/format";
import { Select, TextInput } from "#/ui/field";
import { type CredentialForm, dateOf } from "./entered";

const DAYS = ["30", "90", "365"];

type FieldsProps = { value: CredentialForm; onValue: (value: CredentialForm) => void; error: unknown };

export function CredentialFields({ value, onValue, error }: FieldsProps) {
  const { make: words } = useClients();
  const set = (part: Partial<CredentialForm>) => onValue({ ...value, ...part });
  return (
    <>
      <TextInput
        label={words.description}
        hint={words.descriptionHint}
        name="description"
        value={value.description}
        onValue={(description) => set({ description })}
        maxLength={200}
        autoComplete="off"
        optional
        error={error}
      />
      <Select
        label={words.end}
        name={value.end === "date" ? "end" : "expires_at"}
        value={value.end}
        onValue={(end) => set({ end })}
        options={[
          { value: "never", label: words.never },
          ...DAYS.map((days) => ({ value: days, label: words.inDays(number(Number(days))) })),
          { value: "date", label: words.onDate },
        ]}
        error={error}
      />
      {value.end === "date" ? (
        <TextInput
          label={words.date}
          name="expires_at"
          type="date"
          value={value.date}
          onValue={(date) => set({ date })}
          min={dateOf(new Date().toISOString())}
          error={error}
        />
      ) : null}
    </>
  );
}
