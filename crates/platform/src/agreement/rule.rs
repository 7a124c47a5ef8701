//! What makes a legal text acceptable.

use crate::text;
use base::{Fault, Problem};

/// The longest text, in characters.
pub const LONGEST_TEXT: usize = 100_000;

/// The largest body that carries such a text, in bytes: as many characters of four bytes, and room for the rest.
pub const MOST_BODY: usize = 4 * LONGEST_TEXT + 64 * 1024;

/// The text, which must say something. Its Markdown is kept as it is.
///
/// # Errors
/// 422 naming `/text`.
pub fn text(given: &str) -> Result<String, Problem> {
    let text = text::long("/text", given, LONGEST_TEXT)?;
    if text.is_empty() {
        return Err(
            Problem::invalid("/text", "An agreement needs a text of 1 to 100000 characters.").code(Fault::Length)
        );
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A18
    #[test]
    fn an_agreement_says_something_within_bounds_and_keeps_its_markdown() {
        let markdown = "# Terms\n\n1. Be *kind*.\r\n\t<b>x</b>";
        assert_eq!(text(markdown).as_deref().ok(), Some(markdown));
        assert!(text(&"§".repeat(LONGEST_TEXT)).is_ok());
        for bad in ["", "  \n ", "bell\u{7}", &"x".repeat(LONGEST_TEXT + 1)] {
            assert!(text(bad).is_err_and(|p| p.fields[0].pointer == "/text"));
        }
    }
}
