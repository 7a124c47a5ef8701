//! Path templates of a document, compiled so that a call finds its operation in one walk.
//!
//! **Order:** from left to right, a literal segment beats a mixed one (`{name}.json`), which beats a parameter; among
//! mixed ones the one with more literal characters wins. A parameter takes one whole segment or part, never nothing.

use crate::path;
use std::cmp::Reverse;

/// One path of the document with the operations on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathItem {
    /// The template as the document writes it.
    pub template: String,
    /// The methods in upper case.
    pub methods: Vec<String>,
    /// For each method its text as a number, and the operation's place in the publication's list.
    operations: Vec<(u128, u32)>,
}

/// The length and the first fifteen bytes of a method as a number: all of it, for every usual method.
fn method_number(method: &str) -> u128 {
    let mut bytes = [0; 16];
    let count = method.len().min(15);
    bytes[..count].copy_from_slice(&method.as_bytes()[..count]);
    bytes[15] = u8::try_from(method.len()).unwrap_or(u8::MAX);
    u128::from_be_bytes(bytes)
}

impl PathItem {
    /// The operation for a method. `HEAD` is answered by `GET` where the document does not name it (RFC 9110 9.3.2).
    pub fn operation(&self, method: &str) -> Option<u32> {
        let named = |name: &str| {
            let number = method_number(name);
            // Longer methods may share their number.
            let is = |at: usize| self.operations[at].0 == number && (name.len() <= 15 || self.methods[at] == name);
            (0..self.operations.len()).find(|at| is(*at)).map(|at| self.operations[at].1)
        };
        named(method).or_else(|| if method == "HEAD" { named("GET") } else { None })
    }
}

/// A part of a mixed segment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Text(String),
    Any,
}

/// One segment of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Mixed(Vec<Part>),
    Any,
}

/// A literal segment, ordered by its text. The first bytes stand beside the pointer, so that a search seldom follows
/// it: documents have hundreds of segments, and each pointer followed is a cache miss.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Literal {
    first: u64,
    text: Box<str>,
}

/// The first eight bytes as a number that sorts like the text. No canonical path has a zero byte.
fn first_bytes(text: &str) -> u64 {
    let mut bytes = [0; 8];
    let count = text.len().min(8);
    bytes[..count].copy_from_slice(&text.as_bytes()[..count]);
    u64::from_be_bytes(bytes)
}

#[derive(Clone, Debug, Default)]
struct Node {
    /// Sorted; each leads to the node at the same place in `behind`.
    literals: Vec<Literal>,
    behind: Vec<Node>,
    /// Sorted: more literal characters first.
    mixed: Vec<(Vec<Part>, Node)>,
    any: Option<Box<Node>>,
    item: Option<u32>,
}

/// All templates of one publication.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    root: Node,
    items: Vec<PathItem>,
}

impl Templates {
    /// Adds an operation. Of two with the same method on the same shape of path the first stays.
    ///
    /// # Errors
    /// Says why no call could ever match the template.
    pub fn add(&mut self, template: &str, method: &str, operation: u32) -> Result<(), String> {
        let segments = compile(template)?;
        let mut node = &mut self.root;
        for segment in segments {
            node = node.child(segment);
        }
        let index = match node.item {
            Some(index) => index,
            None => {
                let index = u32::try_from(self.items.len()).map_err(|_| "too many paths".to_owned())?;
                self.items.push(PathItem {
                    template: template.to_owned(),
                    methods: Vec::new(),
                    operations: Vec::new(),
                });
                node.item = Some(index);
                index
            }
        };
        let item = &mut self.items[index as usize];
        if item.methods.iter().any(|m| m == method) {
            return Err(format!("`{method} {template}` has the same shape as `{method} {}`", item.template));
        }
        item.methods.push(method.to_owned());
        item.operations.push((method_number(method), operation));
        Ok(())
    }

    /// The path item that a canonical path (see [`path::normalise`]) belongs to.
    pub fn find(&self, path: &str) -> Option<&PathItem> {
        let rest = path.strip_prefix('/')?;
        self.root.find(Some(rest)).map(|index| &self.items[index as usize])
    }
}

impl Node {
    fn child(&mut self, segment: Segment) -> &mut Self {
        match segment {
            Segment::Literal(text) => {
                let literal = Literal { first: first_bytes(&text), text: text.into() };
                let at = match self.literals.binary_search(&literal) {
                    Ok(at) => at,
                    Err(at) => {
                        self.literals.insert(at, literal);
                        self.behind.insert(at, Self::default());
                        at
                    }
                };
                &mut self.behind[at]
            }
            Segment::Mixed(parts) => {
                let key = |p: &Vec<Part>| (Reverse(literal_length(p)), p.clone());
                let at = match self.mixed.binary_search_by(|(p, _)| key(p).cmp(&key(&parts))) {
                    Ok(at) => at,
                    Err(at) => {
                        self.mixed.insert(at, (parts, Self::default()));
                        at
                    }
                };
                &mut self.mixed[at].1
            }
            Segment::Any => self.any.get_or_insert_default(),
        }
    }

    /// `rest` is what follows the slash; `None` when the path has ended. Each node is visited at most once, since
    /// its depth fixes how much of the path it sees: no document makes this exponential.
    fn find(&self, rest: Option<&str>) -> Option<u32> {
        let Some(rest) = rest else { return self.item };
        let (segment, after) = match rest.split_once('/') {
            Some((segment, after)) => (segment, Some(after)),
            None => (rest, None),
        };
        let first = first_bytes(segment);
        if let Ok(at) = self.literals.binary_search_by(|l| l.first.cmp(&first).then_with(|| (*l.text).cmp(segment)))
            && let Some(found) = self.behind[at].find(after)
        {
            return Some(found);
        }
        if segment.is_empty() {
            return None;
        }
        self.mixed
            .iter()
            .filter(|(parts, _)| fits(parts, segment))
            .find_map(|(_, node)| node.find(after))
            .or_else(|| self.any.as_ref()?.find(after))
    }
}

fn literal_length(parts: &[Part]) -> usize {
    parts.iter().map(|p| if let Part::Text(t) = p { t.len() } else { 0 }).sum()
}

/// Whether a segment fits the parts; every parameter takes at least one character.
///
/// Greedy from the left with the last text anchored at the end: linear, so no segment makes it slow.
fn fits(parts: &[Part], segment: &str) -> bool {
    let mut rest = segment;
    let mut owed = 0usize;
    for (i, part) in parts.iter().enumerate() {
        match part {
            Part::Any => owed += 1,
            Part::Text(text) => {
                let found = if owed == 0 {
                    rest.starts_with(text.as_str()).then_some(0)
                } else if i + 1 == parts.len() {
                    rest.strip_suffix(text.as_str()).map(str::len).filter(|at| *at >= owed)
                } else {
                    rest.get(owed..).and_then(|tail| tail.find(text.as_str())).map(|at| at + owed)
                };
                let Some(at) = found else { return false };
                rest = &rest[at + text.len()..];
                owed = 0;
            }
        }
    }
    if owed == 0 { rest.is_empty() } else { rest.len() >= owed }
}

fn compile(template: &str) -> Result<Vec<Segment>, String> {
    let bare = template.split(['?', '#']).next().unwrap_or(template);
    let rest = bare.strip_prefix('/').ok_or_else(|| format!("`{template}` does not begin with a slash"))?;
    let texts: Vec<&str> = rest.split('/').collect();
    let last = texts.len() - 1;
    let mut segments = Vec::with_capacity(texts.len());
    for (i, text) in texts.iter().enumerate() {
        if text.is_empty() && i != last {
            return Err(format!("`{template}` has two slashes in a row"));
        }
        if matches!(*text, "." | "..") {
            return Err(format!("`{template}` has a `.` or `..` segment"));
        }
        segments.push(segment(text).map_err(|why| format!("`{template}`: {why}"))?);
    }
    Ok(segments)
}

fn segment(text: &str) -> Result<Segment, &'static str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, inside, after)) = parameter(rest) {
        push_text(&mut parts, before)?;
        if inside.is_empty() {
            return Err("a parameter has no name");
        }
        parts.push(Part::Any);
        rest = after;
    }
    push_text(&mut parts, rest)?;
    Ok(match parts.as_slice() {
        [] => Segment::Literal(String::new()),
        [Part::Any] => Segment::Any,
        [Part::Text(text)] => Segment::Literal(text.clone()),
        _ => Segment::Mixed(parts),
    })
}

/// Splits at the first `{name}`.
fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('{')?;
    let close = open + text[open..].find('}')?;
    Some((&text[..open], &text[open + 1..close], &text[close + 1..]))
}

fn push_text(parts: &mut Vec<Part>, text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Ok(());
    }
    let mut canonical = String::with_capacity(text.len());
    path::push_segment(&mut canonical, text).map_err(path::PathFault::detail)?;
    parts.push(Part::Text(canonical));
    Ok(())
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
