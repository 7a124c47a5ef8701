//! Bad input: each fault gets a problem that names the field and the fix; nothing is lost, nothing is logged at error.

use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;
use testkit::{Actor, PETS, Reply, Story, TestApp, petstore};

/// 422 that names this field and says this about it.
#[track_caller]
fn wrong(reply: Reply, pointer: &str, mention: &str) {
    let reply = reply.problem(422, "invalid");
    let errors = reply["errors"].as_array().unwrap_or_else(|| panic!("no errors in {}", reply.text()));
    let found = errors.iter().find(|error| error["pointer"] == pointer);
    let detail = found.unwrap_or_else(|| panic!("{pointer} is not named: {}", reply.text()))["detail"].as_str();
    assert!(detail.is_some_and(|d| d.contains(mention)), "{mention:?}: {}", reply.text());
}

async fn send(who: &Actor, path: &str, media: &str, body: impl Into<bytes::Bytes>) -> Reply {
    who.send(http::Method::POST, path, Some(media), body.into()).await
}

async fn head(app: &TestApp) -> i64 {
    *app.server().platform.db.head().borrow()
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused_with_the_place() {
    let app = TestApp::start().await;
    let this = app.person("dev").await;
    let before = head(&app).await;
    let path = "/api/v1/organizations";
    for broken in [r#"{"name": "x""#, "{name: 1}", "nonsense", r#"{"name": "x"} {}"#, "{\"name\": \"\u{1}\"}", "[[[["] {
        let reply = send(&this, path, "application/json", broken).await;
        assert!(matches!(reply.status.as_u16(), 400 | 422), "{broken}: {}", reply.text());
        assert!(reply.str("detail").len() > 20 && reply["request_id"].is_string(), "{broken}: {}", reply.text());
    }
    let cut = send(&this, path, "application/json", r#"{"name": "x", "#).await.problem(400, "unreadable");
    assert!(cut.str("detail").contains("line 1 column"), "{}", cut.text());
    send(&this, path, "application/json", vec![b'"', 0xff, b'"']).await.problem(400, "unreadable");
    let deep = "[".repeat(100_000);
    assert!(send(&this, path, "application/json", deep).await.status.is_client_error());
    send(&this, path, "text/plain", "{}").await.problem(415, "media-type");
    send(&this, path, "application/xml", "<x/>").await.problem(415, "media-type");
    let huge = json!({"name": "x", "description": "x".repeat(300_000)}).to_string();
    let reply = send(&this, path, "application/json", huge).await.problem(413, "too-large");
    assert!(reply.str("detail").contains("262144"), "{}", reply.text());
    assert_eq!(head(&app).await, before, "nothing was written");
}

#[tokio::test]
async fn wrong_values_are_named_by_their_pointer() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let before = head(&app).await;
    let (provider, consumer) = (&story.provider, &story.consumer);
    wrong(provider.post("/api/v1/organizations", json!({})).await, "/name", "name");
    wrong(provider.post("/api/v1/organizations", json!({"name": 7})).await, "/name", "expected a string");
    wrong(provider.post("/api/v1/organizations", json!({"name": " "})).await, "/name", "1 to 120");
    wrong(provider.post("/api/v1/organizations", json!({"name": "x\u{0}y"})).await, "/name", "1 to 120");
    let unknown = json!({"name": "x", "version": 7});
    wrong(provider.post("/api/v1/organizations", unknown).await, "/version", "unknown field");
    let foreign_kind = json!({"organization": story.app, "name": "x"});
    wrong(consumer.post("/api/v1/apps", foreign_kind).await, "/organization", "org_");
    let windows =
        |window: Value| json!({"organization": story.provider_organization, "name": "x", "windows": [window]});
    let path = "/api/v1/limit_groups";
    wrong(provider.post(path, windows(json!({"count": -1, "per": "minute"}))).await, "/windows/0/count", "1");
    wrong(
        provider.post(path, windows(json!({"count": 1.5, "per": "minute"}))).await,
        "/windows/0/count",
        "whole number",
    );
    wrong(provider.post(path, windows(json!({"count": 1, "per": "moon"}))).await, "/windows/0/per", "minute");
    let path = format!("/api/v1/organizations/{}/destinations", story.provider_organization);
    for bad in ["nowhere", "ftp://x.example", "http://", "http://a@x.example", ""] {
        wrong(provider.post(&path, json!({"name": "x", "url": bad})).await, "/url", "");
    }
    let path = format!("/api/v1/clients/{}/credentials", story.client);
    let when = |text: &str| json!({"kind": "api_key", "expires_at": text});
    wrong(consumer.post(&path, when("tomorrow")).await, "/expires_at", "tomorrow");
    wrong(consumer.post(&path, when("2001-01-01T00:00:00Z")).await, "/expires_at", "");
    wrong(consumer.post(&path, json!({"kind": "password"})).await, "/kind", "api_key");
    assert_eq!(head(&app).await, before, "nothing was written");
}

#[tokio::test]
async fn parameters_are_named_too() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let this = &story.provider;
    wrong(this.get("/api/v1/apps?limit=abc").await, "limit", "limit");
    wrong(this.get("/api/v1/apps?limit=99999999999999999999").await, "limit", "limit");
    wrong(this.get("/api/v1/apps?limt=5").await, "limt", "expected");
    wrong(this.get("/api/v1/apps?limit=1&limit=2").await, "limit", "twice");
    wrong(this.get("/api/v1/apps?after=%00").await, "after", "NUL");
    wrong(this.get("/api/v1/tasks?state=lost").await, "state", "open");
    wrong(this.get("/api/v1/me/notices?unread=maybe").await, "unread", "unread");
    wrong(this.get(&format!("/api/v1/usage?app={}", story.api)).await, "app", "app_");
    for limit in ["0", "-5", "100000"] {
        this.get(&format!("/api/v1/apps?limit={limit}")).await.is(200);
    }
    for path in ["/api/v1/apps/x", "/api/v1/apps/app_x", "/api/v1/nothing", "/api/v1/apps/%00"] {
        let reply = this.get(path).await.problem(404, "not-found");
        assert!(reply.str("detail").len() > 15, "{}", reply.text());
    }
    let reply = this.delete("/api/v1/apps").await.problem(405, "method-not-allowed");
    let allowed: std::collections::BTreeSet<&str> = reply.header("allow").split(',').collect();
    assert_eq!(allowed, ["GET", "HEAD", "POST"].into());
}

/// A05
#[tokio::test]
async fn broken_documents_are_refused_with_the_place_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let path = format!("/api/v1/apis/{}/versions?name=v9", story.api);
    let before = head(&app).await;
    let whole = petstore().to_string();
    for length in [0, 1, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        let reply = send(&story.provider, &path, "application/json", whole[..length].to_owned()).await;
        assert!(matches!(reply.status.as_u16(), 400 | 422), "cut at {length}: {} {}", reply.status, reply.text());
        assert!(reply.str("detail").len() > 20, "{}", reply.text());
    }
    let mut cyclic = petstore();
    cyclic["paths"]["/pets"] = json!({"$ref": "#/paths/~1a"});
    cyclic["paths"]["/a"] = json!({"$ref": "#/paths/~1pets"});
    let reply = send(&story.provider, &path, "application/json", cyclic.to_string()).await.problem(422, "invalid");
    assert!(reply.text().contains("/paths/~1"), "{}", reply.text());
    let mut many = petstore();
    for n in 0..100_000 {
        many["paths"][format!("/p{n}")] = json!({"get": {"responses": {"200": {"description": ""}}}});
    }
    let reply = send(&story.provider, &path, "application/json", many.to_string()).await;
    assert!(matches!(reply.status.as_u16(), 413 | 422), "{} {}", reply.status, reply.text());
    assert!(reply.text().contains("10000") || reply.text().contains("400000"), "the limit is named: {}", reply.text());
    let bomb = "a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n\
                d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n\
                f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\nopenapi: 3.0.0\nx: [*f,*f,*f,*f,*f,*f,*f,*f]\n";
    assert!(send(&story.provider, &path, "application/yaml", bomb).await.status.is_client_error());
    let reply = send(&story.provider, &path, "application/json", vec![b' '; 9 << 20]).await;
    reply.problem(413, "too-large");
    assert_eq!(head(&app).await, before, "nothing was written");
    // A schema may well refer to itself: that is no fault.
    let mut tree = petstore();
    tree["components"]["schemas"]["Node"] = json!({"properties": {"next": {"$ref": "#/components/schemas/Node"}}});
    send(&story.provider, &path, "application/json", tree.to_string()).await.is(201);
}

/// X06
#[tokio::test]
async fn a_write_with_a_cookie_needs_the_token_and_our_own_origin() {
    let app = TestApp::start().await;
    let admin_name = app.person("dev").await.name;
    let body = json!({"username": admin_name, "password": "a long enough phrase"});
    let begun = app.nobody().post("/api/v1/session", body.clone()).await.is(200);
    let attributes = begun.header("set-cookie").to_owned();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(attributes.contains(attribute), "{attribute}: {attributes}");
    }
    let cookie = app.nobody().with("cookie", attributes.split(';').next().unwrap());
    let csrf = begun.str("csrf_token");
    let found = json!({"name": "x"});
    let own = app.server().public_url.clone();
    let good = cookie.with("x-csrf-token", &csrf);
    cookie.get("/api/v1/me").await.is(200);
    let before = head(&app).await;
    for forged in [
        cookie.clone(),
        cookie.with("x-csrf-token", ""),
        cookie.with("x-csrf-token", &"0".repeat(csrf.len())),
        cookie.with("origin", &own),
        good.with("origin", "https://evil.example"),
        good.with("origin", "null"),
        good.with("sec-fetch-site", "cross-site"),
        good.with("sec-fetch-site", "same-site"),
    ] {
        let reply = forged.post("/api/v1/organizations", found.clone()).await.problem(403, "cross-site");
        assert!(reply.str("detail").contains("X-CSRF-Token") || reply.str("detail").contains("Another site"));
    }
    let evil = app.nobody().with("sec-fetch-site", "cross-site");
    evil.post("/api/v1/session", body).await.problem(403, "cross-site");
    assert_eq!(head(&app).await, before, "nothing was written");
    good.with("origin", &own).with("sec-fetch-site", "same-origin").post("/api/v1/organizations", found).await.is(201);
    good.delete("/api/v1/session").await.is(200);
    cookie.get("/api/v1/me").await.problem(401, "unauthenticated");
}

/// X06
#[tokio::test]
async fn guessing_passwords_is_slowed_down_by_name() {
    let app = TestApp::start().await;
    let (victim, other) = (app.person("victim").await, app.person("other").await);
    let guess = async |name: &str, password: &str| {
        app.nobody().post("/api/v1/session", json!({"username": name, "password": password})).await
    };
    for _ in 0..10 {
        guess(&victim.name, "a wrong phrase").await.problem(401, "sign-in-failed");
    }
    let slow = guess(&victim.name.to_uppercase(), "a long enough phrase").await.problem(429, "slow-down");
    assert_eq!(slow.header("retry-after"), "300");
    guess(&other.name, "a long enough phrase").await.is(200);
    victim.get("/api/v1/me").await.is(200);
    app.clock.advance_seconds(299);
    guess(&victim.name, "a long enough phrase").await.problem(429, "slow-down");
    app.clock.advance_seconds(2);
    guess(&victim.name, "a long enough phrase").await.is(200);
    let (unknown, known) = (guess("nobody-there", "x").await.is(401), guess(&other.name, "x").await.is(401));
    assert_eq!(unknown["detail"], known["detail"], "the answer does not tell which names exist");
}

/// X06
#[tokio::test]
async fn a_smuggled_request_reaches_nobody() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    app.keyed(&story.key).get(PETS).await.is(200);
    let head = format!("POST {PETS} HTTP/1.1\r\nHost: x\r\nX-API-Key: {}\r\n", story.key);
    let inner = format!("GET {PETS}/smuggled HTTP/1.1\r\nHost: x\r\nX-API-Key: {}\r\n\r\n", story.key);
    let calls = app.upstream.calls();
    for attack in [
        format!("{head}Content-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}", inner.len() + 5),
        format!("{head}Content-Length: 0\r\nContent-Length: {}\r\n\r\n{inner}", inner.len()),
        format!("{head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{inner}"),
        format!("{head}Host: y\r\n\r\n{inner}"),
        format!("{head}A: b\n\r\n{inner}"),
        format!("{head}A: b\r\n c\r\n\r\n{inner}"),
    ] {
        let mut stream = TcpStream::connect(app.server().gateway).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(attack.as_bytes()).unwrap();
        let mut answer = String::new();
        // The listener closes after its refusal, so this ends; a reset after the answer is as good.
        let _reset = stream.read_to_string(&mut answer);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{attack}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "one answer: {answer}");
        assert!(answer.contains("\"unreadable\""), "{answer}");
    }
    assert_eq!(app.upstream.calls(), calls, "nothing was forwarded");
}

/// X05
#[tokio::test]
async fn credentials_that_are_no_good_are_told_apart() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let this = &story.consumer;
    let end = app.clock.now().plus_seconds(60).to_string();
    let short = this.post("/api/v1/me/tokens", json!({"name": "short", "expires_at": end})).await.is(201);
    let bearer = |token: &str| app.nobody().with("authorization", &format!("Bearer {token}"));
    let token = short.str("token");
    bearer(&token).get("/api/v1/me").await.is(200);
    app.clock.advance_seconds(61);
    bearer(&token).get("/api/v1/me").await.problem(401, "unauthenticated");
    for foreign in [&story.key, &story.secret, "wlp_x", "", "eyJhbGciOiJub25lIn0.e30.", &token[..token.len() - 1]] {
        let reply = bearer(foreign).get("/api/v1/me").await.problem(401, "unauthenticated");
        assert!(reply.header("www-authenticate").starts_with("Bearer"), "{foreign}");
        // A public operation is no reason to overlook it.
        bearer(foreign).get("/api/v1/apis").await.problem(401, "unauthenticated");
    }
    app.nobody().with("authorization", "Basic eDp5").get("/api/v1/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn sql_in_texts_is_stored_and_read_back_unchanged() {
    let app = TestApp::start().await;
    let this = app.person("dev").await;
    for text in [
        "'; DROP TABLE users; --",
        "\" OR 1=1 --",
        "$1 ? :a @b %s {0}",
        "\\'; \\\"",
        "Robert'); DELETE FROM changes;--",
        "<script>alert(1)</script>",
        "日本語 🦀 \u{5d0}x",
        "%00 %27 &amp;",
        "NULL",
        "1e309",
    ] {
        let body = json!({"name": text, "description": text});
        let made = this.post("/api/v1/organizations", body).await.is(201);
        let read = this.get(&format!("/api/v1/organizations/{}", made.str("id"))).await.is(200);
        assert_eq!((read.str("name"), read.str("description")), (text.to_owned(), text.to_owned()));
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("username", text).finish();
        let found = this.get(&format!("/api/v1/users?{query}")).await;
        assert!(!found.status.is_server_error() && found.json["items"].as_array().is_none_or(Vec::is_empty));
    }
    let admin = app.admin().await;
    assert_eq!(admin.get("/api/v1/trail/verification").await.is(200)["intact"], true);
}

/// F26
#[tokio::test]
async fn an_edit_of_something_that_has_changed_is_refused() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let path = format!("/api/v1/apps/{}", story.app);
    let tag = story.consumer.get(&path).await.is(200).header("etag").to_owned();
    let careful = story.consumer.with("if-match", &tag);
    let newer = careful.patch(&path, json!({"name": "first"})).await.is(200).header("etag").to_owned();
    assert_ne!(tag, newer);
    careful.patch(&path, json!({"name": "second"})).await.problem(412, "stale");
    assert_eq!(story.consumer.get(&path).await["name"], "first");
    story.consumer.with("if-match", &newer).patch(&path, json!({"name": "second"})).await.is(200);
    story.consumer.with("if-match", "*").patch(&path, json!({"name": "third"})).await.is(200);
    let odd = story.consumer.with("if-match", "W/\"x\"").patch(&path, json!({"name": "fourth"})).await;
    assert!(odd.problem(400, "unreadable").str("detail").contains("ETag"));
}

/// X06
#[tokio::test]
async fn nobody_gives_themselves_what_only_others_may_give() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let user = |more: Value| {
        let mut body = json!({"username": "mass", "email": "m@example.com", "password": "a long enough phrase"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for more in [json!({"site_admin": true}), json!({"kind": "service_account"}), json!({"id": "usr_x"})] {
        let member = format!("/{}", more.as_object().unwrap().keys().next().unwrap());
        wrong(app.nobody().post("/api/v1/users", user(more)).await, &member, "unknown field");
    }
    let path = format!("/api/v1/apps/{}", story.app);
    let moved = json!({"organization": story.provider_organization});
    wrong(story.consumer.patch(&path, moved).await, "/organization", "unknown field");
    let mut body =
        json!({"apps": [story.app], "api": story.api, "environment": "production", "plan": story.guarded_plan});
    body["state"] = json!("active");
    wrong(story.consumer.post("/api/v1/subscriptions", body).await, "/state", "unknown field");
    let path = format!("/api/v1/clients/{}", story.client);
    wrong(story.consumer.patch(&path, json!({"client_id": "another"})).await, "/client_id", "unknown field");
}

#[tokio::test]
async fn localhost_is_sent_to_the_public_address() {
    let app = TestApp::start().await;
    let port = app.server().control.port();
    let reply = app.nobody().with("host", &format!("localhost:{port}")).get("/api/docs?x=1").await.is(308);
    assert_eq!(reply.header("location"), format!("{}/api/docs?x=1", app.server().public_url));
}
