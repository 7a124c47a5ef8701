//! Text that people give: trimmed, bounded, without control characters; names without what nobody sees.

use base::{Fault, Problem};
use serde_json::Value;

/// How many characters of a long text the log keeps.
const KEPT: usize = 500;

/// Whether a character shows nothing by itself and turns, joins or parts what stands around it: with it a name would look
/// like another one. Joiners are for scripts and pictures that need them, so they are judged by what is around them.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}'
            | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// Whether there is a joiner (U+200C, U+200D) that does not stand between letters or pictures beyond ASCII.
fn has_idle_joiner(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    let is_far = |at: Option<usize>| at.and_then(|at| all.get(at)).is_some_and(|c| !c.is_ascii());
    let mut places = all.iter().enumerate().filter(|(_, c)| matches!(c, '\u{200c}' | '\u{200d}')).map(|(at, _)| at);
    places.any(|at| !is_far(at.checked_sub(1)) || !is_far(Some(at + 1)))
}

/// A name of 1 to 120 characters on one line, all of which are seen.
///
/// # Errors
/// 422 naming `pointer`.
pub fn name(pointer: &str, text: &str) -> Result<String, Problem> {
    let name = text.trim();
    let length = name.chars().count();
    if length == 0 || length > 120 || name.chars().any(char::is_control) {
        return Err(Problem::invalid(pointer, "A name has 1 to 120 characters and no line breaks.").code(Fault::Length));
    }
    if name.chars().any(is_unseen) || has_idle_joiner(name) {
        let detail = "A name has no invisible characters and none that turn the direction of writing, such as U+200B or \
                      U+202E; type it anew instead of pasting it.";
        return Err(Problem::invalid(pointer, detail).code(Fault::Format));
    }
    Ok(name.to_owned())
}

/// Prose of at most 4,000 characters; may be empty.
///
/// # Errors
/// 422 naming `pointer`.
pub fn prose(pointer: &str, text: &str) -> Result<String, Problem> {
    long(pointer, text, 4_000)
}

/// Prose of at most `most` characters; may be empty.
///
/// # Errors
/// 422 naming `pointer`.
pub fn long(pointer: &str, text: &str, most: usize) -> Result<String, Problem> {
    let prose = text.trim();
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if prose.chars().count() > most || prose.chars().any(odd) {
        return Err(Problem::invalid(pointer, format!("At most {most} characters, and no control characters."))
            .code(Fault::Length));
    }
    Ok(prose.to_owned())
}

/// A comment, if there is one.
///
/// # Errors
/// 422 naming `pointer`.
pub fn comment(pointer: &str, text: Option<&str>) -> Result<Option<String>, Problem> {
    let text = text.map(|t| prose(pointer, t)).transpose()?;
    Ok(text.filter(|t| !t.is_empty()))
}

/// A word for URLs: 1 to 60 of a-z 0-9 . _ -, beginning with a letter or digit.
///
/// # Errors
/// 422 naming `pointer`.
pub fn slug(pointer: &str, text: &str) -> Result<String, Problem> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if starts && text.len() <= 60 && text.chars().all(good) {
        return Ok(text.to_owned());
    }
    let shown: String = text.chars().take(80).collect();
    Err(Problem::invalid(
        pointer,
        format!("`{shown}` cannot stand in a URL: 1 to 60 of a-z 0-9 . _ -, a letter or digit first."),
    )
    .code(Fault::Format))
}

/// The word for URLs that is given, else the one that a name makes; nothing of a name that is wrong itself.
///
/// # Errors
/// 422 naming `pointer`.
pub fn slug_or(pointer: &str, given: Option<&str>, name: &str) -> Result<String, Problem> {
    match given {
        Some(text) => slug(pointer, text),
        None if name.is_empty() => Ok(String::new()),
        None => slug(pointer, &slug_from(name)),
    }
}

/// A word for URLs made from a name: `Identity Management` becomes `identity-management`.
pub fn slug_from(name: &str) -> String {
    let mut out = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.truncate(60);
    out.trim_matches('-').to_owned()
}

/// Adds what the log keeps of a long text: how it begins, how long it is, and a digest by which any change of it shows.
pub fn trace(facts: &mut Value, text: &str) {
    facts["text"] = text.chars().take(KEPT).collect::<String>().into();
    facts["text_bytes"] = text.len().into();
    facts["text_digest"] = base::secret::sha256([text.as_bytes()]).into();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words_for_urls() {
        assert_eq!(slug_from("Identity Management: API (v3)"), "identity-management-api-v3");
        assert!(slug("/slug", &slug_from("Ünïcode & more")).is_ok());
        for bad in ["", "-x", "a/b", "A", "a b", &"x".repeat(61)] {
            assert!(slug("/slug", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn control_characters_and_overlong_text_are_refused() {
        assert!(name("/name", "two\nlines").is_err());
        for odd in ["a\u{202e}b", "a\u{200b}b", "\u{2067}x", "a\u{200d}b", "\u{feff}x", "tag\u{e0041}"] {
            assert!(name("/name", odd).is_err(), "{odd:?}");
        }
        for good in ["Jörg Müller", "日本語 🦀", "👩\u{200d}🚀 Space", "می\u{200c}خواهم", "שלום"]
        {
            assert!(name("/name", good).is_ok(), "{good:?}");
        }
        assert!(prose("/description", "two\nlines").is_ok());
        assert!(prose("/description", "bell\u{7}").is_err());
        assert!(comment("/comment", Some("  ")).is_ok_and(|c| c.is_none()));
    }
}
