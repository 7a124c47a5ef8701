//! The authorization server as clients use it, and whether the gateway agrees with it.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use oauth::jose::SigningKey;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Actor, PETS, Reply, START, Story, TestApp};

/// The `Authorization` of HTTP Basic.
pub(crate) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{id}:{secret}").as_bytes()))
}

/// A program that authenticates at the OAuth endpoints by Basic.
pub(crate) fn machine(app: &TestApp, id: &str, secret: &str) -> Actor {
    app.nobody().with("authorization", &basic(id, secret))
}

/// The story's client at the token endpoint.
pub(crate) async fn ask(app: &TestApp, story: &Story, more: &[(&str, &str)]) -> Reply {
    let mut pairs = vec![("grant_type", "client_credentials")];
    pairs.extend_from_slice(more);
    machine(app, &story.client_id, &story.secret).form("/oauth2/token", &pairs).await
}

/// A token of this type for the story's client.
pub(crate) async fn token(app: &TestApp, story: &Story, kind: &str) -> String {
    edit(story, json!({"accesstoken_type": kind})).await;
    ask(app, story, &[]).await.is(200).str("access_token")
}

/// Whoever calls the gateway with this token.
pub(crate) fn bearer(app: &TestApp, token: &str) -> Actor {
    app.gateway().with("authorization", &format!("Bearer {token}"))
}

/// Changes the story's client.
pub(crate) async fn edit(story: &Story, change: Value) {
    story.consumer.patch(&format!("/api/v1/clients/{}", story.client), change).await.is(200);
}

/// Sets what the story's version takes.
pub(crate) async fn takes(story: &Story, security: Value) {
    let path = format!("/api/v1/versions/{}", story.version);
    story.provider.patch(&path, json!({"security": security})).await.is(200);
    // A publication pins a revision: the change holds once it is published again.
    for environment in ["production", "sandbox"] {
        let publication = format!("{path}/publications/{environment}");
        story.provider.put(&publication, json!({"destination": story.destination})).await.is(200);
    }
}

/// A story whose API takes tokens, keys and Basic, and whose app is subscribed to it.
pub(crate) async fn open(app: &TestApp) -> Story {
    let story = Story::tell(app).await;
    takes(&story, json!([{"scheme": "api_key"}, {"scheme": "oauth"}, {"scheme": "basic"}])).await;
    story.subscribed().await;
    story
}

/// Another client of the same app, with a secret: its id, `client_id` and secret.
pub(crate) async fn another_client(story: &Story, settings: Value) -> (String, String, String) {
    let mut body = json!({"app": story.app, "name": "Another"});
    for (name, value) in settings.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    let made = story.consumer.post("/api/v1/clients", body).await.is(201);
    let path = format!("/api/v1/clients/{}/credentials", made.str("id"));
    let secret = story.consumer.post(&path, json!({"kind": "client_secret"})).await.is(201).str("secret");
    (made.str("id"), made.str("client_id"), secret)
}

/// What a JWT carries, unverified.
fn claims(token: &str) -> Value {
    let body = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&BASE64URL_NOPAD.decode(body.as_bytes()).expect("base64url")).expect("JSON")
}

/// F34 C33 C39
#[tokio::test]
async fn a_client_gets_tokens_by_header_and_by_form_and_calls_with_them() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    edit(&story, json!({"allowed_scopes": ["pets.read", "pets.write"]})).await;
    let by_form = [
        ("grant_type", "client_credentials"),
        ("client_id", story.client_id.as_str()),
        ("client_secret", story.secret.as_str()),
    ];
    let replies = [
        ask(&app, &story, &[]).await,
        ask(&app, &story, &[("client_id", &story.client_id)]).await,
        app.nobody().form("/oauth2/token", &by_form).await,
    ];
    for reply in replies {
        let reply = reply.is(200);
        assert_eq!(reply["token_type"], "Bearer");
        assert!(reply["expires_in"].is_u64(), "{}", reply.text());
        assert_eq!(reply["scope"], "pets.read pets.write");
        assert!(reply["refresh_token"].is_null());
        assert_eq!(reply.header("cache-control"), "no-store");
        let call = bearer(&app, &reply.str("access_token")).get(PETS).await.is(200);
        // The scheme has no case (RFC 9110 section 11.1), and the upstream does not see the token.
        assert_eq!(call["headers"]["authorization"], Value::Null);
        let lower = format!("bearer {}", reply.str("access_token"));
        app.gateway().with("authorization", &lower).get(PETS).await.is(200);
    }
}

/// C43 X04
#[tokio::test]
async fn a_jwt_verifies_with_the_published_keys_and_names_user_and_client() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    edit(&story, json!({"allowed_scopes": ["pets.read"]})).await;
    let text = token(&app, &story, "JWT").await;
    let published = app.nobody().get("/oauth2/jwks").await.is(200);
    let keys: JwkSet = serde_json::from_value(published.json.clone()).expect("a JWK set");
    for key in published["keys"].as_array().expect("keys") {
        assert!(key["d"].is_null(), "a private key is published");
        assert_eq!((&key["use"], &key["alg"]), (&json!("sig"), &json!("ES256")));
    }
    let header = jsonwebtoken::decode_header(&text).expect("a header");
    assert_eq!((header.typ.as_deref(), header.alg), (Some("at+jwt"), Algorithm::ES256));
    let key = keys.find(&header.kid.expect("a kid")).expect("its key is published");
    let mut checks = Validation::new(Algorithm::ES256);
    checks.set_issuer(&[&app.server().public_url]);
    checks.set_audience(&[&app.server().gateway_url]);
    // The program's clock stands still; what the library would compare with is the machine's.
    checks.validate_exp = false;
    let decoded = jsonwebtoken::decode::<Value>(&text, &DecodingKey::from_jwk(key).expect("a key"), &checks);
    let claims = decoded.expect("the signature holds").claims;

    let client = story.consumer.get(&format!("/api/v1/clients/{}", story.client)).await.is(200);
    assert_eq!(claims["sub"], client["service_account"]);
    assert_eq!(claims["client_id"], story.client_id.as_str());
    assert_eq!(claims["preferred_username"], format!("service-account-{}", story.client_id));
    assert_eq!(claims["name"], "Shop backend");
    assert_eq!(claims["app"], story.app.as_str());
    assert_eq!(claims["scope"], "pets.read");
    assert_eq!(claims["iat"], START.seconds());
    assert_eq!(claims["exp"], START.seconds() + 600);
    let user = story.consumer.get(&format!("/api/v1/users/{}", claims["sub"].as_str().unwrap_or(""))).await.is(200);
    assert_eq!(user["username"], claims["preferred_username"]);
    bearer(&app, &text).get(PETS).await.is(200);
}

/// X04 F36
#[tokio::test]
async fn discovery_lists_what_is_there_and_nothing_else() {
    let app = TestApp::start().await;
    let issuer = app.server().public_url.clone();
    let mut documents = Vec::new();
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        let document = app.nobody().get(path).await.is(200);
        assert_eq!(document["issuer"], issuer.as_str());
        assert!(!document.header("x-request-id").is_empty());
        assert_eq!(document["grant_types_supported"], json!(["client_credentials"]));
        let methods = &document["token_endpoint_auth_methods_supported"];
        assert_eq!(*methods, json!(["client_secret_basic", "client_secret_post"]));
        documents.push(document);
    }
    for document in &documents {
        for (name, value) in document.json.as_object().expect("an object") {
            let Some(path) = value.as_str().and_then(|v| v.strip_prefix(&issuer)).filter(|p| !p.is_empty()) else {
                continue;
            };
            let reply = app.nobody().get(path).await;
            assert_ne!(reply.status.as_u16(), 404, "{name} promises {path}");
        }
        for absent in ["authorization_endpoint", "userinfo_endpoint", "registration_endpoint"] {
            assert!(document[absent].is_null(), "{absent}");
        }
    }
}

/// C42
#[tokio::test]
async fn an_opaque_token_is_a_handle_with_a_secret_behind_it() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    let (one, two) = (token(&app, &story, "UUID").await, token(&app, &story, "UUID").await);
    assert_ne!(one, two);
    let parts: Vec<&str> = one.split('_').collect();
    assert_eq!((parts.len(), parts[0]), (3, "wlt"), "{one}");
    let groups: Vec<usize> = parts[1].split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12]);
    assert!(parts[1].bytes().all(|b| b == b'-' || b.is_ascii_hexdigit()), "{one}");
    // 22 symbols of base62 carry 130 bits; the secret must have at least 128.
    assert!(parts[2].len() >= 22 && parts[2].bytes().all(|b| b.is_ascii_alphanumeric()), "{one}");

    let claims = machine(&app, &story.client_id, &story.secret).form("/oauth2/introspect", &[("token", &one)]).await;
    assert_eq!(claims.is(200)["active"], true);
    bearer(&app, &one).get(PETS).await.is(200);
    let swapped = format!("wlt_{}_{}", parts[1], two.rsplit('_').next().unwrap_or(""));
    for bad in [parts[1].to_owned(), format!("wlt_{}", parts[1]), swapped, one[..one.len() - 1].to_owned()] {
        bearer(&app, &bad).get(PETS).await.problem(401, "credential-invalid");
    }
}

/// C46
#[tokio::test]
async fn a_token_of_two_seconds_ends_with_the_second() {
    let app = TestApp::with(|config| config.access_token_seconds = 90).await;
    let story = open(&app).await;
    let usual = ask(&app, &story, &[]).await.is(200);
    assert_eq!(usual["expires_in"], 90);
    edit(&story, json!({"accesstoken_valid_seconds": 2})).await;
    assert_eq!(ask(&app, &story, &[]).await.is(200)["expires_in"], 2);
    let tokens = [token(&app, &story, "JWT").await, token(&app, &story, "UUID").await];
    // Seen by nobody before its end, so that no cache can have it.
    let unseen = token(&app, &story, "JWT").await;
    let this = machine(&app, &story.client_id, &story.secret);
    for seconds in 0..4 {
        for text in &tokens {
            let call = bearer(&app, text).get(PETS).await;
            let asked = this.form("/oauth2/introspect", &[("token", text)]).await.is(200);
            assert_eq!(asked["active"], seconds < 2, "after {seconds} s");
            if seconds < 2 {
                call.is(200);
            } else {
                let refused = call.problem(401, "credential-expired");
                assert!(refused.header("www-authenticate").contains("invalid_token"));
                assert_eq!(asked.json, json!({"active": false}));
            }
        }
        app.clock.advance_seconds(1);
    }
    bearer(&app, &unseen).get(PETS).await.problem(401, "credential-expired");
    edit(&story, json!({"accesstoken_valid_seconds": null})).await;
    assert_eq!(ask(&app, &story, &[]).await.is(200)["expires_in"], 90, "the server's own lifetime again");
}

/// Tokens that nobody issued here, and what else somebody might send in the place of one.
async fn forgeries(app: &TestApp, story: &Story, good: &str, handle: &str) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = good.split('.').collect();
    let json_part = |value: Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let kid = jsonwebtoken::decode_header(good).expect("a header").kid.expect("a kid");
    let header = |alg: Algorithm, kid: &str, typ: &str| {
        let mut header = Header::new(alg);
        (header.kid, header.typ) = (Some(kid.to_owned()), Some(typ.to_owned()));
        header
    };
    let foreign = SigningKey::generate_es256().expect("a key");
    let theirs = EncodingKey::from_ec_der(&foreign.to_pkcs8());
    let jwks = app.nobody().get("/oauth2/jwks").await.is(200);
    let public = EncodingKey::from_secret(jwks["keys"][0].to_string().as_bytes());
    let sign = |header: &Header, key: &EncodingKey| jsonwebtoken::encode(header, &claims(good), key).expect("signed");
    let mut richer = claims(good);
    richer["scope"] = json!("everything");
    let none = json_part(json!({"typ": "at+jwt", "alg": "none", "kid": kid}));
    vec![
        ("other claims under the old signature", format!("{}.{}.{}", parts[0], json_part(richer), parts[2])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("alg none", format!("{none}.{}.", parts[1])),
        ("HS256 with the public key", sign(&header(Algorithm::HS256, &kid, "at+jwt"), &public)),
        ("a foreign key under our kid", sign(&header(Algorithm::ES256, &kid, "at+jwt"), &theirs)),
        ("a foreign key under its own kid", sign(&header(Algorithm::ES256, foreign.kid(), "at+jwt"), &theirs)),
        ("a foreign ID token", sign(&header(Algorithm::ES256, &kid, "JWT"), &theirs)),
        ("the JWT without its end", good[..good.len() - 2].to_owned()),
        ("the handle without its end", handle[..handle.len() - 2].to_owned()),
        ("an API key", story.key.clone()),
        ("a client secret", story.secret.clone()),
        ("nonsense", "x".repeat(9000)),
    ]
}

/// Asks gateway and introspection about a token; both must say the same.
async fn agree(app: &TestApp, asker: &Actor, what: &str, token: &str, lives: bool) {
    let call = bearer(app, token).get(PETS).await;
    let asked = asker.form("/oauth2/introspect", &[("token", token)]).await.is(200);
    assert_eq!(asked["active"], lives, "introspection of {what}");
    assert_eq!(call.status.as_u16() == 200, lives, "gateway about {what}: {}", call.text());
    if !lives {
        assert_eq!(asked.json, json!({"active": false}), "{what}: nothing else is told");
    }
}

/// X05 X02 F26 F27
#[tokio::test]
async fn gateway_and_introspection_agree_about_every_token() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    let (asking, id, secret) = another_client(&story, json!({})).await;
    let given = json!({"allowed_scopes": ["token.introspect"]});
    app.admin().await.patch(&format!("/api/v1/clients/{asking}"), given).await.is(200);
    let asker = machine(&app, &id, &secret);
    let this = machine(&app, &story.client_id, &story.secret);
    let (jwt, opaque) = (token(&app, &story, "JWT").await, token(&app, &story, "UUID").await);
    let gone = [token(&app, &story, "JWT").await, token(&app, &story, "UUID").await];
    for (what, text) in forgeries(&app, &story, &jwt, &opaque).await {
        agree(&app, &asker, what, &text, false).await;
    }
    for text in [&jwt, &opaque, &gone[0], &gone[1]] {
        agree(&app, &asker, "a fresh token", text, true).await;
    }
    for text in &gone {
        this.form("/oauth2/revoke", &[("token", text)]).await.is(200);
        agree(&app, &asker, "a revoked token", text, false).await;
    }
    for text in [&jwt, &opaque] {
        agree(&app, &asker, "a token beside a revoked one", text, true).await;
    }
    let client = format!("/api/v1/clients/{}", story.client);
    story.consumer.post(&format!("{client}/disable"), json!({})).await.is(200);
    for text in [&jwt, &opaque, &gone[0], &gone[1]] {
        agree(&app, &asker, "a token of a disabled client", text, false).await;
    }
    story.consumer.post(&format!("{client}/enable"), json!({})).await.is(200);
    let new = [token(&app, &story, "JWT").await, token(&app, &story, "UUID").await];
    for (old, new) in [&jwt, &opaque].into_iter().zip(&new) {
        agree(&app, &asker, "a token from before the client was disabled", old, false).await;
        agree(&app, &asker, "a token from after it was enabled", new, true).await;
    }
    app.clock.advance_seconds(599);
    for text in &new {
        agree(&app, &asker, "a token in its last second", text, true).await;
    }
    app.clock.advance_seconds(2);
    for text in &new {
        agree(&app, &asker, "a token after its end", text, false).await;
    }
}

/// X05 X02
#[tokio::test]
async fn only_its_own_client_ends_a_token_and_the_next_call_feels_it() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    let (_, id, secret) = another_client(&story, json!({})).await;
    let (this, other) = (machine(&app, &story.client_id, &story.secret), machine(&app, &id, &secret));
    for (kind, code) in [("JWT", "credential-disabled"), ("UUID", "credential-invalid")] {
        let text = token(&app, &story, kind).await;
        other.form("/oauth2/revoke", &[("token", &text)]).await.is(200);
        bearer(&app, &text).get(PETS).await.is(200);
        assert_eq!(other.form("/oauth2/introspect", &[("token", &text)]).await.is(200).json, json!({"active": false}));
        let hint = [("token", text.as_str()), ("token_type_hint", "refresh_token")];
        assert_eq!(this.form("/oauth2/introspect", &hint).await.is(200)["active"], true, "a wrong hint does no harm");
        let done = this.form("/oauth2/revoke", &hint).await.is(200);
        assert_eq!(done.header("cache-control"), "no-store");
        bearer(&app, &text).get(PETS).await.problem(401, code);
        this.form("/oauth2/revoke", &[("token", &text)]).await.is(200);
    }
    this.form("/oauth2/revoke", &[("token", "never issued")]).await.is(200);
    for path in ["/oauth2/revoke", "/oauth2/introspect"] {
        assert_eq!(app.nobody().form(path, &[("token", "x")]).await.is(401)["error"], "invalid_client");
        assert_eq!(this.form(path, &[]).await.is(400)["error"], "invalid_request");
    }
}

/// X05
#[tokio::test]
async fn introspection_tells_whose_token_it_is() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    edit(&story, json!({"allowed_scopes": ["pets.read"], "accesstoken_valid_seconds": 60})).await;
    let account = story.consumer.get(&format!("/api/v1/clients/{}", story.client)).await.is(200);
    let this = machine(&app, &story.client_id, &story.secret);
    for kind in ["JWT", "UUID"] {
        let text = token(&app, &story, kind).await;
        let mut told = this.form("/oauth2/introspect", &[("token", &text)]).await.is(200).json;
        let jti = told.as_object_mut().and_then(|o| o.remove("jti"));
        assert!(jti.is_some_and(|j| j.as_str().is_some_and(|j| !text.contains(j))), "an id, not the token");
        let expected = json!({
            "active": true, "scope": "pets.read", "client_id": story.client_id, "token_type": "Bearer",
            "username": format!("service-account-{}", story.client_id), "sub": account["service_account"],
            "iat": START.seconds(), "exp": START.seconds() + 60,
            "aud": app.server().gateway_url, "iss": app.server().public_url,
        });
        assert_eq!(told, expected, "{kind}");
    }
}

/// C36 C37 X03
#[tokio::test]
async fn only_allowed_scopes_and_grants_are_given_and_the_gateway_asks_for_them() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    takes(&story, json!([{"scheme": "oauth", "scopes": ["pets.read"]}])).await;
    edit(&story, json!({"allowed_scopes": ["pets.read", "pets.write"]})).await;
    assert_eq!(ask(&app, &story, &[]).await.is(200)["scope"], "pets.read pets.write");
    let foreign = ask(&app, &story, &[("scope", "pets.read admin")]).await.is(400);
    assert_eq!(foreign["error"], "invalid_scope");
    assert!(foreign.str("error_description").contains("admin"), "{}", foreign.text());
    for kind in ["JWT", "UUID"] {
        edit(&story, json!({"accesstoken_type": kind})).await;
        let less = ask(&app, &story, &[("scope", "pets.write")]).await.is(200);
        assert_eq!(less["scope"], "pets.write");
        let refused = bearer(&app, &less.str("access_token")).get(PETS).await.problem(403, "scope-missing");
        let challenge = refused.header("www-authenticate");
        assert!(challenge.contains("insufficient_scope") && challenge.contains("pets.read"), "{challenge}");
        let enough = ask(&app, &story, &[("scope", "pets.read")]).await.is(200);
        bearer(&app, &enough.str("access_token")).get(PETS).await.is(200);
    }
    edit(&story, json!({"valid_grant_types": []})).await;
    assert_eq!(ask(&app, &story, &[]).await.is(400)["error"], "unauthorized_client");
}

/// One request that the token endpoint must refuse: what is wrong, its body, what comes back.
type Refused<'a> = (&'a str, &'a str, u16, &'a str);

/// F34 C37 X05
#[tokio::test]
async fn the_token_endpoint_refuses_in_the_words_of_its_specification() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let good = "grant_type=client_credentials";
    let (doubled, second) = (format!("{good}&{good}"), format!("{good}&client_secret={}", story.secret));
    let twice = format!("{good}&x=1&x=2");
    let table: &[Refused<'_>] = &[
        ("nothing", "", 400, "invalid_request"),
        ("an empty parameter counts as absent", "grant_type=", 400, "invalid_request"),
        ("a parameter twice", &doubled, 400, "invalid_request"),
        ("an unknown parameter twice", &twice, 400, "invalid_request"),
        ("two authentications", &second, 400, "invalid_request"),
        ("another id in the form", "grant_type=client_credentials&client_id=x", 400, "invalid_request"),
        ("people's passwords", "grant_type=password&username=a&password=b", 400, "unsupported_grant_type"),
        ("a code", "grant_type=authorization_code&code=x", 400, "unsupported_grant_type"),
        ("a scope with quotes", "grant_type=client_credentials&scope=%22", 400, "invalid_scope"),
        ("another audience", "grant_type=client_credentials&resource=https://x.example", 400, "invalid_target"),
        ("half an escape", "grant_type=client_credentials&scope=%4", 400, "invalid_request"),
    ];
    let this = machine(&app, &story.client_id, &story.secret);
    let form = Some("application/x-www-form-urlencoded");
    for (what, body, status, error) in table {
        let reply = this.send(http::Method::POST, "/oauth2/token", form, (*body).to_owned().into()).await;
        oauth_error(reply, what, *status, error);
    }
    let unknown = format!("{good}&unknown=x&scope=&resource={}", app.server().gateway_url);
    this.send(http::Method::POST, "/oauth2/token", form, unknown.into()).await.is(200);
    for media in [None, Some("application/json"), Some("text/plain")] {
        let reply = this.send(http::Method::POST, "/oauth2/token", media, good.into()).await;
        oauth_error(reply, "another media type", 400, "invalid_request");
    }
    let charset = Some("application/x-www-form-urlencoded; charset=UTF-8");
    this.send(http::Method::POST, "/oauth2/token", charset, good.into()).await.is(200);
    for method in [http::Method::GET, http::Method::PUT, http::Method::DELETE] {
        let path = format!("/oauth2/token?{good}");
        let reply = this.send(method, &path, None, Default::default()).await.problem(405, "method-not-allowed");
        assert_eq!(reply.header("allow"), "POST");
    }
}

fn oauth_error(reply: Reply, what: &str, status: u16, error: &str) -> Reply {
    let reply = reply.is(status);
    assert_eq!(reply["error"], error, "{what}: {}", reply.text());
    assert!(reply["error_description"].is_string() && reply["access_token"].is_null(), "{what}: {}", reply.text());
    assert_eq!(reply.header("cache-control"), "no-store", "{what}");
    assert!(reply.header("content-type").starts_with("application/json"), "{what}");
    reply
}

/// F34 C33
#[tokio::test]
async fn a_client_that_cannot_prove_itself_learns_nothing_from_the_refusal() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (_, other_id, other_secret) = another_client(&story, json!({})).await;
    let grant = [("grant_type", "client_credentials")];
    let in_query = format!("/oauth2/token?client_id={}&client_secret={}", story.client_id, story.secret);
    oauth_error(app.nobody().form(&in_query, &grant).await, "a secret in the query", 401, "invalid_client");
    let mut told = BTreeSet::new();
    for (what, id, secret) in [
        ("an unknown client", "nobody", story.secret.as_str()),
        ("a wrong secret", &story.client_id, "wrong"),
        ("a secret of somebody else", &story.client_id, &other_secret),
        ("a key for a secret", &story.client_id, &story.key),
        ("somebody else's id", &other_id, &story.secret),
        ("no secret", &story.client_id, ""),
    ] {
        let reply = machine(&app, id, secret).form("/oauth2/token", &grant).await;
        let reply = oauth_error(reply, what, 401, "invalid_client");
        assert!(reply.header("www-authenticate").starts_with("Basic "), "{what}");
        told.insert(reply.str("error_description"));
        let form = [grant[0], ("client_id", id), ("client_secret", secret)];
        let reply = oauth_error(app.nobody().form("/oauth2/token", &form).await, what, 401, "invalid_client");
        assert_eq!(reply.header("www-authenticate"), "", "{what}: no challenge to whoever used the form");
        told.insert(reply.str("error_description"));
    }
    assert_eq!(told.len(), 1, "all of them read alike: {told:?}");
    for broken in ["Basic !!!", "Basic", "Bearer x", "Digest x"] {
        let reply = app.nobody().with("authorization", broken).form("/oauth2/token", &grant).await;
        oauth_error(reply, broken, 401, "invalid_client");
    }
}
