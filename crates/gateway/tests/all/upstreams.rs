//! Upstreams that misbehave, streams, pools.

use crate::client::request;
use crate::rig::{Rig, apis};
use std::time::Duration;

#[test]
fn upstream_failures_are_told_apart() {
    let patient = Rig::start();
    let hasty = Rig::with(|config| config.upstream_response_timeout = Duration::from_millis(100));
    for (rig, path, status, code) in [
        (&hasty, "/echo/v1/hang", 504, "upstream-timeout"),
        (&patient, "/echo/v1/close", 502, "upstream-broken"),
        (&patient, "/echo/v1/garbage", 502, "upstream-broken"),
        (&patient, "/echo/v1/switch", 502, "upstream-broken"),
    ] {
        let answer = rig.get(path);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{path}");
        let decision = rig.decision(&answer);
        assert_eq!((decision.rule.as_str(), decision.allowed), ("upstream", true), "{path}");
        assert!(!answer.body.contains(&rig.echo.address.to_string()), "the caller does not learn the address");
    }
}

#[test]
fn an_upstream_that_is_not_there_is_unreachable_and_the_next_one_is_tried() {
    let rig = Rig::start();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let set = |upstreams: Vec<String>| {
        rig.apply(rig.publication(1, "echo", apis().remove(0).1, true, |row| row.upstreams = upstreams));
    };
    set(vec![format!("http://{nobody}")]);
    assert_eq!(rig.get("/echo/v1/x").code(), "upstream-unreachable");
    set(vec!["https://tls.test".into()]);
    assert_eq!(rig.get("/echo/v1/x").code(), "upstream-unreachable");
    set(vec![format!("http://{nobody}"), format!("http://{}/second", rig.echo.address)]);
    for _ in 0..6 {
        assert!(rig.get("/echo/v1/x").echoed().starts_with("GET /second/x "));
    }
}

#[test]
fn several_upstreams_take_turns() {
    let rig = Rig::start();
    let upstreams = vec![format!("http://{}/one", rig.echo.address), format!("http://{}/two", rig.echo.address)];
    rig.apply(rig.publication(1, "echo", apis().remove(0).1, true, |row| row.upstreams = upstreams));
    let mut connection = rig.connect();
    let mut seen = [0, 0];
    for _ in 0..10 {
        let answer = connection.send("GET", "/echo/v1/x", &[("X-API-Key", rig.key.reveal())], "");
        seen[usize::from(answer.echoed().starts_with("GET /two/x "))] += 1;
    }
    assert_eq!(seen, [5, 5]);
}

#[test]
fn upstream_connections_are_used_again() {
    let rig = Rig::start();
    let mut connection = rig.connect();
    for i in 0..30 {
        let (method, body) = if i % 2 == 0 { ("GET", "") } else { ("POST", "hello") };
        let answer = connection.send(method, "/echo/v1/x", &[("X-API-Key", rig.key.reveal())], body);
        assert_eq!(answer.status, 200);
        assert_eq!(connection.send("GET", "/echo/v1/nocontent", &[("X-API-Key", rig.key.reveal())], "").status, 204);
    }
    assert_eq!(rig.echo.connections(), 1);
}

/// The pooled connection is closed by the upstream after each answer, without a word.
#[test]
fn a_pooled_connection_that_died_idle_costs_no_call() {
    let rig = Rig::start();
    let mut connection = rig.connect();
    for _ in 0..50 {
        let answer = connection.send("GET", "/echo/v1/lastcall", &[("X-API-Key", rig.key.reveal())], "");
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[test]
fn answers_stream_piece_by_piece_and_end_with_the_upstream() {
    let rig = Rig::start();
    let mut connection = rig.connect();
    connection.write(request("GET", "/echo/v1/stream", &[("X-API-Key", rig.key.reveal())], "").as_bytes());
    let head = connection.head().unwrap();
    assert_eq!(head.header("content-type"), Some("text/event-stream"));
    for i in 0..5 {
        let text = format!("data: {i}\n\n");
        rig.echo.stream.lock().unwrap().as_ref().unwrap().send(text.clone()).unwrap();
        assert_eq!(connection.chunk().0, text.as_bytes(), "before the next piece exists");
    }
    rig.echo.stream.lock().unwrap().take();
    assert!(connection.chunk().0.is_empty());
}

#[test]
fn requests_stream_piece_by_piece() {
    let rig = Rig::start();
    let mut connection = rig.connect();
    let head = format!(
        "POST /echo/v1/observe HTTP/1.1\r\nHost: gateway.test\r\nX-API-Key: {}\r\nContent-Length: 6\r\n\r\n",
        rig.key.reveal()
    );
    connection.write(head.as_bytes());
    let seen = rig.echo.seen.lock().unwrap();
    assert!(seen.recv().unwrap().starts_with("POST /base/observe"));
    for piece in ["ab", "cd", "ef"] {
        connection.write(piece.as_bytes());
        assert_eq!(seen.recv().unwrap(), piece, "before the next piece was sent");
    }
    assert_eq!(connection.answer_to("POST").unwrap().status, 200);
}

#[test]
fn a_long_upload_is_not_an_upstreams_delay() {
    let rig = Rig::with(|config| config.upstream_response_timeout = Duration::from_secs(1));
    let mut connection = rig.connect();
    let head = format!(
        "POST /echo/v1/observe HTTP/1.1\r\nHost: gateway.test\r\nX-API-Key: {}\r\nContent-Length: 60\r\n\r\n",
        rig.key.reveal()
    );
    connection.write(head.as_bytes());
    let seen = rig.echo.seen.lock().unwrap();
    seen.recv().unwrap();
    for _ in 0..60 {
        connection.write(b"x");
        assert_eq!(seen.recv().unwrap(), "x");
        // Longer in all than the upstream may take, with progress all the time.
        let _ = seen.recv_timeout(Duration::from_millis(20));
    }
    assert_eq!(connection.answer_to("POST").unwrap().status, 200);
}

#[test]
fn lengths_beside_chunks_and_early_hints_do_not_confuse_the_caller() {
    let rig = Rig::start();
    let both = rig.get("/echo/v1/both");
    assert_eq!((both.body.as_str(), both.header("content-length")), ("hello", None));
    let early = rig.get("/echo/v1/early");
    assert_eq!((early.status, early.body.as_str()), (200, "ok"));
    assert_eq!(rig.get("/echo/v1/untilclose").body, "all of it");
}

#[test]
fn a_shutdown_lets_open_calls_end_and_takes_no_new_ones() {
    let mut rig = Rig::start();
    let mut connection = rig.connect();
    connection.write(request("GET", "/echo/v1/stream", &[("X-API-Key", rig.key.reveal())], "").as_bytes());
    connection.head().unwrap();
    let mut idle = rig.connect();
    assert_eq!(idle.send("GET", "/none", &[], "").status, 404);
    let running = rig.running.take().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stopping = std::thread::spawn(move || runtime.block_on(running.shutdown(Duration::from_secs(20))));
    assert!(idle.is_closed(), "an idle connection is closed at once");
    rig.echo.stream.lock().unwrap().as_ref().unwrap().send("last words".into()).unwrap();
    assert_eq!(connection.chunk().0, b"last words");
    rig.echo.stream.lock().unwrap().take();
    assert!(connection.chunk().0.is_empty());
    stopping.join().unwrap();
    assert!(std::net::TcpStream::connect(rig.address).is_err());
}
