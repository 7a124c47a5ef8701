//! Calls that pass: what reaches the upstream, and what comes back.

use crate::client::{Connection, request};
use crate::rig::{Rig, basic};
use base::secret::{Purpose, Secret};
use snapshot::{Sink, SubscriptionState};

/// C33 C34 X01
#[test]
fn a_call_reaches_the_upstream_with_the_identity_of_its_caller() {
    let rig = Rig::start();
    let answer = rig.get("/echo/v1/a/b?x=1&y=%20z");
    assert!(answer.echoed().starts_with("GET /base/a/b?x=1&y=%20z HTTP/1.1\r\n"), "{}", answer.body);
    assert_eq!(answer.header("x-upstream"), Some("echo"));
    let got = |name: &str| answer.echoed_header(name);
    assert_eq!(got("host"), Some(rig.echo.address.to_string()));
    assert_eq!(got("wayleave-app").as_deref(), Some("app_00000000000000000000000001"));
    assert_eq!(got("wayleave-client").as_deref(), Some("cli_00000000000000000000000001"));
    let subscription = base::id::SubscriptionId::from_bits(1001).to_string();
    assert_eq!(got("wayleave-subscription"), Some(subscription));
    assert_eq!(got("wayleave-plan").as_deref(), Some("pln_00000000000000000000000001"));
    assert_eq!(got("forwarded").as_deref(), Some("for=127.0.0.1;host=\"gateway.test\";proto=http"));
    assert_eq!(got("x-forwarded-for").as_deref(), Some("127.0.0.1"));
    assert_eq!(got("x-forwarded-proto").as_deref(), Some("http"));
    assert_eq!(got("x-forwarded-host").as_deref(), Some("gateway.test"));
    assert_eq!(got("via").as_deref(), Some("1.1 wayleave"));
    assert_eq!(got("x-api-key"), None);
    assert_eq!(got("x-request-id").as_deref(), answer.header("x-request-id"));
}

/// F36
#[test]
fn every_answer_carries_a_request_id_and_a_decision_of_its_own() {
    let rig = Rig::start();
    let (a, b, refused) = (rig.get("/echo/v1/x"), rig.get("/echo/v1/x"), rig.get("/nothing"));
    let ids: Vec<&str> = [&a, &b, &refused].iter().map(|r| r.header("x-request-id").unwrap()).collect();
    assert!(ids[0] != ids[1] && ids[1] != ids[2]);
    for answer in [&a, &b, &refused] {
        let decision = answer.header("wayleave-decision").unwrap();
        assert_eq!(decision.strip_prefix("dec_"), answer.header("x-request-id"));
    }
}

#[test]
fn forged_and_hop_by_hop_fields_do_not_reach_the_upstream() {
    let rig = Rig::start();
    let answer = rig.get_with(
        "/echo/v1/x",
        &[
            ("X-API-Key", rig.key.reveal()),
            ("Wayleave-App", "app_forged"),
            ("wayleave_plan", "forged"),
            ("Wayleave-Anything", "forged"),
            ("X-Forwarded-For", "6.6.6.6"),
            ("X-Forwarded-Port", "1"),
            ("Forwarded", "for=6.6.6.6"),
            ("X-Real-IP", "6.6.6.6"),
            ("Connection", "keep-alive, X-Private"),
            ("X-Private", "1"),
            ("Keep-Alive", "timeout=5"),
            ("Proxy-Authorization", "Basic x"),
            ("TE", "gzip"),
            ("Upgrade", "h2c"),
            ("Content_Length", "5"),
            ("X-Request-Id", "caller-7"),
            ("X-Public", "1"),
            ("Cookie", "a=1; wayleave_session=s; b=2"),
        ],
    );
    let text = answer.echoed();
    for bad in [
        "forged",
        "6.6.6.6",
        "x-private",
        "keep-alive",
        "proxy-",
        "te:",
        "upgrade",
        "content_length",
        "x-forwarded-port",
        "wayleave_session",
    ] {
        assert!(!text.contains(bad), "{bad} in {text}");
    }
    assert_eq!(answer.echoed_header("x-public").as_deref(), Some("1"));
    assert_eq!(answer.echoed_header("cookie").as_deref(), Some("a=1; b=2"));
    assert_eq!(answer.echoed_header("wayleave-caller-request-id").as_deref(), Some("caller-7"));
    assert_ne!(answer.echoed_header("x-request-id").as_deref(), Some("caller-7"));
}

#[test]
fn credentials_that_were_consumed_are_not_forwarded_and_others_are() {
    let rig = Rig::start();
    let basic_call = rig.get_with("/basic/v1/x", &[("Authorization", &rig.basic()), ("X-API-Key", "theirs")]);
    assert_eq!(basic_call.echoed_header("authorization"), None);
    assert_eq!(basic_call.echoed_header("x-api-key").as_deref(), Some("theirs"));
    let key = rig.key.reveal();
    let call = rig.get_with("/echo/v1/x", &[("X-API-Key", key), ("Authorization", "Bearer upstreams-own")]);
    assert_eq!(call.echoed_header("authorization").as_deref(), Some("Bearer upstreams-own"));
    let query = rig.send("GET", &format!("/query/v1/x?a=1&key={key}&b=2"), &[], "");
    assert!(query.echoed().starts_with("GET /base/x?a=1&b=2 "), "{}", query.body);
    let query = rig.send("GET", &format!("/query/v1/x?k%65y={}", key.replace('_', "%5F")), &[], "");
    assert!(query.echoed().starts_with("GET /base/x HTTP"), "{}", query.body);
    assert_eq!(rig.get_with("/query/v1/x", &[("x-their-key", key)]).echoed_header("x-their-key"), None);
    // A key of ours on an API that asks for nothing is still no business of its upstream.
    let token = Secret::access_token(crate::rig::START);
    let bearer = format!("Bearer {}", token.reveal());
    let open = rig.get_with("/open/v1/x", &[("X-API-Key", key), ("Authorization", &bearer)]);
    assert!(!open.echoed().contains(key) && !open.echoed().contains("wlt_"), "{}", open.body);
}

/// C14 C15
#[test]
fn anonymous_calls_pass_only_where_nothing_is_asked_for() {
    let rig = Rig::start();
    let open = rig.get_with("/open/v1/x", &[]);
    assert_eq!(open.echoed_header("wayleave-app"), None);
    assert_eq!(open.header("x-ratelimit-limit"), None);
    assert_eq!(rig.get_with("/free/v1/x", &[]).code(), "credential-missing");
    assert_eq!(rig.get("/free/v1/x").status, 200);
    assert_eq!(rig.get_with("/any/v1/x", &[]).code(), "credential-missing");
    assert_eq!(rig.get("/any/v1/x").status, 200);
    assert_eq!(rig.get_with("/any/v1/x", &[("Authorization", &rig.basic())]).status, 200);
}

/// C15 C74
#[test]
fn a_subscription_that_is_not_required_caps_only_while_it_is_active() {
    let rig = Rig::start();
    assert!(rig.get("/free/v1/x").header("x-ratelimit-limit").is_some());
    rig.apply(rig.subscription(8, SubscriptionState::Suspended));
    let answer = rig.get("/free/v1/x");
    assert_eq!((answer.status, answer.header("x-ratelimit-limit")), (200, None));
}

/// C34
#[test]
fn any_of_several_keys_identifies_the_same_client() {
    let rig = Rig::start();
    let second = Secret::generate(Purpose::ApiKey);
    let digest = rig.keys.digest(Purpose::ApiKey, second.reveal());
    rig.apply(rig.credential(|row| {
        row.id = base::id::CredentialId::from_bits(3);
        row.digest = digest;
    }));
    let call = |key: &str| rig.get_with("/echo/v1/x", &[("X-API-Key", key)]);
    assert_eq!(
        call(rig.key.reveal()).echoed_header("wayleave-client"),
        call(second.reveal()).echoed_header("wayleave-client")
    );
    rig.apply(rig.credential(|row| row.active = false));
    assert_eq!(call(rig.key.reveal()).code(), "credential-disabled");
    assert_eq!(call(second.reveal()).status, 200);
}

#[test]
fn basic_credentials_are_read_encoded_and_raw() {
    let rig = Rig::start();
    let secret = rig.secret.reveal();
    for authorization in
        [rig.basic(), rig.basic().replace("Basic", "bAsIc"), basic("demo%2Dclient", &secret.replace('_', "%5F"))]
    {
        assert_eq!(rig.get_with("/basic/v1/x", &[("Authorization", &authorization)]).status, 200, "{authorization}");
    }
    for authorization in [
        basic("other", secret),
        basic("demo-client", "wrong"),
        basic("demo-client", rig.key.reveal()),
        "Basic !!!".to_owned(),
        "Basic".to_owned(),
    ] {
        assert_eq!(
            rig.get_with("/basic/v1/x", &[("Authorization", &authorization)]).code(),
            "credential-invalid",
            "{authorization}"
        );
    }
}

#[test]
fn bodies_pass_with_the_framing_that_they_came_with() {
    let rig = Rig::start();
    let key = [("X-API-Key", rig.key.reveal())];
    let sized = rig.send("POST", "/echo/v1/x", &key, "hello");
    assert_eq!(sized.echoed_header("content-length").as_deref(), Some("5"));
    assert!(sized.echoed().ends_with("\r\n\r\nhello"));
    for method in ["POST", "GET", "DELETE"] {
        let mut connection = rig.connect();
        let head = request(method, "/echo/v1/x", &[key[0], ("Transfer-Encoding", "chunked")], "");
        connection.write(format!("{head}5;ext=1\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n").as_bytes());
        let answer = connection.answer_to(method).unwrap();
        assert_eq!(answer.echoed_header("transfer-encoding").as_deref(), Some("chunked"), "{method}");
        let body: String = answer.echoed().split("\r\n\r\n").nth(1).unwrap().to_owned();
        assert!(body.contains("hello") && body.contains("abc"), "{method}: {body}");
    }
}

#[test]
fn head_no_content_and_not_modified_have_no_body() {
    let rig = Rig::start();
    let key = [("X-API-Key", rig.key.reveal())];
    let mut connection = rig.connect();
    let head = connection.send("HEAD", "/echo/v1/x", &key, "");
    assert_eq!((head.status, head.header("transfer-encoding")), (200, None));
    assert!(head.header("content-length").unwrap().parse::<usize>().unwrap() > 50, "the length that GET would have");
    let empty = connection.send("GET", "/echo/v1/nocontent", &key, "");
    assert_eq!((empty.status, empty.header("content-length"), empty.header("transfer-encoding")), (204, None, None));
    let same = connection.send("GET", "/echo/v1/notmodified", &key, "");
    assert_eq!((same.status, same.header("etag"), same.header("transfer-encoding")), (304, Some("\"1\""), None));
    let refused = connection.send("HEAD", "/nothing", &[], "");
    assert_eq!((refused.status, refused.header("content-type")), (404, Some("application/problem+json")));
    assert_eq!(connection.send("GET", "/echo/v1/teapot", &key, "").status, 418);
    assert_eq!(connection.send("GET", "/echo/v1/x", &key, "").status, 200, "the connection is still in step");
}

#[test]
fn what_concerns_the_upstream_connection_does_not_reach_the_caller() {
    let rig = Rig::start();
    let answer = rig.get("/echo/v1/hops");
    for name in ["x-private", "keep-alive", "proxy-connection", "upgrade", "connection"] {
        assert_eq!(answer.header(name), None, "{name}");
    }
    assert_eq!(answer.header("x-public"), Some("1"));
    assert_ne!(answer.header("x-request-id"), Some("theirs"));
    assert_ne!(answer.header("wayleave-decision"), Some("theirs"));
}

#[test]
fn the_canonical_path_is_matched_and_forwarded() {
    let rig = Rig::start();
    assert!(rig.get("/%65cho/v1/%7euser/a%2fb").echoed().starts_with("GET /base/~user/a%2Fb "));
    for path in [
        "/echo/v1/../../secret",
        "/echo/v1/%2e%2e/x",
        "/echo/v1/..%2fx",
        "/echo/v1/..;/x",
        "/echo/v1//x",
        "//echo/v1/x",
        "/echo/v1/a%0d%0ab",
        "/echo/v1/%zz",
    ] {
        assert_eq!(rig.get(path).code(), "unreadable", "{path}");
    }
    assert!(rig.get("/doc/v1/items/7").echoed().starts_with("GET /base/items/7 "));
    assert!(rig.get("/echo/v1").echoed().starts_with("GET /base HTTP"));
    assert!(rig.get("/echo/v1/").echoed().starts_with("GET /base/ HTTP"));
}

#[test]
fn an_absolute_target_that_agrees_with_the_host_is_served() {
    let rig = Rig::start();
    let answer = rig.get("http://gateway.test/echo/v1/x");
    assert!(answer.echoed().starts_with("GET /base/x "));
}

#[test]
fn websockets_and_tunnels_are_refused_clearly() {
    let rig = Rig::start();
    let key = rig.key.reveal();
    let headers = [("X-API-Key", key), ("Connection", "Upgrade"), ("Upgrade", "websocket")];
    let answer = rig.get_with("/echo/v1/x", &headers);
    assert_eq!(answer.code(), "unreadable");
    assert!(answer.json()["detail"].as_str().unwrap().contains("WebSocket"));
    let tunnel = rig.raw(b"CONNECT other.test:80 HTTP/1.1\r\nHost: other.test:80\r\n\r\n").unwrap();
    assert_eq!(tunnel.code(), "method-not-allowed");
    assert_eq!(rig.send("TRACE", "/echo/v1/x", &[("X-API-Key", key)], "").code(), "method-not-allowed");
    assert_eq!(rig.echo.requests(), 0);
}

#[test]
fn an_expected_continue_comes_when_the_upstream_takes_the_body() {
    let rig = Rig::start();
    let mut connection = rig.connect();
    let head = |key: &str| {
        format!(
            "POST /echo/v1/x HTTP/1.1\r\nHost: gateway.test\r\nX-API-Key: {key}\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        )
    };
    connection.write(head(rig.key.reveal()).as_bytes());
    assert_eq!(connection.head().unwrap().status, 100);
    connection.write(b"hello");
    let answer = connection.answer_to("POST").unwrap();
    assert_eq!(answer.echoed_header("expect"), None);
    assert!(answer.echoed().ends_with("hello"));
    let mut refused = rig.connect();
    refused.write(head("wrong").as_bytes());
    assert_eq!(refused.head().unwrap().status, 401, "who is refused is not asked for the body");
}

#[test]
fn trailers_pass_to_who_asked_for_them() {
    let rig = Rig::start();
    let mut connection = rig.connect();
    let headers = [("X-API-Key", rig.key.reveal()), ("TE", "trailers")];
    connection.write(request("GET", "/echo/v1/trailers", &headers, "").as_bytes());
    assert_eq!(connection.head().unwrap().header("trailer"), Some("X-Sum"));
    assert_eq!(connection.chunk().0, b"ok");
    assert_eq!(connection.chunk().1, ["x-sum: 7"]);
    let head = request(
        "POST",
        "/echo/v1/x",
        &[headers[0], ("Transfer-Encoding", "chunked"), ("Trailer", "X-Sum, Wayleave-App")],
        "",
    );
    connection.write(format!("{head}2\r\nok\r\n0\r\nX-Sum: 7\r\nWayleave-App: forged\r\n\r\n").as_bytes());
    let answer = connection.answer_to("POST").unwrap();
    assert!(answer.echoed().contains("x-sum: 7"), "{}", answer.body);
    assert!(!answer.echoed().contains("forged"));
}

/// An upstream on the portal's host could otherwise read or plant a session.
#[test]
fn our_cookies_neither_reach_an_upstream_nor_come_from_one() {
    let rig = Rig::start();
    let mut head = format!("GET /echo/v1/x HTTP/1.1\r\nHost: gw\r\nX-API-Key: {}\r\n", rig.key.reveal()).into_bytes();
    head.extend_from_slice(b"Cookie: a=\xc3\xa9; wayleave_session=stolen; b=2\r\n\r\n");
    let mut connection = Connection::open(rig.address);
    connection.write(&head);
    let answer = connection.answer_to("GET").unwrap();
    assert!(answer.echoed().contains("b=2") && !answer.echoed().contains("stolen"), "{answer:?}");
    let planted = rig.get_with("/echo/v1/cookies", &[("X-API-Key", rig.key.reveal())]);
    assert_eq!(planted.all("set-cookie"), ["a=1"]);
}

#[test]
fn an_upstream_is_not_told_of_another_method_or_address_than_was_decided_on() {
    let rig = Rig::start();
    let names = ["X-HTTP-Method-Override", "X-HTTP-Method", "X_Method_Override", "X-Original-URL", "X-Rewrite-URL"];
    for name in names {
        let answer = rig.get_with("/echo/v1/x", &[("X-API-Key", rig.key.reveal()), (name, "DELETE")]);
        assert!(!answer.echoed().contains("DELETE"), "{name}: {}", answer.body);
    }
}

#[test]
fn a_credential_of_ours_that_is_not_taken_here_is_kept_back() {
    let rig = Rig::start();
    let key = ("X-API-Key", rig.key.reveal());
    let jwt = |issuer: &str| {
        let part = |text: String| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
        format!("Bearer {}.{}.c2ln", part(r#"{"alg":"ES256"}"#.into()), part(format!(r#"{{"iss":"{issuer}"}}"#)))
    };
    for ours in [rig.basic(), jwt(crate::rig::ISSUER)] {
        let answer = rig.get_with("/echo/v1/x", &[key, ("Authorization", &ours)]);
        assert_eq!(answer.echoed_header("authorization"), None, "{ours}");
    }
    let theirs = jwt("https://upstream.test");
    let answer = rig.get_with("/echo/v1/x", &[key, ("Authorization", &theirs)]);
    assert_eq!(answer.echoed_header("authorization"), Some(theirs));
}

#[test]
fn a_call_that_leads_back_to_the_gateway_ends() {
    let rig = Rig::start();
    let loops = rig
        .publication(4, "open", vec![], false, |row| row.upstreams = vec![format!("http://{}/open/v1", rig.address)]);
    rig.handle.apply(vec![loops], 2);
    let answer = rig.get_with("/open/v1/x", &[]);
    assert_eq!((answer.status, answer.code().as_str()), (502, "upstream-broken"));
    assert_eq!(
        rig.get_with("/echo/v1/x", &[("X-API-Key", rig.key.reveal()), ("Via", "1.1 wayleave, 1.1 other")]).status,
        200
    );
}
