//! Bytes that two parsers could read differently: answered 400 with a problem, forwarded nowhere, the last ones read.

use crate::rig::Rig;
use std::time::Duration;

/// Each has what the detail must mention.
fn attacks(key: &str) -> Vec<(&'static str, String, &'static str)> {
    let head = |rest: &str| format!("POST /echo/v1/x HTTP/1.1\r\nHost: gateway.test\r\nX-API-Key: {key}\r\n{rest}");
    vec![
        ("CL.TE", head("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX"), "exclude each other"),
        ("TE.CL", head("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n8\r\nSMUGGLED\r\n0\r\n\r\n"), "exclude"),
        ("two lengths", head("Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "more than one Content-Length"),
        ("same length twice", head("Content-Length: 1\r\nContent-Length: 1\r\n\r\na"), "more than one Content-Length"),
        ("length list", head("Content-Length: 1, 1\r\n\r\na"), "Content-Length is not a number"),
        ("signed length", head("Content-Length: +1\r\n\r\na"), "Content-Length is not a number"),
        (
            "TE.TE",
            head("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
            "more than one Transfer",
        ),
        ("odd TE", head("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), "exactly `chunked`"),
        ("TE list", head("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), "exactly `chunked`"),
        ("TE with a space", head("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"), "space before its colon"),
        ("length with a space", head("Content-Length : 1\r\n\r\na"), "space before its colon"),
        ("bare LF in the head", head("A: b\nC: d\r\n\r\n"), "LF alone"),
        ("bare LF everywhere", "GET /echo/v1/x HTTP/1.1\nHost: gateway.test\n\n".into(), "LF alone"),
        ("bare CR", head("A: b\rC: d\r\n\r\n"), "CR that no LF follows"),
        ("NUL", head("A: b\0c\r\n\r\n"), "control character"),
        ("folded field", head("A: b\r\n c\r\n\r\n"), "folded"),
        ("folded TE", head("Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"), "exactly `chunked`"),
        ("two hosts", head("Host: other.test\r\n\r\n"), "more than one Host"),
        ("no host", "GET /echo/v1/x HTTP/1.1\r\n\r\n".into(), "no Host"),
        ("odd host", "GET /echo/v1/x HTTP/1.1\r\nHost: a/b\r\n\r\n".into(), "not a host name"),
        (
            "absolute form",
            "GET http://other.test/echo/v1/x HTTP/1.1\r\nHost: gateway.test\r\n\r\n".into(),
            "different hosts",
        ),
        ("user information", "GET http://a@gateway.test/ HTTP/1.1\r\nHost: gateway.test\r\n\r\n".into(), "target"),
        ("tab in the request line", "GET\t/echo/v1/x HTTP/1.1\r\nHost: gateway.test\r\n\r\n".into(), "request line"),
        ("two spaces", "GET  /echo/v1/x HTTP/1.1\r\nHost: gateway.test\r\n\r\n".into(), "request line"),
        ("HTTP/0.9", "GET /echo/v1/x\r\n\r\n".into(), "request line"),
        ("HTTP/1.9", "GET /echo/v1/x HTTP/1.9\r\nHost: gateway.test\r\n\r\n".into(), "version"),
        ("fragment", "GET /echo/v1/x#y HTTP/1.1\r\nHost: gateway.test\r\n\r\n".into(), "percent-encoded"),
        (
            "TE in 1.0",
            "POST /echo/v1/x HTTP/1.0\r\nHost: gateway.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".into(),
            "HTTP/1.0",
        ),
        ("chunk with LF", head("Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n"), "LF alone"),
        ("chunk size 0x1", head("Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n"), "chunk size"),
        ("chunk size with space", head("Transfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n"), "chunk size"),
        ("chunk size -1", head("Transfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n"), "chunk size"),
        ("chunk size too large", head("Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na\r\n"), "chunk size"),
        (
            "chunk longer than it says",
            head("Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n"),
            "where its size says",
        ),
        ("chunk ends with LF", head("Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n"), "where its size says"),
        ("length in a trailer", head("Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n"), "trailer"),
    ]
}

#[test]
fn whatever_two_parsers_could_read_differently_is_refused_and_not_forwarded() {
    let rig = Rig::start();
    for (name, bytes, mention) in attacks(rig.key.reveal()) {
        // Behind each attack stands the request that it wants to smuggle.
        let smuggled =
            format!("GET /echo/v1/smuggled HTTP/1.1\r\nHost: gateway.test\r\nX-API-Key: {}\r\n\r\n", rig.key.reveal());
        let answer = rig.raw(format!("{bytes}{smuggled}").as_bytes()).unwrap_or_else(|| panic!("{name}: no answer"));
        assert_eq!((answer.status, answer.code().as_str()), (400, "unreadable"), "{name}: {answer:?}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(mention), "{name}: {}", answer.body);
        assert_eq!(answer.header("connection"), Some("close"), "{name}");
        assert!(answer.header("wayleave-decision").is_some(), "{name}");
    }
    assert_eq!(rig.echo.requests(), 0);
}

#[test]
fn the_calls_before_an_attack_on_the_same_connection_are_answered_in_turn() {
    let rig = Rig::start();
    let good = format!("GET /echo/v1/good HTTP/1.1\r\nHost: gateway.test\r\nX-API-Key: {}\r\n\r\n", rig.key.reveal());
    let bad = "GET /echo/v1/bad HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n";
    let mut connection = rig.connect();
    connection.write(format!("{good}{good}{bad}{good}").as_bytes());
    assert!(connection.answer_to("GET").unwrap().echoed().starts_with("GET /base/good "));
    assert_eq!(connection.answer_to("GET").unwrap().status, 200);
    assert_eq!(connection.answer_to("GET").unwrap().status, 400);
    assert!(connection.is_closed());
    assert_eq!(rig.echo.requests(), 2);
}

#[test]
fn a_chunk_that_breaks_after_the_head_went_on_ends_the_call_and_the_connection() {
    let rig = Rig::start();
    let mut connection = rig.connect();
    let head = format!(
        "POST /echo/v1/observe HTTP/1.1\r\nHost: gateway.test\r\nX-API-Key: {}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        rig.key.reveal()
    );
    connection.write(head.as_bytes());
    let seen = rig.echo.seen.lock().unwrap();
    assert!(seen.recv().unwrap().starts_with("POST /base/observe"));
    assert!(seen.recv().unwrap().contains("abc"));
    connection.write(b"3\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
    let answer = connection.answer_to("POST").unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (400, "unreadable"));
    assert!(connection.is_closed());
    assert_eq!(seen.recv().unwrap(), "(cut off)", "the upstream's request is not completed either");
}

#[test]
fn a_head_may_arrive_byte_by_byte_and_requests_in_one_piece() {
    let rig = Rig::start();
    let text = format!(
        "PUT /echo/v1/x HTTP/1.1\r\nHost: gateway.test\r\nX-API-Key: {}\r\nContent-Length: 5\r\n\r\nhello",
        rig.key.reveal()
    );
    let mut connection = rig.connect();
    for byte in text.as_bytes() {
        connection.write(&[*byte]);
    }
    assert!(connection.answer_to("PUT").unwrap().echoed().ends_with("\r\n\r\nhello"));
    connection.write(text.repeat(5).as_bytes());
    for _ in 0..5 {
        assert!(connection.answer_to("PUT").unwrap().echoed().ends_with("\r\n\r\nhello"));
    }
}

#[test]
fn heads_that_are_too_large_are_refused_without_being_read_to_their_end() {
    let rig = Rig::start();
    let long = "x".repeat(20_000);
    let answer = rig.raw(format!("GET /echo/v1/x HTTP/1.1\r\nHost: gateway.test\r\nA: {long}").as_bytes()).unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (413, "too-large"));
    let many: String = (0..150).map(|i| format!("A{i}: b\r\n")).collect();
    let answer = rig.raw(format!("GET /echo/v1/x HTTP/1.1\r\nHost: gateway.test\r\n{many}\r\n").as_bytes()).unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (413, "too-large"));
    let answer =
        rig.raw(format!("GET /{} HTTP/1.1\r\nHost: gateway.test\r\n\r\n", "y".repeat(17_000)).as_bytes()).unwrap();
    assert_eq!(answer.status, 413);
    assert_eq!(rig.echo.requests(), 0);
}

#[test]
fn a_head_that_does_not_end_in_time_is_answered_and_closed() {
    let rig = Rig::with(|config| config.header_timeout = Duration::from_millis(60));
    let answer = rig.raw(b"GET /echo/v1/x HTTP/1.1\r\nHost: gate").unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (400, "unreadable"));
    assert!(answer.json()["detail"].as_str().unwrap().contains("in time"));
    assert!(rig.raw(b"").is_none(), "who says nothing gets nothing");
}

#[test]
fn a_refused_upload_still_gets_its_answer() {
    let rig = Rig::start();
    let mut connection = rig.connect();
    let head = "POST /echo/v1/x HTTP/1.1\r\nHost: gateway.test\r\nContent-Length: 900000\r\n\r\n";
    connection.write(head.as_bytes());
    connection.write(&vec![b'x'; 900_000]);
    assert_eq!(connection.answer_to("POST").unwrap().code(), "credential-missing");
}
