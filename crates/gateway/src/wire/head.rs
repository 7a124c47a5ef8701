//! One request head, checked line by line (RFC 9112 sections 2 to 6).

use super::{Violation, field, is_token};

/// The most field lines in a head or a trailer; the HTTP library's own bound.
pub(super) const MOST_FIELDS: usize = 100;
/// The longest method.
const LONGEST_METHOD: usize = 32;

/// What follows a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    None,
    Length(u64),
    Chunked,
}

#[derive(Default)]
struct Seen<'a> {
    host: Option<&'a [u8]>,
    length: Option<u64>,
    chunked: bool,
}

/// Checks a head: everything up to and including the empty line. Each line is known to end with CR LF.
pub(super) fn check(head: &[u8]) -> Result<Body, Violation> {
    let mut lines = head.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = lines.next().unwrap_or_default();
    let (target, old) = request_line(first)?;
    let mut seen = Seen::default();
    let mut count = 0;
    for line in lines.take_while(|line| !line.is_empty()) {
        count += 1;
        if count > MOST_FIELDS {
            return Err(Violation::TooManyFields);
        }
        let (name, value) = field(line)?;
        note(&mut seen, name, value)?;
    }
    match seen.host {
        None if !old => return Err(Violation::NoHost),
        Some(host) if !is_host(host) => return Err(Violation::Host),
        _ => {}
    }
    if let (Some(authority), Some(host)) = (target, seen.host)
        && !host.eq_ignore_ascii_case(authority)
    {
        return Err(Violation::HostDiffers);
    }
    match (seen.chunked, seen.length) {
        (true, Some(_)) => Err(Violation::LengthAndEncoding),
        (true, None) if old => Err(Violation::EncodingInOld),
        (true, None) => Ok(Body::Chunked),
        (false, None | Some(0)) => Ok(Body::None),
        (false, Some(length)) => Ok(Body::Length(length)),
    }
}

/// Answers with the authority of an absolute target, and whether the version is 1.0.
fn request_line(line: &[u8]) -> Result<(Option<&[u8]>, bool), Violation> {
    if line.contains(&b'\r') {
        return Err(Violation::BareCr);
    }
    let mut words = line.split(|b| *b == b' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Violation::RequestLine);
    };
    if method.len() > LONGEST_METHOD || !is_token(method) {
        return Err(Violation::Method);
    }
    let old = match version {
        b"HTTP/1.1" => false,
        b"HTTP/1.0" => true,
        _ => return Err(Violation::Version),
    };
    Ok((check_target(method, target)?, old))
}

fn check_target<'a>(method: &[u8], target: &'a [u8]) -> Result<Option<&'a [u8]>, Violation> {
    let (authority, path) = match target {
        b"*" if method == b"OPTIONS" => return Ok(None),
        [b'/', ..] => (None, target),
        _ if method == b"CONNECT" && !target.is_empty() && is_host(target) => return Ok(None),
        _ => {
            let rest = strip_scheme(target).ok_or(Violation::Target)?;
            let end = rest.iter().position(|b| matches!(b, b'/' | b'?')).unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            if authority.is_empty() || !is_host(authority) {
                return Err(Violation::Target);
            }
            (Some(authority), path)
        }
    };
    let question = path.iter().position(|b| *b == b'?').unwrap_or(path.len());
    let (before, query) = path.split_at(question);
    // What the HTTP library would refuse without saying why, or cut off without saying so.
    let readable = |part: &[u8], bad: u8| {
        !part.iter().fold(false, |wrong, b| {
            wrong | (*b < 0x21) | (*b > 0x7e) | (*b == b'<') | (*b == b'>') | (*b == b'#') | (*b == bad)
        })
    };
    if readable(before, b'`') && readable(query, b'"') { Ok(authority) } else { Err(Violation::Target) }
}

fn strip_scheme(target: &[u8]) -> Option<&[u8]> {
    [&b"http://"[..], b"https://"].iter().find_map(|scheme| {
        let (front, rest) = target.split_at_checked(scheme.len())?;
        front.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

/// `uri-host [ ":" port ]`, without user information; empty where the target has no authority.
fn is_host(host: &[u8]) -> bool {
    host.iter().all(|b| b.is_ascii_alphanumeric() || b"-._~:[]%!$&'()*+;=".contains(b))
}

fn note<'a>(seen: &mut Seen<'a>, name: &[u8], value: &'a [u8]) -> Result<(), Violation> {
    // Only these lengths are of interest: most fields end here.
    let twice = match name.len() {
        4 if name.eq_ignore_ascii_case(b"host") => seen.host.replace(value).map(|_| Violation::TwoHosts),
        14 if name.eq_ignore_ascii_case(b"content-length") => {
            let length = number(value).ok_or(Violation::Length)?;
            seen.length.replace(length).map(|_| Violation::TwoLengths)
        }
        17 if name.eq_ignore_ascii_case(b"transfer-encoding") => {
            let before = std::mem::replace(&mut seen.chunked, true);
            if !before && !value.eq_ignore_ascii_case(b"chunked") {
                return Err(Violation::Encoding);
            }
            before.then_some(Violation::TwoEncodings)
        }
        _ => None,
    };
    twice.map_or(Ok(()), Err)
}

fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 18 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(head: &str) -> Result<Body, Violation> {
        check(head.as_bytes())
    }

    #[test]
    fn good_heads_say_what_follows() {
        assert_eq!(checked("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n"), Ok(Body::None));
        assert_eq!(checked("GET http://X:80/a HTTP/1.1\r\nHost:  x:80 \r\n\r\n"), Ok(Body::None));
        assert_eq!(checked("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"), Ok(Body::None));
        assert_eq!(checked("GET / HTTP/1.0\r\n\r\n"), Ok(Body::None));
        assert_eq!(checked("PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 07\r\n\r\n"), Ok(Body::Length(7)));
        assert_eq!(checked("PUT / HTTP/1.1\r\nhost: x\r\nContent-Length: 0\r\n\r\n"), Ok(Body::None));
        assert_eq!(checked("PUT / HTTP/1.1\r\nhost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"), Ok(Body::Chunked));
    }

    #[test]
    fn every_ambiguity_has_its_own_name() {
        use Violation::*;
        for (lines, violation) in [
            ("GET / HTTP/1.1\r\n", NoHost),
            ("GET  / HTTP/1.1\r\nHost: x\r\n", RequestLine),
            ("GET /\r\nHost: x\r\n", RequestLine),
            ("GET / HTTP/1.1 \r\nHost: x\r\n", RequestLine),
            ("GET / HTTP/2.0\r\nHost: x\r\n", Version),
            ("GET / HTTP/1.2\r\nHost: x\r\n", Version),
            ("G(T / HTTP/1.1\r\nHost: x\r\n", Method),
            ("GET /\rHTTP/1.1\r\nHost: x\r\n", BareCr),
            ("GET a HTTP/1.1\r\nHost: x\r\n", Target),
            ("GET /a#b HTTP/1.1\r\nHost: x\r\n", Target),
            ("GET /\u{e9} HTTP/1.1\r\nHost: x\r\n", Target),
            ("GET /<a> HTTP/1.1\r\nHost: x\r\n", Target),
            ("GET http:///a HTTP/1.1\r\nHost: \r\n", Target),
            ("GET http://u@x/a HTTP/1.1\r\nHost: x\r\n", Target),
            ("GET http://y/a HTTP/1.1\r\nHost: x\r\n", HostDiffers),
            ("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n", TwoHosts),
            ("GET / HTTP/1.1\r\nHost: x/y\r\n", Host),
            ("GET / HTTP/1.1\r\nHost: x, y\r\n", Host),
            ("GET / HTTP/1.1\r\nHost: u@x\r\n", Host),
            ("GET / HTTP/1.1\r\nHost : x\r\n", FieldName),
            ("GET / HTTP/1.1\r\nHost: x\r\n: y\r\n", FieldName),
            ("GET / HTTP/1.1\r\nHost: x\r\nnothing\r\n", FieldName),
            ("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n", Fold),
            ("GET / HTTP/1.1\r\n Host: x\r\n", Fold),
            ("GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n", BareCr),
            ("GET / HTTP/1.1\r\nHost: x\r\nA: b\u{0}c\r\n", FieldValue),
            ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n", TwoLengths),
            ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n", Length),
            ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n", Length),
            ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n", Length),
            ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n", Length),
            ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n", Length),
            ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999999999\r\n", Length),
            ("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n", Encoding),
            ("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n", Encoding),
            ("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n", Encoding),
            ("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \u{b}chunked\r\n", FieldValue),
            ("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", TwoEncodings),
            ("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n", FieldName),
            ("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n", LengthAndEncoding),
            ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n", LengthAndEncoding),
            ("PUT / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n", EncodingInOld),
        ] {
            assert_eq!(checked(&format!("{lines}\r\n")), Err(violation), "{lines:?}");
        }
        let many: String = (0..101).map(|i| format!("a{i}: b\r\n")).collect();
        assert_eq!(checked(&format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n")), Err(TooManyFields));
    }

    /// What passes here must be readable for the HTTP library's own rules for targets.
    #[test]
    fn accepted_targets_are_uris() {
        for byte in 0x20u8..=0xff {
            for target in [vec![b'/', byte], vec![b'/', b'?', byte]] {
                if check_target(b"GET", &target).is_ok() {
                    let uri = http::Uri::try_from(target.as_slice());
                    assert!(uri.is_ok_and(|u| u.to_string().as_bytes() == target), "{byte:#x}");
                }
            }
        }
    }
}
