//! What was found: refusals, which end in a problem, and notes, which are advice.

use super::survey::{Places, cut};
use super::{MOST_NOTES, Note};
use base::{Problem, ProblemKind};
use serde_json::Value;

/// The most wrong fields that one answer names.
const MOST_REFUSALS: usize = 20;
/// The most characters of the document's own text that a message repeats.
const MOST_QUOTED: usize = 80;

/// Everything found in one document.
pub(super) struct Findings {
    places: Places,
    notes: Vec<Note>,
    left_out: usize,
    refusals: Vec<(String, Option<usize>, String)>,
}

impl Findings {
    /// Nothing found yet; `places` knows the lines.
    pub(super) fn new(places: Places) -> Self {
        Self { places, notes: Vec::new(), left_out: 0, refusals: Vec::new() }
    }

    /// The line of `pointer`, or of what surrounds it.
    pub(super) fn line(&self, pointer: &str) -> Option<usize> {
        self.places.line(pointer)
    }

    /// Remarks on something that is tolerated.
    pub(super) fn note(&mut self, rule: &'static str, pointer: impl Into<String>, detail: impl Into<String>) {
        if self.notes.len() >= MOST_NOTES {
            self.left_out += 1;
            return;
        }
        let pointer = pointer.into();
        let line = self.places.line(&pointer);
        self.notes.push(Note { rule, line, pointer: cut(&pointer).to_owned(), detail: detail.into() });
    }

    /// Records something that is not tolerated. Reading goes on, to find more of it.
    pub(super) fn refuse(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        if self.refusals.len() < MOST_REFUSALS {
            let pointer = pointer.into();
            let line = self.places.line(&pointer);
            self.refusals.push((cut(&pointer).to_owned(), line, detail.into()));
        }
    }

    /// Whether so much is wrong that looking further is of no use.
    pub(super) fn is_full(&self) -> bool {
        self.refusals.len() >= MOST_REFUSALS
    }

    /// The notes, unless something was refused.
    ///
    /// # Errors
    /// 422 with every refused field.
    pub(super) fn finish(mut self) -> Result<Vec<Note>, Problem> {
        if let Some(problem) = self.problem() {
            return Err(problem);
        }
        if self.left_out > 0 {
            let detail = format!("{} more notes were left out. Mend those above and read it again.", self.left_out);
            self.notes.push(Note::general("more-notes", detail));
        }
        Ok(self.notes)
    }

    fn problem(&self) -> Option<Problem> {
        let (_, line, detail) = self.refusals.first()?;
        let detail = match self.refusals.len() {
            1 => with_line(detail, *line),
            n => format!("{} ({} more fields are wrong.)", with_line(detail, *line), n - 1),
        };
        let mut problem = Problem::new(ProblemKind::Invalid, detail);
        for (pointer, line, detail) in &self.refusals {
            problem = problem.field(pointer.clone(), with_line(detail, *line));
        }
        Some(match line {
            Some(line) => problem.with("line", *line),
            None => problem,
        })
    }
}

/// 422 at once: the document cannot be read any further.
pub(super) fn invalid(pointer: &str, line: Option<usize>, detail: &str) -> Problem {
    one(ProblemKind::Invalid, pointer, line, detail)
}

/// 400: the text is not what it should be.
pub(super) fn unreadable(pointer: &str, line: Option<usize>, detail: &str) -> Problem {
    one(ProblemKind::Unreadable, pointer, line, detail)
}

fn one(kind: ProblemKind, pointer: &str, line: Option<usize>, detail: &str) -> Problem {
    let detail = with_line(detail, line);
    let problem = Problem::new(kind, detail.clone()).field(pointer, detail);
    match line {
        Some(line) => problem.with("line", line),
        None => problem,
    }
}

fn with_line(detail: &str, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("Line {line}: {detail}"),
        None => detail.to_owned(),
    }
}

/// The document's own text as a message repeats it: short, on one line, in backquotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out: String =
        text.chars().take(MOST_QUOTED).map(|c| if c.is_control() || c == '`' { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(MOST_QUOTED).is_some() {
        out.push('…');
    }
    format!("`{out}`")
}

/// What stands in the document, for a message: its kind, and its text if it is short.
pub(super) fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(b) => format!("`{b}`"),
        Value::Number(n) => format!("the number `{n}`"),
        Value::String(s) => format!("the text {}", quoted(s)),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(members) => format!("an object of {} members", members.len()),
    }
}
