//! JSON: one pass that counts, keeps lines and finds repeated names, then `serde_json`.
//!
//! The pass comes first so that a document beyond the limits costs no memory. It reads loosely: where the text is not
//! JSON it stops, and `serde_json`, which is strict, says what is wrong.

use super::finding;
use super::survey::{Survey, cut};
use base::Problem;
use serde_json::Value;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// The value, and where everything in it stands.
///
/// # Errors
/// 400 if it is not JSON, 422 if it exceeds a limit.
pub(super) fn parse(text: &str) -> Result<(Value, Survey), Problem> {
    let survey = pass(text)?;
    match serde_json::from_str(text) {
        Ok(value) => Ok((value, survey)),
        // The pass read on behind the mistake; up to it, it knows the place.
        Err(e) => Err(refusal(&e, pass(&text[..offset(text, &e)])?.pointer())),
    }
}

fn pass(text: &str) -> Result<Survey, Problem> {
    let mut pass =
        Pass { text, at: 0, line: 1, open: Vec::new(), hasher: RandomState::new(), survey: Survey::default() };
    while pass.token()? {}
    Ok(pass.survey)
}

/// The byte at which `serde_json` stopped.
fn offset(text: &str, e: &serde_json::Error) -> usize {
    let start = match e.line().checked_sub(2) {
        Some(nth) => text.match_indices('\n').nth(nth).map_or(text.len(), |(at, _)| at + 1),
        None => 0,
    };
    text.floor_char_boundary(start.saturating_add(e.column()))
}

fn refusal(e: &serde_json::Error, pointer: &str) -> Problem {
    let pointer = cut(pointer);
    let place = if pointer.is_empty() { "at the top".to_owned() } else { format!("near {}", finding::quoted(pointer)) };
    let detail = if e.is_eof() {
        format!("The JSON ends too early, {place}: something that was opened is never closed. Send the whole document.")
    } else {
        let reason = e.to_string();
        let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
        format!("The text is not JSON at column {}, {place}: {reason}. Mend it there.", e.column())
    };
    finding::unreadable(pointer, Some(e.line()), &detail)
}

/// An open object or list.
struct Open {
    /// For an object, the digests of its names so far.
    names: Option<HashSet<u64>>,
    /// For a list, the place of the next item.
    index: usize,
    /// Whether a name must come next.
    wants_name: bool,
}

struct Pass<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    open: Vec<Open>,
    hasher: RandomState,
    survey: Survey,
}

impl Pass<'_> {
    /// Reads one token; `false` at the end, or where the text is not JSON.
    fn token(&mut self) -> Result<bool, Problem> {
        let Some(&byte) = self.text.as_bytes().get(self.at) else { return Ok(false) };
        self.at += 1;
        match byte {
            b'\n' => self.line += 1,
            b' ' | b'\r' | b'\t' | b':' => {}
            b'{' | b'[' => {
                self.value()?;
                self.survey.enter(self.line)?;
                let object = byte == b'{';
                self.open.push(Open { names: object.then(HashSet::new), index: 0, wants_name: object });
            }
            b'}' | b']' => {
                if self.open.pop().is_none() {
                    return Ok(false);
                }
                self.survey.leave();
            }
            b',' => match self.open.last_mut() {
                Some(open) => open.wants_name = open.names.is_some(),
                None => return Ok(false),
            },
            b'"' => return self.text(),
            _ => {
                self.value()?;
                let rest = &self.text.as_bytes()[self.at..];
                self.at += rest
                    .iter()
                    .position(|b| {
                        matches!(b, b',' | b'}' | b']' | b'{' | b'[' | b':' | b'"') || b.is_ascii_whitespace()
                    })
                    .unwrap_or(rest.len());
            }
        }
        Ok(true)
    }

    /// A text, whose opening quote has been read: a name or a value.
    fn text(&mut self) -> Result<bool, Problem> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                None => return Ok(false),
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(b'\n') => {
                    // Not allowed in JSON, but counted for the sake of what is said about it.
                    self.line += 1;
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
        let raw = &self.text[start - 1..=self.at];
        self.at += 1;
        match self.open.last_mut() {
            Some(open) if open.wants_name => {
                open.wants_name = false;
                let name: std::borrow::Cow<'_, str> = if raw.contains('\\') {
                    let Ok(name) = serde_json::from_str::<String>(raw) else { return Ok(false) };
                    name.into()
                } else {
                    raw[1..raw.len() - 1].into()
                };
                let fresh = open.names.as_mut().is_none_or(|names| names.insert(self.hasher.hash_one(&*name)));
                self.survey.member(&name, self.line)?;
                if !fresh {
                    self.survey.repeat();
                }
            }
            _ => self.value()?,
        }
        Ok(true)
    }

    /// A value begins.
    fn value(&mut self) -> Result<(), Problem> {
        self.survey.count(1, self.line)?;
        if let Some(open) = self.open.last_mut()
            && open.names.is_none()
        {
            self.survey.item(open.index, self.line);
            open.index += 1;
        }
        Ok(())
    }
}
