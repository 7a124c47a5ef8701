import type { ReactNode } from "react";
import type { Block, Inline } from "#/client/schema";

export type { Block, Inline };

const keyed = <T,>(items: T[], draw: (item: T) => ReactNode) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: a text does not change its order
  items.map((item, index) => <Piece key={index}>{draw(item)}</Piece>);

function Piece({ children }: { children: ReactNode }) {
  return children;
}

/** The server lets no other address through; this holds even if something else brought the tree. */
const OUT = /^(https?:|mailto:)/i;

function inline(piece: Inline): ReactNode {
  if (typeof piece === "string") return piece;
  switch (piece.kind) {
    case "code":
      return <code className="rounded bg-sunken px-1 font-mono text-[0.92em]">{piece.text}</code>;
    case "strong":
      return <strong>{keyed(piece.inlines, inline)}</strong>;
    case "emphasis":
      return <em>{keyed(piece.inlines, inline)}</em>;
    case "link":
      return OUT.test(piece.href) ? (
        <a href={piece.href} rel="noreferrer noopener" target="_blank" className="text-accent underline">
          {keyed(piece.inlines, inline)}
        </a>
      ) : (
        keyed(piece.inlines, inline)
      );
    case "break":
      return <br />;
    default:
      return null;
  }
}

function block(piece: Block): ReactNode {
  switch (piece.kind) {
    case "heading":
      return <p className="mt-4 mb-1 font-semibold">{keyed(piece.inlines, inline)}</p>;
    case "paragraph":
      return <p className="my-2">{keyed(piece.inlines, inline)}</p>;
    case "code":
      return (
        <pre className="my-2 rounded-md bg-code p-3 font-mono text-sm whitespace-pre-wrap text-on-code">
          {piece.text}
        </pre>
      );
    case "quote":
      return (
        <blockquote className="my-2 border-l-3 border-line pl-4 text-muted">{keyed(piece.blocks, block)}</blockquote>
      );
    case "list":
      return typeof piece.start === "number" ? (
        <ol start={piece.start} className="my-2 list-decimal pl-6">
          {keyed(piece.items, item)}
        </ol>
      ) : (
        <ul className="my-2 list-disc pl-6">{keyed(piece.items, item)}</ul>
      );
    case "table":
      return <Table head={piece.head} rows={piece.rows} />;
    case "rule":
      return <hr className="my-4 border-line" />;
    default:
      return null;
  }
}

function Table({ head, rows }: { head: Inline[][]; rows: Inline[][][] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable without a pointer
    <div className="my-2 overflow-x-auto" tabIndex={0}>
      <table className="text-sm">
        <thead>
          <tr>
            {keyed(head, (cell) => (
              <th className="border-b border-line px-2 py-1 text-left">{keyed(cell, inline)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keyed(rows, (row) => (
            <tr>
              {keyed(row, (cell) => (
                <td className="border-b border-line px-2 py-1 align-top">{keyed(cell, inline)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function item(blocks: Block[]): ReactNode {
  return <li>{keyed(blocks, block)}</li>;
}

/** Markdown, drawn from the server's tree: no HTML is ever parsed in the browser. */
export function Text({ blocks, className = "max-w-[62ch]" }: { blocks: Block[]; className?: string }) {
  return (
    <div className={`[overflow-wrap:anywhere] [&>:first-child]:mt-0 [&>:last-child]:mb-0 ${className}`}>
      {keyed(blocks, block)}
    </div>
  );
}
