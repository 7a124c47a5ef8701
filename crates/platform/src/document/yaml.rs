//! YAML: the events of `granit-parser` to one JSON value.
//!
//! Built from events rather than through serde, because that keeps the line of everything, keeps `1.10` where a text is
//! wanted, and counts what aliases expand to before it is built (a "billion laughs" document ends at the limit).
//! Aliases are copied, merge keys (`<<`) are applied, tags other than the core ones are passed over.

use super::survey::{MOST_COPIED, Survey, Weight, cut, too_deep};
use super::{MOST_DEPTH, finding, scalar};
use base::Problem;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, Tag};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Places whose plain scalars are texts though they look like numbers.
const TEXTS: [&str; 3] = ["/info/version", "/openapi", "/swagger"];

/// The value, and where everything in it stands.
///
/// # Errors
/// 400 if it is not one YAML document, 422 if it exceeds a limit.
pub(super) fn parse(text: &str) -> Result<(Value, Survey), Problem> {
    let mut tree = Tree::default();
    let options = granit_parser::options! { flow_nesting_limit: 2 * MOST_DEPTH, block_nesting_limit: 2 * MOST_DEPTH };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|e| refusal(&e, tree.survey.pointer()))?;
        tree.event(event, &span)?;
    }
    match tree.root.take() {
        Some(value) if tree.open.is_empty() => Ok((value, tree.survey)),
        _ => Err(finding::unreadable("", None, "The document is empty. Send an OpenAPI document as JSON or YAML.")),
    }
}

fn refusal(e: &ScanError, pointer: &str) -> Problem {
    if matches!(e.kind(), ErrorKind::RecursionLimitExceeded) {
        return finding::invalid(cut(pointer), Some(e.marker().line()), &too_deep());
    }
    let pointer = cut(pointer);
    let place = if pointer.is_empty() { "at the top".to_owned() } else { format!("near {}", finding::quoted(pointer)) };
    let (line, column) = (e.marker().line(), e.marker().col() + 1);
    let detail = format!("The text is not YAML at column {column}, {place}: {}. Mend it there.", e.info());
    finding::unreadable(pointer, Some(line), &detail)
}

/// An open mapping or sequence.
struct Open {
    anchor: usize,
    line: usize,
    content: Content,
}

enum Content {
    Mapping { members: Map<String, Value>, name: Option<Name>, merged: Vec<Map<String, Value>> },
    Sequence(Vec<Value>),
}

enum Name {
    Member(String),
    Merge,
}

#[derive(Default)]
struct Tree {
    root: Option<Value>,
    open: Vec<Open>,
    anchors: HashMap<usize, (Value, Weight)>,
    copied: usize,
    survey: Survey,
}

impl Tree {
    fn event(&mut self, event: Event<'_>, span: &Span) -> Result<(), Problem> {
        let line = span.start.line().max(1);
        match event {
            Event::DocumentStart(..) if self.root.is_some() => Err(finding::unreadable(
                "",
                Some(line),
                "A second YAML document begins here. Send one document at a time, without a further `---`.",
            )),
            Event::MappingStart(_, anchor, _) => {
                let members = Map::new();
                self.begin(anchor, line, Content::Mapping { members, name: None, merged: Vec::new() })
            }
            Event::SequenceStart(_, anchor, _) => self.begin(anchor, line, Content::Sequence(Vec::new())),
            Event::MappingEnd | Event::SequenceEnd => self.end(),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), line),
            Event::Alias(anchor) => self.alias(anchor, line),
            _ => Ok(()),
        }
    }

    /// A value begins: in a sequence it gets its place; in a mapping without a name it would be one.
    fn value(&mut self, line: usize) -> Result<(), Problem> {
        self.survey.count(1, line)?;
        match self.open.last().map(|open| &open.content) {
            Some(Content::Sequence(items)) => self.survey.item(items.len(), line),
            Some(Content::Mapping { name: None, .. }) => {
                let detail = "A mapping or sequence serves as a name. Use a text as the name.";
                return Err(finding::unreadable(cut(self.survey.pointer()), Some(line), detail));
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, anchor: usize, line: usize, content: Content) -> Result<(), Problem> {
        self.value(line)?;
        self.survey.enter(line)?;
        self.open.push(Open { anchor, line, content });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Problem> {
        let Some(Open { anchor, line, content }) = self.open.pop() else { return Ok(()) };
        self.survey.leave();
        let value = match content {
            Content::Sequence(items) => Value::Array(items),
            Content::Mapping { mut members, merged, .. } => {
                for (name, value) in merged.into_iter().flatten() {
                    members.entry(name).or_insert(value);
                }
                Value::Object(members)
            }
        };
        self.complete(value, anchor, line)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        line: usize,
    ) -> Result<(), Problem> {
        if let Some(Open { content: Content::Mapping { name: slot @ None, .. }, .. }) = self.open.last_mut() {
            if style == ScalarStyle::Plain && text == "<<" {
                *slot = Some(Name::Merge);
                return Ok(());
            }
            if anchor != 0 {
                self.keep(anchor, &Value::String(text.to_owned()), line)?;
            }
            return self.name(text, line);
        }
        self.value(line)?;
        let value = match tag.and_then(Tag::core_suffix) {
            Some("str" | "binary" | "timestamp") => Value::String(text.to_owned()),
            Some(_) => scalar::plain(text),
            None if style != ScalarStyle::Plain || TEXTS.contains(&self.survey.pointer()) => {
                if style == ScalarStyle::Plain && scalar::plain(text).is_null() {
                    Value::Null
                } else {
                    Value::String(text.to_owned())
                }
            }
            None => scalar::plain(text),
        };
        self.complete(value, anchor, line)
    }

    /// The next member of the innermost mapping is called this.
    fn name(&mut self, text: &str, line: usize) -> Result<(), Problem> {
        self.survey.member(text, line)?;
        if let Some(Open { content: Content::Mapping { members, name, .. }, .. }) = self.open.last_mut() {
            if members.contains_key(text) {
                self.survey.repeat();
            }
            *name = Some(Name::Member(text.to_owned()));
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, line: usize) -> Result<(), Problem> {
        let Some((value, weight)) = self.anchors.get(&anchor) else {
            let detail =
                "An alias stands inside of what it names, without end. Use `$ref` for a schema that contains itself.";
            return Err(finding::unreadable(cut(self.survey.pointer()), Some(line), detail));
        };
        let (weight, names) = (*weight, self.open.last().map(|open| &open.content));
        if let Some(Content::Mapping { name: None, .. }) = names
            && let Some(text) = as_name(value)
        {
            return self.name(&text, line);
        }
        // The budget is spent before the copy is made.
        self.survey.fits(weight.height, line)?;
        self.spend(weight, line)?;
        let value = self.anchors.get(&anchor).map(|(value, _)| value.clone()).unwrap_or_default();
        self.value(line)?;
        self.complete(value, 0, line)
    }

    /// A value is whole: it goes where it belongs.
    fn complete(&mut self, value: Value, anchor: usize, line: usize) -> Result<(), Problem> {
        if anchor != 0 {
            self.keep(anchor, &value, line)?;
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(value),
            Some(Content::Sequence(items)) => items.push(value),
            Some(Content::Mapping { members, name, merged }) => match name.take() {
                Some(Name::Member(name)) => {
                    members.insert(name, value);
                }
                Some(Name::Merge) => return merge(merged, value, self.survey.pointer(), line),
                None => {}
            },
        }
        Ok(())
    }

    /// Keeps what an anchor names. The copy counts like any other value.
    fn keep(&mut self, anchor: usize, value: &Value, line: usize) -> Result<(), Problem> {
        let weight = Weight::of(value);
        self.spend(weight, line)?;
        self.anchors.insert(anchor, (value.clone(), weight));
        Ok(())
    }

    fn spend(&mut self, weight: Weight, line: usize) -> Result<(), Problem> {
        self.survey.count(weight.nodes, line)?;
        self.copied = self.copied.saturating_add(weight.bytes);
        if self.copied <= MOST_COPIED {
            return Ok(());
        }
        let detail = format!("Aliases expand to more than {MOST_COPIED} bytes. Use `$ref` in place of aliases.");
        Err(finding::invalid(cut(self.survey.pointer()), Some(line), &detail))
    }
}

/// Takes the value of a merge key (`<<`): a mapping or a sequence of mappings, earlier ones first.
fn merge(merged: &mut Vec<Map<String, Value>>, value: Value, pointer: &str, line: usize) -> Result<(), Problem> {
    let values = match value {
        Value::Array(items) => items,
        other => vec![other],
    };
    for value in values {
        match value {
            Value::Object(members) => merged.push(members),
            Value::Null => {}
            other => {
                let seen = finding::described(&other);
                let detail =
                    format!("`<<` takes a mapping, but has {seen}. Write `<<: *name` with the name of a mapping.");
                return Err(finding::unreadable(cut(pointer), Some(line), &detail));
            }
        }
    }
    Ok(())
}

fn as_name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
