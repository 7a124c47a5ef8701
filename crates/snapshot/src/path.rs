//! Paths before matching: one spelling per path, and nothing in it that an upstream could read as another one.
//!
//! The gateway matches and forwards the same canonical text, so what was decided is what is asked for.
//! RFC 3986 section 6.2.2 (percent-encoding normalisation), section 3.3 (segments).

use std::borrow::Cow;
use std::fmt::Write as _;

/// Why a path is refused before anything is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFault {
    /// It does not begin with a slash.
    NotAbsolute,
    /// A percent sign that two hexadecimal digits do not follow.
    BadEscape,
    /// `.` or `..` as a segment, also when written as `%2e`, behind an encoded slash or in front of `;`.
    DotSegment,
    /// Two slashes in a row.
    EmptySegment,
    /// A backslash, which some upstreams read as a slash.
    Backslash,
    /// A control character, also a percent-encoded one.
    Control,
}

impl PathFault {
    /// What is wrong and how to mend it, for the caller.
    pub const fn detail(self) -> &'static str {
        match self {
            Self::NotAbsolute => "The path must begin with a slash.",
            Self::BadEscape => "The path has a percent sign that two hexadecimal digits do not follow; write %25.",
            Self::DotSegment => "The path has a `.` or `..` segment; send the path that it stands for.",
            Self::EmptySegment => "The path has two slashes in a row; send one.",
            Self::Backslash => "The path has a backslash; write %5C if it is meant.",
            Self::Control => "The path has a control character.",
        }
    }
}

/// The canonical spelling of a path: unreserved characters decoded, every other escape in upper case, characters
/// that a path may not carry encoded. Encoded slashes stay encoded. Canonical text is its own canonical spelling.
///
/// # Errors
/// [`PathFault`] for paths that an upstream could understand differently.
pub fn normalise(raw: &str) -> Result<Cow<'_, str>, PathFault> {
    if !raw.starts_with('/') {
        return Err(PathFault::NotAbsolute);
    }
    if is_plain(raw.as_bytes()) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len() + 8);
    let mut segments = raw[1..].split('/').peekable();
    while let Some(segment) = segments.next() {
        out.push('/');
        let start = out.len();
        push_segment(&mut out, segment)?;
        if out.len() == start && segments.peek().is_some() {
            return Err(PathFault::EmptySegment);
        }
        if has_dots(&out[start..]) {
            return Err(PathFault::DotSegment);
        }
    }
    Ok(Cow::Owned(out))
}

/// Whether nothing needs to be done: only characters that a path may carry, no escapes, no dots at the start of a
/// segment, no empty segments, and no `;` whose front part might be dots.
fn is_plain(bytes: &[u8]) -> bool {
    let mut before = 0u8;
    for &byte in bytes {
        let fine = match byte {
            b'/' | b'.' => before != b'/',
            _ => is_path_byte(byte),
        };
        if !fine {
            return false;
        }
        before = byte;
    }
    true
}

/// `unreserved` of RFC 3986.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// `pchar` of RFC 3986 without the percent sign.
const fn is_path_byte(byte: u8) -> bool {
    is_unreserved(byte)
        || matches!(byte, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@')
}

/// Appends one segment in its canonical spelling.
pub(crate) fn push_segment(out: &mut String, segment: &str) -> Result<(), PathFault> {
    let bytes = segment.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let (byte, escaped, width) = match bytes[i] {
            b'%' => (escape_at(bytes, i)?, true, 3),
            b'\\' => return Err(PathFault::Backslash),
            other => (other, false, 1),
        };
        i += width;
        if byte < 0x20 || byte == 0x7f {
            return Err(PathFault::Control);
        }
        if is_unreserved(byte) || (!escaped && is_path_byte(byte)) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    Ok(())
}

fn escape_at(bytes: &[u8], at: usize) -> Result<u8, PathFault> {
    let digit = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16)).ok_or(PathFault::BadEscape);
    let value = digit(at + 1)? * 16 + digit(at + 2)?;
    u8::try_from(value).map_err(|_| PathFault::BadEscape)
}

/// Whether a canonical segment hides a dot segment from an upstream that decodes slashes or drops `;parameters`.
fn has_dots(segment: &str) -> bool {
    if !segment.contains('.') {
        return false;
    }
    let mut rest = segment;
    loop {
        let cut = [rest.find("%2F"), rest.find("%5C")].into_iter().flatten().min();
        let part = &rest[..cut.unwrap_or(rest.len())];
        let bare = part.split(';').next().unwrap_or(part).split("%3B").next().unwrap_or(part);
        if bare == "." || bare == ".." {
            return true;
        }
        match cut {
            Some(at) => rest = &rest[at + 3..],
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_gets_one_spelling() {
        for (raw, canonical) in [
            ("/", "/"),
            ("/a/b", "/a/b"),
            ("/a/", "/a/"),
            ("/%41%7e%2D", "/A~-"),
            ("/a%2fb", "/a%2Fb"),
            ("/a%2Fb%3a", "/a%2Fb%3A"),
            ("/%e2%82%ac", "/%E2%82%AC"),
            ("/€", "/%E2%82%AC"),
            ("/a|b^[]", "/a%7Cb%5E%5B%5D"),
            ("/.well-known/x", "/.well-known/x"),
            ("/...", "/..."),
            ("/v1.0/x;y=1", "/v1.0/x;y=1"),
            ("/%252e%252e/x", "/%252e%252e/x"),
        ] {
            assert_eq!(normalise(raw).as_deref(), Ok(canonical), "{raw}");
            assert_eq!(normalise(canonical).as_deref(), Ok(canonical), "{canonical} again");
        }
    }

    #[test]
    fn nothing_climbs_out() {
        for raw in [
            "/a/../b",
            "/..",
            "/.",
            "/a/./b",
            "/a/%2e%2e/b",
            "/a/.%2e",
            "/%2E",
            "/a/..;x=1/b",
            "/a/..%3bx/b",
            "/a/..%2fb",
            "/a%2f..%2fb",
            "/a%2F%2e%2e",
            "/a/..%5cb",
            "/a%5c..",
            "/;/../a",
        ] {
            assert_eq!(normalise(raw), Err(PathFault::DotSegment), "{raw}");
        }
    }

    #[test]
    fn ambiguous_paths_are_refused_with_their_cause() {
        assert_eq!(normalise("a"), Err(PathFault::NotAbsolute));
        assert_eq!(normalise("//a"), Err(PathFault::EmptySegment));
        assert_eq!(normalise("/a//b"), Err(PathFault::EmptySegment));
        assert_eq!(normalise("/a//"), Err(PathFault::EmptySegment));
        assert_eq!(normalise("/a\\b"), Err(PathFault::Backslash));
        assert_eq!(normalise("/a%0d%0ab"), Err(PathFault::Control));
        assert_eq!(normalise("/a%00"), Err(PathFault::Control));
        for raw in ["/%", "/%4", "/%zz", "/%+1"] {
            assert_eq!(normalise(raw), Err(PathFault::BadEscape), "{raw}");
        }
    }
}
