//! Where messages begin and end in the bytes of a connection.

use super::Violation;
use super::chunk::Chunked;
use super::head::{self, Body};

#[derive(Debug)]
enum Place {
    /// Before or in a head.
    Head,
    /// In a body of known length, of which this much is missing.
    Length(u64),
    /// In a chunked body.
    Chunked(Chunked),
}

/// What a look at new bytes found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scan {
    /// So many bytes from the start may be passed on; the rest is the begin of a head, to be held until it is whole.
    pub pass: usize,
    /// The next message is refused.
    pub violation: Option<Violation>,
    /// The refused message's head was passed on by an earlier look.
    pub begun: bool,
}

/// Follows a connection from message to message.
#[derive(Debug)]
pub(super) struct Framing {
    place: Place,
    /// How much of the held begin of a head was searched for its end.
    searched: usize,
    most: usize,
}

impl Framing {
    /// Refuses heads of more than `most` bytes.
    pub(super) fn new(most: usize) -> Self {
        Self { place: Place::Head, searched: 0, most }
    }

    /// Whether the next byte begins a message, or would, if some of its head were not held.
    pub(super) fn is_between(&self) -> bool {
        matches!(self.place, Place::Head)
    }

    /// Looks at bytes: what was held before, and what arrived since.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> Scan {
        let mut at = 0;
        // Where the message begins that `at` is in, if it begins in these bytes.
        let mut begin = None;
        loop {
            match self.step(&bytes[at..]) {
                Ok(Step::Head(used)) => {
                    begin = Some(at);
                    at += used;
                }
                Ok(Step::Body(used)) => at += used,
                Ok(Step::More) => return Scan { pass: at, violation: None, begun: false },
                Err(violation) => {
                    let (pass, begun) = match (self.is_between(), begin) {
                        (true, _) => (at, false),
                        (false, Some(begin)) => (begin, false),
                        (false, None) => (at, true),
                    };
                    return Scan { pass, violation: Some(violation), begun };
                }
            }
        }
    }

    fn step(&mut self, bytes: &[u8]) -> Result<Step, Violation> {
        match &mut self.place {
            Place::Head => self.head(bytes),
            _ if bytes.is_empty() => Ok(Step::More),
            Place::Length(missing) => {
                let used = usize::try_from(*missing).unwrap_or(usize::MAX).min(bytes.len());
                *missing -= used as u64;
                if *missing == 0 {
                    self.place = Place::Head;
                }
                Ok(Step::Body(used))
            }
            Place::Chunked(state) => {
                let (used, ended) = state.feed(bytes)?;
                if ended {
                    self.place = Place::Head;
                }
                Ok(Step::Body(used))
            }
        }
    }

    fn head(&mut self, bytes: &[u8]) -> Result<Step, Violation> {
        // RFC 9112 section 2.2: an empty line before a request is ignored, as the library does.
        let skipped = if bytes.starts_with(b"\r\n") { 2 } else { 0 };
        let Some(end) = self.end_of_head(bytes, skipped)? else {
            return if bytes.len() > self.most { Err(Violation::HeadTooLarge) } else { Ok(Step::More) };
        };
        if end > self.most {
            return Err(Violation::HeadTooLarge);
        }
        self.searched = 0;
        self.place = match head::check(&bytes[skipped..end])? {
            Body::None => Place::Head,
            Body::Length(length) => Place::Length(length),
            Body::Chunked => Place::Chunked(Chunked::new()),
        };
        Ok(Step::Head(end))
    }

    /// Where the empty line ends. Every line end on the way must be CR LF.
    fn end_of_head(&mut self, bytes: &[u8], skipped: usize) -> Result<Option<usize>, Violation> {
        let mut at = self.searched.max(skipped);
        while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'\n')) {
            let lf = at + found;
            if lf == 0 || bytes[lf - 1] != b'\r' {
                return Err(Violation::BareLf);
            }
            if lf >= skipped + 3 && bytes[lf - 2] == b'\n' {
                return Ok(Some(lf + 1));
            }
            if lf == skipped + 1 {
                // A second empty line before the request.
                return Err(Violation::RequestLine);
            }
            at = lf + 1;
        }
        self.searched = bytes.len();
        Ok(None)
    }
}

enum Step {
    Head(usize),
    Body(usize),
    More,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    const PUT: &str = "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
    const POST: &str = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";

    #[test]
    fn whole_messages_pass_and_a_begun_head_is_held() {
        let mut framing = Framing::new(1000);
        let bytes = format!("{GET}{PUT}{POST}\r\n{GET}GET / HT");
        assert_eq!(framing.scan(bytes.as_bytes()), Scan { pass: bytes.len() - 8, violation: None, begun: false });
        assert!(framing.is_between());
        assert_eq!(
            framing.scan(b"GET / HTTP/1.1\nHost"),
            Scan { pass: 0, violation: Some(Violation::BareLf), begun: false }
        );
    }

    #[test]
    fn a_fault_in_a_body_that_came_with_its_head_stops_the_head_too() {
        let mut framing = Framing::new(1000);
        let bad = POST.replace("3\r\nabc", "3\nabc");
        let scan = framing.scan(format!("{GET}{bad}").as_bytes());
        assert_eq!(scan, Scan { pass: GET.len(), violation: Some(Violation::BareLf), begun: false });
        let mut framing = Framing::new(1000);
        let head = POST.split("3\r\n").next().unwrap();
        assert_eq!(framing.scan(head.as_bytes()).pass, head.len());
        assert_eq!(framing.scan(b"3\nabc"), Scan { pass: 0, violation: Some(Violation::BareLf), begun: true });
        assert!(!framing.is_between());
    }

    #[test]
    fn a_head_that_grows_too_large_is_refused_before_it_ends() {
        let mut framing = Framing::new(64);
        let head = format!("GET / HTTP/1.1\r\nHost: x\r\nA: {}", "b".repeat(64));
        assert_eq!(framing.scan(head.as_bytes()).violation, Some(Violation::HeadTooLarge));
    }

    proptest! {
        #[test]
        fn the_split_into_reads_never_matters(cuts in prop::collection::vec(1usize..40, 1..40), order in prop::collection::vec(0usize..3, 1..6)) {
            let text: String = order.iter().map(|i| [GET, PUT, POST][*i]).collect();
            let (mut framing, mut held, mut passed, mut at) = (Framing::new(1000), Vec::new(), 0, 0);
            for cut in cuts.iter().cycle() {
                let end = (at + cut).min(text.len());
                held.extend_from_slice(&text.as_bytes()[at..end]);
                let scan = framing.scan(&held);
                prop_assert_eq!(scan.violation, None);
                held.drain(..scan.pass);
                passed += scan.pass;
                at = end;
                if at == text.len() { break; }
            }
            prop_assert_eq!(passed, text.len());
            prop_assert!(framing.is_between());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), head in prop::bool::ANY) {
            let mut framing = Framing::new(100);
            let mut all = if head { POST.as_bytes()[..56].to_vec() } else { Vec::new() };
            all.extend(bytes);
            let scan = framing.scan(&all);
            prop_assert!(scan.pass <= all.len());
        }
    }
}
