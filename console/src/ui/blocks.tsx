import type { ReactNode } from "react";

/** Text that people wrote in Markdown, as the server took it apart. Nothing of it can be markup here. */
export type Inline = { kind: string; text?: string; href?: string; children?: Inline[] };
export type Block = {
  kind: string;
  level?: number;
  ordered?: boolean;
  text?: string;
  inlines?: Inline[];
  children?: Block[];
  items?: Block[][];
  head?: Inline[][];
  rows?: Inline[][][];
};

const keyed = <T,>(items: T[] | undefined, draw: (item: T) => ReactNode) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: a text does not change its order
  (items ?? []).map((item, index) => <Piece key={index}>{draw(item)}</Piece>);

function Piece({ children }: { children: ReactNode }) {
  return children;
}

function inline(piece: Inline): ReactNode {
  switch (piece.kind) {
    case "code":
      return <code className="rounded bg-sunken px-1 font-mono text-[0.92em]">{piece.text}</code>;
    case "strong":
      return <strong>{keyed(piece.children, inline)}</strong>;
    case "emphasis":
      return <em>{keyed(piece.children, inline)}</em>;
    case "link":
      return (
        <a href={piece.href} rel="noreferrer noopener" target="_blank" className="text-accent underline">
          {keyed(piece.children, inline)}
        </a>
      );
    case "break":
      return <br />;
    default:
      return piece.text;
  }
}

function block(piece: Block): ReactNode {
  switch (piece.kind) {
    case "heading":
      return <p className="mt-4 mb-1 font-semibold">{keyed(piece.inlines, inline)}</p>;
    case "code":
      return (
        <pre className="my-2 overflow-x-auto rounded-md bg-code p-3 font-mono text-sm text-on-code">{piece.text}</pre>
      );
    case "quote":
      return (
        <blockquote className="my-2 border-l-3 border-line pl-4 text-muted">{keyed(piece.children, block)}</blockquote>
      );
    case "list":
      return piece.ordered ? (
        <ol className="my-2 list-decimal pl-6">{keyed(piece.items, item)}</ol>
      ) : (
        <ul className="my-2 list-disc pl-6">{keyed(piece.items, item)}</ul>
      );
    case "table":
      return (
        <div className="my-2 overflow-x-auto">
          <table className="text-sm">
            <thead>
              <tr>
                {keyed(piece.head, (cell) => (
                  <th className="border-b border-line px-2 py-1 text-left">{keyed(cell, inline)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {keyed(piece.rows, (row) => (
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
    case "rule":
      return <hr className="my-4 border-line" />;
    default:
      return <p className="my-2">{keyed(piece.inlines, inline)}</p>;
  }
}

function item(blocks: Block[]): ReactNode {
  return <li>{keyed(blocks, block)}</li>;
}

/** Markdown, drawn from the server's tree: no HTML is ever parsed in the browser. */
export function Text({ blocks }: { blocks: Block[] }) {
  return <div className="max-w-[62ch] [overflow-wrap:anywhere]">{keyed(blocks, block)}</div>;
}
