import { X } from "lucide-react";
import { useEffect, useState } from "react";
import type { OrganizationOverview } from "#/client/schema";
import { useLanguage, useText, word } from "#/i18n";
import { useAuditText } from "#/i18n/audit";
import { Button } from "#/ui/button";
import { Select, TextInput } from "#/ui/field";
import { useAudit } from "./search";

/** How long somebody who types may pause before it is searched, in milliseconds. */
const PAUSE = 400;

type Props = { organizations: OrganizationOverview[]; organization: string | undefined; site: boolean };

/** Conditions that one chooses; the others are taken from an entry. */
export function Filters({ organizations, organization, site }: Props) {
  const audit = useAuditText();
  const { search, change } = useAudit();
  const owners = organizations.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <fieldset className="mb-2 grid gap-x-4 sm:grid-cols-2 lg:grid-cols-3">
      <legend className="sr-only">{audit.filters}</legend>
      <Select
        label={audit.organization}
        name="organization"
        optional
        value={organization ?? ""}
        onValue={(value) => change({ organization: value })}
        options={site ? [{ value: "", label: audit.everything }, ...owners] : owners}
      />
      <What />
      <Words />
      <TextInput
        label={audit.since}
        name="since"
        type="date"
        optional
        value={search.since ?? ""}
        onValue={(since) => change({ since })}
      />
      <TextInput
        label={audit.until}
        name="until"
        type="date"
        optional
        value={search.until ?? ""}
        onValue={(until) => change({ until })}
      />
      <Select
        label={audit.order}
        name="order"
        optional
        value={search.order ?? ""}
        onValue={(value) => change({ order: value === "oldest" ? "oldest" : undefined })}
        options={[
          { value: "", label: audit.newest },
          { value: "oldest", label: audit.oldest },
        ]}
      />
    </fieldset>
  );
}

function kindWord(kind: string, ...words: Record<string, string>[]): string {
  return word(Object.assign({}, ...words), kind);
}

/** All verbs of a noun, or the one verb that was taken from an entry. */
function What() {
  const audit = useAuditText();
  const { common } = useText();
  const language = useLanguage();
  const { search, change } = useAudit();
  const nouns = [...new Set(Object.keys(common.verbs).map((verb) => verb.split(".")[0] ?? ""))];
  const groups = nouns
    .map((noun) => ({ value: `${noun}.`, label: audit.all(kindWord(noun, common.kinds, audit.kinds)) }))
    .sort((one, other) => one.label.localeCompare(other.label, language));
  const one = search.verb && !search.verb.endsWith(".");
  const chosen = one ? [{ value: search.verb ?? "", label: word(common.verbs, search.verb) }] : [];
  return (
    <Select
      label={audit.what}
      name="verb"
      optional
      value={search.verb ?? ""}
      onValue={(verb) => change({ verb })}
      options={[{ value: "", label: audit.anything }, ...chosen, ...groups]}
    />
  );
}

/** Words are looked for when the person pauses. */
function Words() {
  const audit = useAuditText();
  const { search, change } = useAudit();
  const [typed, setTyped] = useState(search.text ?? "");
  useEffect(() => {
    if (typed === (search.text ?? "")) return;
    const timer = setTimeout(() => change({ text: typed }), PAUSE);
    return () => clearTimeout(timer);
  });
  return (
    <TextInput
      label={audit.words}
      name="text"
      type="search"
      maxLength={200}
      optional
      value={typed}
      onValue={setTyped}
    />
  );
}

/** What the list is narrowed to beside the conditions above, each with a way back. */
export function Narrowed() {
  const audit = useAuditText();
  const { common } = useText();
  const { search, change } = useAudit();
  const { id, kind, actor, request } = search;
  const all = [
    id ? { words: audit.ofResource(id), without: { id: undefined, kind: undefined } } : undefined,
    !id && kind ? { words: kindWord(kind, common.kinds, audit.kinds), without: { kind: undefined } } : undefined,
    actor ? { words: audit.ofActor(actor), without: { actor: undefined } } : undefined,
    request ? { words: audit.ofRequest(request), without: { request: undefined } } : undefined,
  ].filter((one) => one !== undefined);
  if (all.length === 0) return null;
  return (
    <p className="mb-4 flex flex-wrap items-center gap-2 text-sm">
      <span>{audit.only}</span>
      {all.map(({ words, without }) => (
        <Button key={words} small aria-label={audit.drop(words)} onClick={() => change(without)}>
          <span className="[overflow-wrap:anywhere]">{words}</span>
          <X size={14} aria-hidden="true" />
        </Button>
      ))}
    </p>
  );
}
