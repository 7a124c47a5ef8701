//! Chunked bodies, byte by byte but for the data itself (RFC 9112 section 7.1).

use super::head::MOST_FIELDS;
use super::{Violation, field};

/// The longest size line, its extension included.
const LONGEST_SIZE_LINE: usize = 256;
/// The longest trailer.
const LONGEST_TRAILER: usize = 16 * 1024;

/// Where in a chunked body the next byte stands.
#[derive(Debug)]
pub(super) enum Chunked {
    /// In a size line, of which this much was read.
    Size(Vec<u8>),
    /// In data, of which this much is missing.
    Data(u64),
    /// In the CR LF behind data; how much of it was read.
    DataEnd(u8),
    /// In the trailer: the line so far, and bytes and lines before it.
    Trailer(Vec<u8>, usize, usize),
}

impl Chunked {
    pub(super) fn new() -> Self {
        Self::Size(Vec::new())
    }

    /// Reads on. Answers with how many bytes belong to the body, and whether it ended with them.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(usize, bool), Violation> {
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            match self {
                Self::Size(line) => {
                    let Some(used) = take_line(line, rest, LONGEST_SIZE_LINE, Violation::ChunkSize)? else {
                        return Ok((bytes.len(), false));
                    };
                    at += used;
                    let size = size_of(line)?;
                    *self = if size == 0 { Self::Trailer(Vec::new(), 0, 0) } else { Self::Data(size) };
                }
                Self::Data(missing) => {
                    let used = usize::try_from(*missing).unwrap_or(usize::MAX).min(rest.len());
                    *missing -= used as u64;
                    at += used;
                    if *missing == 0 {
                        *self = Self::DataEnd(0);
                    }
                }
                Self::DataEnd(read) => {
                    if rest[0] != b"\r\n"[usize::from(*read)] {
                        return Err(Violation::ChunkEnd);
                    }
                    at += 1;
                    *self = if *read == 0 { Self::DataEnd(1) } else { Self::new() };
                }
                Self::Trailer(line, bytes_before, lines_before) => {
                    let Some(used) = take_line(line, rest, LONGEST_TRAILER, Violation::Trailer)? else {
                        return Ok((bytes.len(), false));
                    };
                    at += used;
                    if line.is_empty() {
                        return Ok((at, true));
                    }
                    check_trailer(line)?;
                    *bytes_before += line.len();
                    *lines_before += 1;
                    if *bytes_before > LONGEST_TRAILER || *lines_before > MOST_FIELDS {
                        return Err(Violation::Trailer);
                    }
                    line.clear();
                }
            }
        }
        Ok((at, false))
    }
}

/// Appends to `line` up to CR LF, which it drops. `None` while the line has not ended.
fn take_line(line: &mut Vec<u8>, bytes: &[u8], most: usize, bad: Violation) -> Result<Option<usize>, Violation> {
    let end = bytes.iter().position(|b| *b == b'\n');
    let used = end.map_or(bytes.len(), |at| at + 1);
    line.extend_from_slice(&bytes[..used]);
    if line.len() > most {
        return Err(bad);
    }
    if end.is_none() {
        return Ok(None);
    }
    if !line.ends_with(b"\r\n") {
        return Err(Violation::BareLf);
    }
    line.truncate(line.len() - 2);
    Ok(Some(used))
}

/// The size in a size line; extensions are read over, since nobody uses them.
fn size_of(line: &[u8]) -> Result<u64, Violation> {
    let end = line.iter().position(|b| *b == b';').unwrap_or(line.len());
    let (digits, extension) = line.split_at(end);
    let fine = !digits.is_empty()
        && digits.len() <= 15
        && digits.iter().all(u8::is_ascii_hexdigit)
        && extension.iter().all(|b| (0x20..0x7f).contains(b));
    if !fine {
        return Err(Violation::ChunkSize);
    }
    Ok(digits.iter().fold(0, |sum, d| sum * 16 + u64::from(char::from(*d).to_digit(16).unwrap_or(0))))
}

fn check_trailer(line: &[u8]) -> Result<(), Violation> {
    let (name, _) = field(line).map_err(|_| Violation::Trailer)?;
    let framing: [&[u8]; 3] = [b"content-length", b"transfer-encoding", b"host"];
    if framing.iter().any(|bad| name.eq_ignore_ascii_case(bad)) { Err(Violation::Trailer) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, step: usize) -> Result<Option<usize>, Violation> {
        let mut state = Chunked::new();
        let mut at = 0;
        for part in text.as_bytes().chunks(step) {
            let (used, ended) = state.feed(part)?;
            at += used;
            if ended {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    #[test]
    fn bodies_end_where_they_say_however_they_arrive() {
        for text in ["0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "A;x=\"y\"\r\n0123456789\r\n000\r\nTe: x\r\nb:\r\n\r\n"] {
            for step in 1..=text.len() {
                assert_eq!(read(&format!("{text}GET /"), step), Ok(Some(text.len())), "{text:?} by {step}");
            }
        }
        assert_eq!(read("5\r\nhel", 3), Ok(None));
    }

    #[test]
    fn tricks_with_sizes_are_refused() {
        use Violation::*;
        for (text, violation) in [
            ("5\nhello\r\n", BareLf),
            ("\r\nhello", ChunkSize),
            ("0x5\r\nhello", ChunkSize),
            ("+5\r\nhello", ChunkSize),
            ("-5\r\nhello", ChunkSize),
            (" 5\r\nhello", ChunkSize),
            ("5 \r\nhello", ChunkSize),
            ("5 ;a\r\nhello", ChunkSize),
            ("5;\u{1}\r\nhello", ChunkSize),
            ("ffffffffffffffff\r\n", ChunkSize),
            ("g\r\n", ChunkSize),
            ("5\r\nhelloX\r\n", ChunkEnd),
            ("5\r\nhello\n0\r\n", ChunkEnd),
            ("3\r\nhello\r\n", ChunkEnd),
            ("0\r\nContent-Length: 5\r\n\r\n", Trailer),
            ("0\r\nx\r\n\r\n", Trailer),
            ("0\r\na: b\r\n c\r\n\r\n", Trailer),
            ("0\r\na: b\n\r\n", BareLf),
        ] {
            for step in [1, text.len()] {
                assert_eq!(read(text, step), Err(violation), "{text:?}");
            }
        }
        assert_eq!(read(&format!("1;{}", "x".repeat(300)), 7), Err(ChunkSize));
    }
}
