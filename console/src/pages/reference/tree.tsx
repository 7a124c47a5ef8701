import { ChevronDown, ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { useReader } from "#/i18n/reader";
import { Text } from "#/ui/blocks";
import { isMembers, type Json, type Prose } from "./document";
import type { Direction } from "./sample";
import { type Field, type Shape, shape, typeWordOf } from "./shape";

/** What the tree is drawn from. */
export type Site = { document: Json; direction: Direction };

/** A text of the document: its tree, or plain words. */
export function Words({ prose, className = "text-muted" }: { prose: Prose | undefined; className?: string }) {
  if (!prose) return null;
  if (prose.blocks) return <Text blocks={prose.blocks} className={`max-w-[62ch] ${className}`} />;
  return <p className={`max-w-[62ch] [overflow-wrap:anywhere] ${className}`}>{prose.text}</p>;
}

/** What has fields, choices or named members inside; a list counts as what it lists. */
function core(site: Site, found: Shape, depth = 0): Shape {
  const listed = found.types.includes("array") && found.items !== undefined && depth < 6;
  return listed ? core(site, shape(site.document, found.items), depth + 1) : found;
}

/** The members that may be seen in this direction. */
function visible(site: Site, fields: Field[]): Field[] {
  return fields.filter((field) => {
    const found = shape(site.document, field.schema);
    return site.direction === "request" ? !found.readOnly : !found.writeOnly;
  });
}

/** How many of the things inside are shown without being asked for. */
const MOST_AT_ONCE = 8;
const DEEPEST_AT_ONCE = 1;

/** A schema from its top: what it is, and what is inside. */
export function SchemaTree({ site, schema }: { site: Site; schema: Json }) {
  const reader = useReader();
  const found = shape(site.document, schema);
  const word = typeWordOf(site.document, found);
  const inner = core(site, found);
  return (
    <div>
      <p className="font-mono text-sm text-muted">{word || reader.anything}</p>
      <Words prose={found.prose} className="my-1 text-sm text-muted" />
      <Facts found={found} />
      <Inside site={site} found={inner} inside={[]} depth={0} />
    </div>
  );
}

type InsideProps = { site: Site; found: Shape; inside: string[]; depth: number };

/** Fields, choices and named members of a shape. */
function Inside({ site, found, inside, depth }: InsideProps) {
  const reader = useReader();
  const within = found.pointer ? [...inside, found.pointer] : inside;
  const fields = visible(site, found.fields);
  const others = isMembers(found.others) ? found.others : undefined;
  if (fields.length === 0 && found.variants.length === 0 && !others) {
    return found.types.includes("object") ? <p className="text-sm text-muted">{reader.noMembers}</p> : null;
  }
  return (
    <div className="mt-1 border-l border-line pl-4">
      {fields.length > 0 || others ? (
        <ul>
          {fields.map((field) => (
            <FieldRow key={field.name} site={site} field={field} inside={within} depth={depth} />
          ))}
          {others ? (
            <FieldRow
              site={site}
              field={{ name: reader.otherMembers, schema: others, required: false }}
              inside={within}
              depth={depth}
              unnamed
            />
          ) : null}
        </ul>
      ) : null}
      {found.variants.length > 0 ? <Variants site={site} found={found} inside={within} depth={depth} /> : null}
    </div>
  );
}

/** One of several schemas, the chosen one drawn. */
function Variants({ site, found, inside, depth }: InsideProps) {
  const reader = useReader();
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const variant = found.variants[chosen] ?? found.variants[0];
  if (!variant) return null;
  const inner = shape(site.document, variant.schema);
  const repeats = inner.pointer !== undefined && inside.includes(inner.pointer);
  return (
    <div className="py-1.5">
      <label htmlFor={id} className="mr-2 text-sm text-muted">
        {found.any ? reader.anyOf : reader.oneOf}
      </label>
      <select
        id={id}
        value={chosen}
        onChange={(event) => setChosen(Number(event.target.value))}
        className="min-h-7 max-w-full rounded-md border border-control bg-paper px-1.5 font-mono text-sm"
      >
        {found.variants.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the document does not change its order
          <option key={index} value={index}>
            {one.label}
          </option>
        ))}
      </select>
      {found.discriminator ? (
        <span className="ml-2 text-sm text-muted">{reader.toldBy(found.discriminator)}</span>
      ) : null}
      <div key={chosen} className="mt-1">
        <p className="font-mono text-sm text-muted">{typeWordOf(site.document, inner)}</p>
        <Words prose={inner.prose} className="my-1 text-sm text-muted" />
        <Facts found={inner} />
        {repeats ? (
          <p className="text-sm text-muted">{reader.again}</p>
        ) : (
          <Inside site={site} found={core(site, inner)} inside={inside} depth={depth + 1} />
        )}
      </div>
    </div>
  );
}

type FieldProps = { site: Site; field: Field; inside: string[]; depth: number; unnamed?: boolean };

function FieldRow({ site, field, inside, depth, unnamed }: FieldProps) {
  const reader = useReader();
  const found = shape(site.document, field.schema);
  const inner = core(site, found);
  const count = visible(site, inner.fields).length + (isMembers(inner.others) ? 1 : 0);
  const nested = count > 0 || inner.variants.length > 0;
  // A schema that contains itself, and whatever is large or deep, waits until it is asked for.
  const repeats = inner.pointer !== undefined && inside.includes(inner.pointer);
  const small = count <= MOST_AT_ONCE && inner.variants.length === 0 && depth < DEEPEST_AT_ONCE;
  const [open, setOpen] = useState(nested && small && !repeats);
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <li className="py-1.5">
      <div className="flex flex-wrap items-baseline gap-x-2">
        {unnamed ? (
          <em className="text-muted">{field.name}</em>
        ) : (
          <code className={`font-mono font-bold [overflow-wrap:anywhere] ${found.deprecated ? "line-through" : ""}`}>
            {field.name}
          </code>
        )}
        <span className="font-mono text-sm text-muted [overflow-wrap:anywhere]">
          {typeWordOf(site.document, found) || reader.anything}
        </span>
        <Marks found={found} required={field.required} />
      </div>
      <Words prose={found.prose} className="text-sm text-muted" />
      <Facts found={found} />
      {nested ? (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="mt-0.5 inline-flex min-h-6 items-center gap-1 rounded text-sm text-accent hover:underline"
        >
          <Icon size={14} aria-hidden="true" />
          {inner.variants.length > 0 ? (inner.any ? reader.anyOf : reader.oneOf) : reader.fields(count)}
          <span className="sr-only">{reader.of(field.name)}</span>
        </button>
      ) : null}
      {nested && open ? <Inside site={site} found={inner} inside={inside} depth={depth + 1} /> : null}
    </li>
  );
}

/** Words that say how a value is to be taken. */
export function Marks({ found, required }: { found: Shape; required: boolean }) {
  const reader = useReader();
  return (
    <>
      {required ? <span className="text-sm text-wait">{reader.required}</span> : null}
      {found.deprecated ? <span className="text-sm text-bad">{reader.deprecated}</span> : null}
      {found.readOnly ? <span className="text-sm text-muted">{reader.readOnly}</span> : null}
      {found.writeOnly ? <span className="text-sm text-muted">{reader.writeOnly}</span> : null}
    </>
  );
}

/** How many values of an enumeration are written out. */
const MOST_VALUES = 24;
/** Longer examples stand in the sample of the whole. */
const LONGEST = 80;

const shown = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Bounds, values, default and example of a shape. */
export function Facts({ found }: { found: Shape }) {
  const reader = useReader();
  const bounds = found.limits.map((limit) => reader.limits[limit.keyword]?.(limit.value)).filter(Boolean);
  const values = found.enum ?? [];
  const example = found.example === undefined ? "" : shown(found.example);
  const preset = found.default === undefined ? "" : shown(found.default);
  return (
    <>
      {bounds.length > 0 ? <p className="text-sm text-muted [overflow-wrap:anywhere]">{bounds.join(" · ")}</p> : null}
      {values.length > 0 ? (
        <p className="text-sm text-muted">
          {`${reader.values}: `}
          {values.slice(0, MOST_VALUES).map((value, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the document does not change its order
            <code key={index} className="mr-1.5 rounded bg-sunken px-1 font-mono text-ink [overflow-wrap:anywhere]">
              {shown(value)}
            </code>
          ))}
          {values.length > MOST_VALUES ? reader.moreValues(values.length - MOST_VALUES) : null}
        </p>
      ) : null}
      {preset && preset.length <= LONGEST ? <Fact term={reader.default} value={preset} /> : null}
      {example && example.length <= LONGEST ? <Fact term={reader.example} value={example} /> : null}
    </>
  );
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <p className="text-sm text-muted">
      {`${term}: `}
      <code className="font-mono text-ink [overflow-wrap:anywhere]">{value}</code>
    </p>
  );
}
