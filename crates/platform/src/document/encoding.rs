//! Bytes to text, and which of the two formats the text is in.

use super::{Format, MOST_BYTES, finding};
use base::{Problem, ProblemKind};

/// The text without its byte order mark.
///
/// # Errors
/// 413 if it is too large; 400 if it is empty or not UTF-8.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Problem> {
    if bytes.len() > MOST_BYTES {
        let detail = format!(
            "The document has {} bytes; at most {MOST_BYTES} are read. Leave out examples, or divide it into several APIs.",
            bytes.len()
        );
        return Err(Problem::new(ProblemKind::TooLarge, detail));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return Err(finding::unreadable("", Some(1), "The document is in UTF-16. Save it as UTF-8."));
    }
    if bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"PK\x03\x04") {
        return Err(finding::unreadable("", Some(1), "The document is compressed. Send the text inside."));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let good = e.valid_up_to();
        let line = 1 + bytes[..good].iter().filter(|&&b| b == b'\n').count();
        let byte = bytes.get(good).copied().unwrap_or_default();
        let detail = format!("Byte {good} (0x{byte:02x}) is not UTF-8. Save the document as UTF-8.");
        finding::unreadable("", Some(line), &detail)
    })?;
    if text.trim().is_empty() {
        return Err(finding::unreadable("", None, "The document is empty. Send an OpenAPI document as JSON or YAML."));
    }
    Ok(text)
}

/// Which format the text is in.
///
/// # Errors
/// 400 if it is plainly neither, such as an HTML page that was saved instead of the document.
pub(super) fn format(text: &str) -> Result<Format, Problem> {
    let mut rest = text.trim_start().chars();
    match rest.next() {
        // YAML has `{` too, but there names go without quotes.
        Some('{') => {
            let inner = rest.as_str().trim_start();
            let json = inner.is_empty() || inner.starts_with(['"', '}']);
            Ok(if json { Format::Json } else { Format::Yaml })
        }
        Some('[') => Ok(Format::Json),
        Some('<') => Err(finding::unreadable(
            "",
            Some(1),
            "The text begins with `<`: it is HTML or XML. Download the document itself (often the \"raw\" link).",
        )),
        _ => Ok(Format::Yaml),
    }
}
