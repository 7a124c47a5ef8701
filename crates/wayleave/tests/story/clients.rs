//! Clients and their credentials at the gateway: which of them pass, which end, and how soon that is felt.

use crate::tokens::{another_client, ask, basic, bearer, edit, machine, open, takes, token};
use base::secret::{Purpose, Secret};
use serde_json::{Value, json};
use testkit::{Actor, PETS, Reply, START, Story, TestApp};

/// Whoever calls the gateway with this id and secret.
fn by_basic(app: &TestApp, story: &Story) -> Actor {
    app.gateway().with("authorization", &basic(&story.client_id, &story.secret))
}

/// Makes a credential of this kind for the story's client.
async fn credential(story: &Story, body: Value) -> Reply {
    story.consumer.post(&format!("/api/v1/clients/{}/credentials", story.client), body).await
}

/// Does something to a credential or to the story's client.
async fn act(story: &Story, path: &str) -> Reply {
    story.consumer.post(&format!("/api/v1/{path}"), json!({})).await.is(200)
}

/// F25 F26 F27 X02 X03
#[tokio::test]
async fn a_disabled_client_is_refused_at_once_and_an_enabled_one_works_with_the_same_secret() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    let tokens = [token(&app, &story, "JWT").await, token(&app, &story, "UUID").await];
    let secrets = [app.keyed(&story.key), by_basic(&app, &story)];
    let issued = [bearer(&app, &tokens[0]), bearer(&app, &tokens[1])];
    for caller in secrets.iter().chain(&issued) {
        caller.get(PETS).await.is(200);
    }
    // A token that no gateway thread has seen yet must not live longer than the others.
    let unseen = bearer(&app, &token(&app, &story, "JWT").await);
    act(&story, &format!("clients/{}/disable", story.client)).await;
    for caller in secrets.iter().chain(&issued).chain([&unseen]) {
        caller.get(PETS).await.problem(403, "client-disabled");
    }
    let refused = ask(&app, &story, &[]).await.is(401);
    assert_eq!((&refused["error"], &refused["access_token"]), (&json!("invalid_client"), &Value::Null));

    act(&story, &format!("clients/{}/enable", story.client)).await;
    for caller in &secrets {
        caller.get(PETS).await.is(200);
    }
    for caller in issued.iter().chain([&unseen]) {
        caller.get(PETS).await.problem(401, "credential-disabled");
    }
    for kind in ["JWT", "UUID"] {
        bearer(&app, &token(&app, &story, kind).await).get(PETS).await.is(200);
    }
    story
        .consumer
        .post(&format!("/api/v1/clients/{}/enable", story.client), json!({}))
        .await
        .problem(409, "wrong-state");
}

/// F26 F27
#[tokio::test]
async fn a_client_disabled_twice_within_a_second_keeps_no_token_of_the_first_time() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    let client = format!("clients/{}", story.client);
    let mut old = vec![token(&app, &story, "JWT").await, token(&app, &story, "UUID").await];
    for _ in 0..3 {
        act(&story, &format!("{client}/disable")).await;
        act(&story, &format!("{client}/enable")).await;
        for text in &old {
            bearer(&app, text).get(PETS).await.problem(401, "credential-disabled");
        }
        for kind in ["JWT", "UUID"] {
            let text = token(&app, &story, kind).await;
            bearer(&app, &text).get(PETS).await.is(200);
            old.push(text);
        }
    }
    // Also not when the clock has passed the instants that those tokens carry.
    act(&story, &format!("{client}/disable")).await;
    app.clock.advance_seconds(30);
    act(&story, &format!("{client}/enable")).await;
    for text in &old {
        bearer(&app, text).get(PETS).await.problem(401, "credential-disabled");
    }
}

/// C34 X01 X02
#[tokio::test]
async fn any_of_several_keys_identifies_the_same_app_and_each_ends_alone() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    let made = credential(&story, json!({"kind": "api_key", "description": "For the night"})).await.is(201);
    let (id, second) = (made.str("id"), made.str("secret"));
    assert_ne!(second, story.key);
    for key in [&story.key, &second] {
        let seen = app.keyed(key).get(PETS).await.is(200);
        assert_eq!(seen["headers"]["wayleave-app"], story.app.as_str());
        assert_eq!(seen["headers"]["wayleave-client"], story.client.as_str());
        assert!(seen["headers"]["x-api-key"].is_null(), "a consumed key is not forwarded");
    }
    app.settle().await;
    let usage = story.consumer.get(&format!("/api/v1/usage?app={}", story.app)).await.is(200);
    assert_eq!(usage["items"][0]["allowed"], 2, "{}", usage.text());

    act(&story, &format!("credentials/{id}/deactivate")).await;
    app.keyed(&second).get(PETS).await.problem(401, "credential-disabled");
    app.keyed(&story.key).get(PETS).await.is(200);
    act(&story, &format!("credentials/{id}/activate")).await;
    app.keyed(&second).get(PETS).await.is(200);
    story.consumer.delete(&format!("/api/v1/credentials/{id}")).await.problem(409, "wrong-state");
    act(&story, &format!("credentials/{id}/deactivate")).await;
    story.consumer.delete(&format!("/api/v1/credentials/{id}")).await.is(200);
    app.keyed(&second).get(PETS).await.problem(401, "credential-invalid");
    app.keyed(&story.key).get(PETS).await.is(200);
}

/// C35 C33 C15
#[tokio::test]
async fn a_credential_works_only_where_the_version_takes_its_kind() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let kinds = ["api_key", "basic", "oauth"];
    let token = token(&app, &story, "JWT").await;
    let opaque = crate::tokens::token(&app, &story, "UUID").await;
    let callers = [
        ("api_key", app.keyed(&story.key)),
        ("basic", by_basic(&app, &story)),
        ("oauth", bearer(&app, &token)),
        ("oauth", bearer(&app, &opaque)),
    ];
    for taken in kinds {
        takes(&story, json!([{"scheme": taken}])).await;
        for (kind, caller) in &callers {
            let reply = caller.get(PETS).await;
            if *kind == taken {
                assert_eq!(reply.is(200)["headers"]["wayleave-app"], story.app.as_str());
            } else {
                reply.problem(401, "credential-kind");
            }
        }
    }
    takes(&story, json!([{"scheme": "api_key", "in": "query", "name": "key"}])).await;
    let seen = app.gateway().get(&format!("{PETS}?a=1&key={}&b=2", story.key)).await.is(200);
    assert_eq!(seen["query"], "a=1&b=2", "a consumed key is not forwarded");
    app.keyed(&story.key).get(PETS).await.problem(401, "credential-kind");
    takes(&story, json!([{"scheme": "api_key", "name": "X-Pets"}])).await;
    app.gateway().with("x-pets", &story.key).get(PETS).await.is(200);
    app.gateway()
        .with("x-pets", Secret::generate(Purpose::ApiKey).reveal())
        .get(PETS)
        .await
        .problem(401, "credential-invalid");
}

/// C33 X02
#[tokio::test]
async fn two_secrets_overlap_while_one_is_replaced_and_the_old_one_ends_at_its_time() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    let end = START.plus_seconds(60).to_string();
    let second = credential(&story, json!({"kind": "client_secret", "expires_at": end})).await.is(201);
    let key = credential(&story, json!({"kind": "api_key", "expires_at": end})).await.is(201).str("secret");
    credential(&story, json!({"kind": "client_secret"})).await.problem(409, "wrong-state");
    let grant = [("grant_type", "client_credentials")];
    let second = machine(&app, &story.client_id, &second.str("secret"));
    second.form("/oauth2/token", &grant).await.is(200);
    ask(&app, &story, &[]).await.is(200);
    app.keyed(&key).get(PETS).await.is(200);
    app.clock.advance_seconds(59);
    second.form("/oauth2/token", &grant).await.is(200);
    app.keyed(&key).get(PETS).await.is(200);
    app.clock.advance_seconds(1);
    assert_eq!(second.form("/oauth2/token", &grant).await.is(401)["error"], "invalid_client");
    app.keyed(&key).get(PETS).await.problem(401, "credential-expired");
    ask(&app, &story, &[]).await.is(200);
}

/// X03 A34
#[tokio::test]
async fn a_client_may_be_narrowed_to_some_environments() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    story.request("sandbox", &story.open_plan).await.is(201);
    let sandbox = format!("/sandbox{PETS}");
    edit(&story, json!({"environments": ["sandbox"]})).await;
    app.keyed(&story.key).get(&sandbox).await.is(200);
    let refused = app.keyed(&story.key).get(PETS).await.problem(403, "wrong-environment");
    assert!(refused.str("detail").contains("sandbox") && refused.str("detail").contains("production"));
    let (_, id, secret) = another_client(&story, json!({"environments": ["production"]})).await;
    let other = app.gateway().with("authorization", &basic(&id, &secret));
    other.get(PETS).await.is(200);
    other.get(&sandbox).await.problem(403, "wrong-environment");
    let mixed = app.gateway().with("authorization", &basic(&id, &story.secret));
    mixed.get(PETS).await.problem(401, "credential-invalid");
    edit(&story, json!({"environments": []})).await;
    app.keyed(&story.key).get(PETS).await.is(200);
}

/// X10 X02
#[tokio::test]
async fn a_restart_keeps_tokens_keys_and_what_was_ended() {
    let mut app = TestApp::start().await;
    let story = open(&app).await;
    let tokens = [token(&app, &story, "JWT").await, token(&app, &story, "UUID").await];
    let gone = [token(&app, &story, "JWT").await, token(&app, &story, "UUID").await];
    let this = machine(&app, &story.client_id, &story.secret);
    for text in &gone {
        this.form("/oauth2/revoke", &[("token", text)]).await.is(200);
    }
    let (off, off_id, off_secret) = another_client(&story, json!({})).await;
    act(&story, &format!("clients/{off}/disable")).await;
    let waiting = story.request("sandbox", &story.guarded_plan).await.is(201);
    let waiting = waiting["items"][0]["id"].as_str().unwrap_or("").to_owned();
    story.act(&story.provider, &waiting, "approve").await.is(200);
    let keys = app.nobody().get("/oauth2/jwks").await.is(200).json;
    let refused = app.gateway().get(PETS).await.problem(401, "credential-missing");

    app.keyed(&story.key).get(PETS).await.is(200);
    app.restart().await;
    let usage = story.consumer.get(&format!("/api/v1/usage?app={}", story.app)).await.is(200);
    assert_eq!(usage["items"][0]["calls"], 1, "what was counted was stored at the end: {}", usage.text());
    assert_eq!(app.nobody().get("/oauth2/jwks").await.is(200).json, keys);
    app.keyed(&story.key).get(PETS).await.is(200);
    for text in &tokens {
        bearer(&app, text).get(PETS).await.is(200);
        assert_eq!(this.form("/oauth2/introspect", &[("token", text)]).await.is(200)["active"], true);
    }
    for text in &gone {
        bearer(&app, text).get(PETS).await.is(401);
        assert_eq!(this.form("/oauth2/introspect", &[("token", text)]).await.is(200)["active"], false);
    }
    app.gateway().with("authorization", &basic(&off_id, &off_secret)).get(PETS).await.problem(403, "client-disabled");
    app.keyed(&story.key).get(&format!("/sandbox{PETS}")).await.problem(403, "subscription-pending");
    story.act(&story.provider, &waiting, "activate").await.is(200);
    app.keyed(&story.key).get(&format!("/sandbox{PETS}")).await.is(200);
    let decision = refused.str("decision");
    let kept = story.provider.get(&format!("/api/v1/decisions/{decision}")).await.is(200);
    assert_eq!(kept["code"], "credential-missing");
}
