//! The bytes of an HTTP/1 connection before the HTTP library sees them.
//!
//! **Invariant:** whoever stands in front of this gateway and whoever stands behind it agree with it on where each
//! message ends. The library is lenient in places where RFC 9112 allows it (a bare LF as a line end, `Content-Length`
//! beside `Transfer-Encoding`, the same length twice); two lenient parsers in a row are how requests are smuggled.
//! So every head and every chunk is checked here first, strictly, and a request in doubt is answered 400 with a
//! problem, forwarded nowhere, and is the last one on its connection.

mod chunk;
mod framing;
mod guard;
mod head;

pub(crate) use guard::{Guard, Protocol, REFUSED_METHOD};

/// Why a message was refused before it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Violation {
    BareLf,
    BareCr,
    RequestLine,
    Target,
    Version,
    Method,
    FieldName,
    FieldValue,
    Fold,
    TwoHosts,
    NoHost,
    Host,
    HostDiffers,
    TwoLengths,
    Length,
    TwoEncodings,
    Encoding,
    LengthAndEncoding,
    EncodingInOld,
    ChunkSize,
    ChunkEnd,
    Trailer,
    HeadTooLarge,
    TooManyFields,
    HeadTooSlow,
    BodyTooSlow,
}

impl Violation {
    /// What is wrong and how to mend it, for the caller.
    pub(crate) const fn detail(self) -> &'static str {
        match self {
            Self::BareLf => "A line ends with LF alone; end every line with CR LF.",
            Self::BareCr => "The head has a CR that no LF follows.",
            Self::RequestLine => "The request line is not `METHOD target HTTP/1.1` with single spaces.",
            Self::Target => "The request target must be a path or an http URL, with other characters percent-encoded.",
            Self::Version => "The HTTP version is not 1.0 or 1.1 (nor 2 by prior knowledge).",
            Self::Method => "The method is not a token of at most 32 characters.",
            Self::FieldName => {
                "A field name is empty, has a character that no name may have, or a space before its colon."
            }
            Self::FieldValue => "A field value has a control character.",
            Self::Fold => "A field is folded over two lines; write it on one.",
            Self::TwoHosts => "There is more than one Host field; send one.",
            Self::NoHost => "There is no Host field; HTTP/1.1 demands one.",
            Self::Host => "The Host field is not a host name or address with an optional port.",
            Self::HostDiffers => "The target and the Host field name different hosts.",
            Self::TwoLengths => "There is more than one Content-Length; send one.",
            Self::Length => "Content-Length is not a number of at most 18 digits.",
            Self::TwoEncodings => "There is more than one Transfer-Encoding; send one.",
            Self::Encoding => "Transfer-Encoding must be exactly `chunked`.",
            Self::LengthAndEncoding => "Content-Length and Transfer-Encoding exclude each other; send one.",
            Self::EncodingInOld => "HTTP/1.0 has no Transfer-Encoding; send Content-Length.",
            Self::ChunkSize => "A chunk size is not 1 to 15 hexadecimal digits, or its extension is not readable.",
            Self::ChunkEnd => "A chunk does not end with CR LF where its size says.",
            Self::Trailer => "A trailer field is not readable, or may not stand in a trailer.",
            Self::HeadTooLarge => "The head of the request is too large; send fewer or shorter fields.",
            Self::TooManyFields => "The request has more than 100 header fields; send fewer.",
            Self::HeadTooSlow => "The head of the request did not arrive in time.",
            Self::BodyTooSlow => "The body of the request stopped arriving.",
        }
    }

    /// Whether size is the cause.
    pub(crate) const fn is_size(self) -> bool {
        matches!(self, Self::HeadTooLarge | Self::TooManyFields)
    }
}

/// Whether bytes may stand in a name (`tchar` of RFC 9110 section 5.6.2). Every byte of every head is looked up here.
static TOKEN: [bool; 256] = token_bytes();

const fn token_bytes() -> [bool; 256] {
    let mut table = [false; 256];
    let others = b"!#$%&'*+-.^_`|~";
    let mut i = 0;
    while i < 256 {
        table[i] = (i as u8).is_ascii_alphanumeric();
        i += 1;
    }
    let mut i = 0;
    while i < others.len() {
        table[others[i] as usize] = true;
        i += 1;
    }
    table
}

/// Whether all bytes may stand in a name or method.
fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|b| TOKEN[usize::from(*b)])
}

/// Whether a field value is visible text with spaces and tabs (RFC 9110 section 5.5).
fn is_field_value(value: &[u8]) -> bool {
    // Without a way out in the middle, so that the compiler looks at many bytes at once.
    !value.iter().fold(false, |bad, b| bad | ((*b < 0x20) & (*b != b'\t')) | (*b == 0x7f))
}

/// Splits a field line, checking name and value.
fn field(line: &[u8]) -> Result<(&[u8], &[u8]), Violation> {
    if matches!(line.first(), Some(b' ' | b'\t')) {
        return Err(Violation::Fold);
    }
    let colon = line.iter().position(|b| *b == b':').ok_or(Violation::FieldName)?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    if !is_token(name) {
        return Err(Violation::FieldName);
    }
    if !is_field_value(value) {
        return Err(if value.contains(&b'\r') { Violation::BareCr } else { Violation::FieldValue });
    }
    Ok((name, trim(value)))
}

fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}
