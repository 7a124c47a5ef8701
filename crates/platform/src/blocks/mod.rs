//! Markdown as a tree of blocks, for readers that build a page of their own and parse no HTML.
//!
//! **Invariant:** whoever wrote the text, the tree holds no markup and no address that could run anything: raw HTML
//! becomes text, a link leads to `http`, `https` or `mailto` or is none, a picture becomes its alternative text. A tree is
//! at most [`MOST_DEPTH`] deep and has at most as many pieces as its reader allows.

#[cfg(test)]
mod tests;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde::Serialize;
use utoipa::ToSchema;

/// How deep blocks and inlines may lie in one another; what lies deeper stands where its container would.
const MOST_DEPTH: usize = 16;
/// The most pieces of the tree of one text.
const MOST_PIECES: usize = 20_000;

/// A block of text.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(no_recursion)]
pub enum Block {
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// What it says.
        inlines: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph {
        /// What it says.
        inlines: Vec<Inline>,
    },
    /// A list.
    List {
        /// The number of the first item, if items are numbered.
        #[serde(skip_serializing_if = "Option::is_none")]
        start: Option<u64>,
        /// The blocks of each item.
        items: Vec<Vec<Block>>,
    },
    /// Code.
    Code {
        /// The code itself.
        text: String,
    },
    /// A table.
    Table {
        /// The cells of its head.
        head: Vec<Vec<Inline>>,
        /// The cells of each row.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// Words of somebody else.
    Quote {
        /// What they say.
        blocks: Vec<Block>,
    },
    /// A line between two parts.
    Rule,
}

/// A piece of a line: words, or something that is more than words.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(no_recursion)]
pub enum Inline {
    /// Words.
    Words(String),
    /// More than words.
    Mark(Mark),
}

/// A piece of a line that is more than words.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(no_recursion)]
pub enum Mark {
    /// Strong words.
    Strong {
        /// The words.
        inlines: Vec<Inline>,
    },
    /// Emphasised words.
    Emphasis {
        /// The words.
        inlines: Vec<Inline>,
    },
    /// Code.
    Code {
        /// The code itself.
        text: String,
    },
    /// A link.
    Link {
        /// An `http`, `https` or `mailto` address.
        href: String,
        /// The words that lead there.
        inlines: Vec<Inline>,
    },
    /// The end of a line.
    Break,
}

/// The tree of `text`. A text with too many pieces is one paragraph of its words as they are.
pub fn blocks(text: &str) -> Vec<Block> {
    read(text, MOST_PIECES).map_or_else(|| as_it_is(text), |(blocks, _)| blocks)
}

/// One paragraph of a text as it is.
fn as_it_is(text: &str) -> Vec<Block> {
    vec![Block::Paragraph { inlines: vec![Inline::Words(text.to_owned())] }]
}

/// The tree of `text` and how many pieces it has, unless they are more than `most`.
pub fn read(text: &str, most: usize) -> Option<(Vec<Block>, usize)> {
    let most = most.min(MOST_PIECES);
    let mut tree = Tree { open: vec![Open { frame: Frame::blocks(Container::Whole), unheld: 0 }], pieces: 0 };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        tree.take(event);
        if tree.pieces > most {
            return None;
        }
    }
    let pieces = tree.pieces;
    Some((tree.finish(), pieces))
}

/// Whether the tree says no more than the words themselves: one paragraph without any mark.
pub fn is_plain(blocks: &[Block]) -> bool {
    match blocks {
        [] => true,
        [Block::Paragraph { inlines }] => matches!(inlines.as_slice(), [] | [Inline::Words(_)]),
        _ => false,
    }
}

/// What a frame of blocks becomes.
enum Container {
    Whole,
    Quote,
    Item,
}

/// What a frame of inlines becomes.
enum Line {
    Paragraph,
    Heading(u8),
    Strong,
    Emphasis,
    Link(String),
    Cell,
}

/// Something that was begun and is not yet ended.
enum Frame {
    Blocks { container: Container, blocks: Vec<Block>, loose: Vec<Inline> },
    List { start: Option<u64>, items: Vec<Vec<Block>> },
    Line { line: Line, inlines: Vec<Inline> },
    Table { head: Vec<Vec<Inline>>, rows: Vec<Vec<Vec<Inline>>>, row: Vec<Vec<Inline>> },
    Code(String),
}

/// A frame, and how many were begun in it that it cannot hold or that would lie too deep: their content is its own.
struct Open {
    frame: Frame,
    unheld: usize,
}

impl Frame {
    fn blocks(container: Container) -> Self {
        Self::Blocks { container, blocks: Vec::new(), loose: Vec::new() }
    }

    fn line(line: Line) -> Self {
        Self::Line { line, inlines: Vec::new() }
    }

    /// How many frames must fit before words can stand in it.
    fn needs(&self) -> usize {
        if matches!(self, Self::List { .. } | Self::Table { .. }) { 2 } else { 1 }
    }
}

struct Tree {
    open: Vec<Open>,
    pieces: usize,
}

impl Tree {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.begin(tag),
            Event::End(end) => self.end(end),
            Event::Text(text) => self.text(&text),
            Event::Html(text) | Event::InlineHtml(text) if is_break(&text) => self.mark(Mark::Break),
            Event::Html(text) | Event::InlineHtml(text) if is_comment(&text) => {}
            Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => self.mark(Mark::Code { text: text.into_string() }),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.mark(Mark::Break),
            Event::Rule => self.block(Block::Rule),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => self.text(&text),
            Event::TaskListMarker(_) => {}
        }
    }

    fn begin(&mut self, tag: Tag<'_>) {
        self.pieces += 1;
        let wanted = match tag {
            Tag::Paragraph | Tag::HtmlBlock => Some(Frame::line(Line::Paragraph)),
            Tag::Heading { level, .. } => Some(Frame::line(Line::Heading(number(level)))),
            Tag::BlockQuote(_) => Some(Frame::blocks(Container::Quote)),
            Tag::List(start) => Some(Frame::List { start, items: Vec::new() }),
            Tag::Item => Some(Frame::blocks(Container::Item)),
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => Some(Frame::Code(String::new())),
            Tag::Table(_) => Some(Frame::Table { head: Vec::new(), rows: Vec::new(), row: Vec::new() }),
            Tag::TableCell => Some(Frame::line(Line::Cell)),
            Tag::Strong => Some(Frame::line(Line::Strong)),
            Tag::Emphasis | Tag::Image { .. } => Some(Frame::line(Line::Emphasis)),
            Tag::Link { dest_url, .. } if leads_out(&dest_url) => Some(Frame::line(Line::Link(dest_url.into_string()))),
            _ => None,
        };
        match wanted.filter(|frame| self.open.len() + frame.needs() <= MOST_DEPTH && self.holds(frame)) {
            Some(frame) => self.open.push(Open { frame, unheld: 0 }),
            None => self.open.last_mut().into_iter().for_each(|open| open.unheld += 1),
        }
    }

    /// Whether the frame that is open can hold this one.
    fn holds(&self, frame: &Frame) -> bool {
        let Some(around) = self.open.last() else { return false };
        match (&around.frame, frame) {
            (Frame::List { .. }, Frame::Blocks { container: Container::Item, .. }) => true,
            (Frame::Table { .. }, Frame::Line { line: Line::Cell, .. }) => true,
            (_, Frame::Blocks { container: Container::Item, .. } | Frame::Line { line: Line::Cell, .. }) => false,
            (Frame::Blocks { .. }, _) => true,
            (Frame::Line { .. }, Frame::Line { line, .. }) => !matches!(line, Line::Paragraph | Line::Heading(_)),
            _ => false,
        }
    }

    fn end(&mut self, end: TagEnd) {
        if matches!(end, TagEnd::TableHead | TagEnd::TableRow) {
            self.end_row(end == TagEnd::TableHead);
        }
        if let Some(open) = self.open.last_mut().filter(|open| open.unheld > 0) {
            open.unheld -= 1;
        } else if self.open.len() > 1 {
            self.close();
        }
    }

    fn close(&mut self) {
        match self.open.pop().map(|open| open.frame) {
            Some(Frame::Blocks { container, mut blocks, loose }) => {
                flush(&mut blocks, loose);
                match container {
                    Container::Item => match self.around() {
                        Some(Frame::List { items, .. }) => items.push(blocks),
                        _ => blocks.into_iter().for_each(|block| self.block(block)),
                    },
                    Container::Whole | Container::Quote => self.block(Block::Quote { blocks }),
                }
            }
            Some(Frame::List { start, items }) => self.block(Block::List { start, items }),
            Some(Frame::Table { head, rows, .. }) => self.block(Block::Table { head, rows }),
            Some(Frame::Code(text)) => self.block(Block::Code { text: text.trim_end_matches('\n').to_owned() }),
            Some(Frame::Line { line, inlines }) => self.end_line(line, trimmed(inlines)),
            None => {}
        }
    }

    fn end_line(&mut self, line: Line, inlines: Vec<Inline>) {
        match line {
            Line::Paragraph if inlines.is_empty() => {}
            Line::Paragraph => self.block(Block::Paragraph { inlines }),
            Line::Heading(level) => self.block(Block::Heading { level, inlines }),
            Line::Strong => self.mark(Mark::Strong { inlines }),
            Line::Emphasis => self.mark(Mark::Emphasis { inlines }),
            Line::Link(href) if inlines.is_empty() => {
                let inlines = vec![Inline::Words(href.clone())];
                self.mark(Mark::Link { href, inlines });
            }
            Line::Link(href) => self.mark(Mark::Link { href, inlines }),
            Line::Cell => {
                if let Some(Frame::Table { row, .. }) = self.around() {
                    row.push(inlines);
                }
            }
        }
    }

    fn end_row(&mut self, is_head: bool) {
        if let Some(Frame::Table { head, rows, row }) = self.around() {
            let row = std::mem::take(row);
            if is_head {
                *head = row;
            } else {
                rows.push(row);
            }
        }
    }

    /// The innermost frame.
    fn around(&mut self) -> Option<&mut Frame> {
        self.open.last_mut().map(|open| &mut open.frame)
    }

    fn block(&mut self, block: Block) {
        self.pieces += 1;
        if let Some(Frame::Blocks { blocks, loose, .. }) = self.around() {
            flush(blocks, std::mem::take(loose));
            blocks.push(block);
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(Frame::Code(code)) = self.around() {
            code.push_str(text);
            return;
        }
        if let Some(Inline::Words(before)) = self.line().and_then(|inlines| inlines.last_mut()) {
            before.push_str(text);
            return;
        }
        self.inline(Inline::Words(text.to_owned()));
    }

    fn mark(&mut self, mark: Mark) {
        self.inline(Inline::Mark(mark));
    }

    fn inline(&mut self, inline: Inline) {
        self.pieces += 1;
        if let Some(inlines) = self.line() {
            inlines.push(inline);
        }
    }

    /// Where words go now.
    fn line(&mut self) -> Option<&mut Vec<Inline>> {
        match self.around()? {
            Frame::Line { inlines, .. } => Some(inlines),
            Frame::Blocks { loose, .. } => Some(loose),
            _ => None,
        }
    }

    fn finish(mut self) -> Vec<Block> {
        while self.open.len() > 1 {
            self.close();
        }
        match self.open.pop().map(|open| open.frame) {
            Some(Frame::Blocks { mut blocks, loose, .. }) => {
                flush(&mut blocks, loose);
                blocks
            }
            _ => Vec::new(),
        }
    }
}

/// Words that stand in no paragraph, as those of a tight list, are one.
fn flush(blocks: &mut Vec<Block>, loose: Vec<Inline>) {
    let inlines = trimmed(loose);
    if !inlines.is_empty() {
        blocks.push(Block::Paragraph { inlines });
    }
}

/// Without blanks and empty lines at the end.
fn trimmed(mut inlines: Vec<Inline>) -> Vec<Inline> {
    loop {
        match inlines.last_mut() {
            Some(Inline::Words(text)) => {
                text.truncate(text.trim_end().len());
                if !text.is_empty() {
                    return inlines;
                }
            }
            Some(Inline::Mark(Mark::Break)) => {}
            _ => return inlines,
        }
        inlines.pop();
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// `<br>`, the one element that texts have because Markdown's tables have no other way to say it.
fn is_break(html: &str) -> bool {
    let inner = html.trim().strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or("");
    inner.trim_end_matches('/').trim().eq_ignore_ascii_case("br")
}

fn is_comment(html: &str) -> bool {
    let html = html.trim();
    html.starts_with("<!--") && html.ends_with("-->")
}

/// Whether an address is absolute and following it can only load a page or start a letter.
fn leads_out(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme);
    let known = |scheme: &str| ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    scheme.is_some_and(known) && !address.contains(char::is_control)
}
