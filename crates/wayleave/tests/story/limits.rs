//! Limits of plans: what they count, whose calls share them, when they begin anew.

use crate::tokens::{another_client, basic, bearer, open, takes, token};
use serde_json::json;
use testkit::{Actor, PETS, Reply, Story, TestApp};

/// Gives the story's limit group these windows.
async fn windows(story: &Story, windows: serde_json::Value) {
    let path = format!("/api/v1/limit_groups/{}", story.limit_group);
    story.provider.patch(&path, json!({"windows": windows})).await.is(200);
}

/// The consumer has access in an environment under the guarded plan: three calls a minute; answers the id.
async fn capped(story: &Story, environment: &str) -> String {
    let made = story.request(environment, &story.guarded_plan).await.is(201);
    let id = made["items"][0]["id"].as_str().unwrap_or_default().to_owned();
    story.act(&story.provider, &id, "approve").await.is(200);
    story.act(&story.provider, &id, "activate").await.is(200);
    id
}

/// So many calls pass and the next is refused.
async fn passes(caller: &Actor, path: &str, calls: u32) -> Reply {
    for _ in 0..calls {
        caller.get(path).await.is(200);
    }
    caller.get(path).await.problem(429, "limit-exceeded")
}

/// C05 F36 X03
#[tokio::test]
async fn a_plan_caps_calls_and_says_how_much_is_left_until_its_window_turns_over() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    capped(&story, "production").await;
    let keyed = app.keyed(&story.key);
    app.clock.advance_seconds(15);
    for left in ["2", "1", "0"] {
        let passed = keyed.get(PETS).await.is(200);
        assert_eq!(passed.header("x-ratelimit-limit"), "3");
        assert_eq!(passed.header("x-ratelimit-remaining"), left);
        assert_eq!(passed.header("x-ratelimit-reset"), "45");
        assert_eq!(passed.header("ratelimit-policy"), "\"60s\";q=3;w=60");
        assert_eq!(passed.header("ratelimit"), format!("\"60s\";r={left};t=45"));
        assert!(!passed.header("x-request-id").is_empty());
        assert_eq!(passed.header("retry-after"), "");
    }
    let refused = keyed.get(PETS).await.problem(429, "limit-exceeded");
    assert_eq!((refused.header("retry-after"), refused.header("x-ratelimit-remaining")), ("45", "0"));
    assert_eq!(refused["retry_after_seconds"], 45);
    assert!(refused.str("detail").contains("3 calls a minute"), "{}", refused.text());
    app.clock.advance_seconds(44);
    keyed.get(PETS).await.problem(429, "limit-exceeded");
    app.clock.advance_seconds(1);
    passes(&keyed, PETS, 3).await;
    // Whole minutes of UTC, not minutes since the first call.
    app.clock.advance_seconds(119);
    passes(&keyed, PETS, 3).await;
    app.clock.advance_seconds(1);
    passes(&keyed, PETS, 3).await;
}

/// C74 C05
#[tokio::test]
async fn all_credentials_of_an_app_share_one_budget_and_another_app_has_its_own() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    takes(&story, json!([{"scheme": "api_key"}, {"scheme": "oauth"}, {"scheme": "basic"}])).await;
    capped(&story, "production").await;
    let path = format!("/api/v1/clients/{}/credentials", story.client);
    let second = story.consumer.post(&path, json!({"kind": "api_key"})).await.is(201).str("secret");
    let (_, id, secret) = another_client(&story, json!({})).await;
    let token = bearer(&app, &token(&app, &story, "JWT").await);
    let sibling = app.gateway().with("authorization", &basic(&id, &secret));
    app.keyed(&story.key).get(PETS).await.is(200);
    app.keyed(&second).get(PETS).await.is(200);
    sibling.get(PETS).await.is(200);
    for caller in [app.keyed(&story.key), app.keyed(&second), sibling, token] {
        caller.get(PETS).await.problem(429, "limit-exceeded");
    }
    let body = json!({"organization": story.consumer_organization, "name": "Kiosk"});
    let other = story.consumer.post("/api/v1/apps", body).await.is(201).str("id");
    let client = story.consumer.post("/api/v1/clients", json!({"app": other, "name": "Kiosk"})).await.is(201).str("id");
    let path = format!("/api/v1/clients/{client}/credentials");
    let key = story.consumer.post(&path, json!({"kind": "api_key"})).await.is(201).str("secret");
    let other = Story { app: other, client, key, ..story };
    capped(&other, "production").await;
    passes(&app.keyed(&other.key), PETS, 3).await;
}

/// C73 C05
#[tokio::test]
async fn several_windows_hold_at_once_and_refused_calls_use_up_none_of_them() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    windows(&story, json!([{"count": 2, "per": "second"}, {"count": 7, "per": "week"}])).await;
    let id = capped(&story, "production").await;
    let keyed = app.keyed(&story.key);
    let mut passed = 0;
    for _ in 0..3 {
        // A burst: the second's window refuses, and what it refuses does not count in the week's.
        let refused = passes(&keyed, PETS, 2).await;
        passed += 2;
        assert_eq!(refused.header("retry-after"), "1");
        assert!(
            refused.header("ratelimit").contains(&format!("\"604800s\";r={};", 7 - passed)),
            "{:?}",
            refused.headers
        );
        for _ in 0..5 {
            keyed.get(PETS).await.problem(429, "limit-exceeded");
        }
        // Nor do calls that are refused for other reasons.
        story.act(&story.provider, &id, "suspend").await.is(200);
        keyed.get(PETS).await.problem(403, "subscription-suspended");
        story.act(&story.provider, &id, "resume").await.is(200);
        app.clock.advance_seconds(1);
        app.gateway().get(PETS).await.problem(401, "credential-missing");
        keyed.delete(PETS).await.problem(405, "method-not-allowed");
    }
    // However slowly: the eighth call of the week is refused.
    keyed.get(PETS).await.is(200);
    app.clock.advance_seconds(3 * 86_400);
    let refused = keyed.get(PETS).await.problem(429, "limit-exceeded");
    assert!(refused.str("detail").contains("7 calls a week"), "{}", refused.text());
    let wait: i64 = refused.header("retry-after").parse().expect("seconds");
    app.clock.advance_seconds(wait - 1);
    keyed.get(PETS).await.problem(429, "limit-exceeded");
    app.clock.advance_seconds(1);
    passes(&keyed, PETS, 2).await;
}

/// C05 A34
#[tokio::test]
async fn each_environment_counts_for_itself_and_an_upstream_that_fails_uses_up_a_call() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    capped(&story, "production").await;
    capped(&story, "sandbox").await;
    let keyed = app.keyed(&story.key);
    passes(&keyed, PETS, 3).await;
    let sandbox = format!("/sandbox{PETS}");
    // Nobody listens on the discard port of this machine.
    let body = json!({"name": "gone", "url": "http://127.0.0.1:9"});
    let path = format!("/api/v1/organizations/{}/destinations", story.provider_organization);
    let gone = story.provider.post(&path, body).await.is(201).str("id");
    let path = format!("/api/v1/versions/{}/publications/sandbox", story.version);
    story.provider.put(&path, json!({"destination": gone})).await.is(200);
    keyed.get(&sandbox).await.problem(502, "upstream-unreachable");
    story.provider.put(&path, json!({"destination": story.destination})).await.is(200);
    passes(&keyed, &sandbox, 2).await;
}

/// C05 C74 X02
#[tokio::test]
async fn new_terms_hold_from_the_next_call_and_calls_that_were_made_stay_counted() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = capped(&story, "production").await;
    let keyed = app.keyed(&story.key);
    keyed.get(PETS).await.is(200);
    keyed.get(PETS).await.is(200);
    // Another plan of the same limit group: the two calls count.
    let body =
        json!({"organization": story.provider_organization, "name": "Same cap", "limit_group": story.limit_group});
    let same = story.provider.post("/api/v1/plans", body).await.is(201).str("id");
    let path = format!("/api/v1/subscriptions/{id}");
    story.provider.patch(&path, json!({"plan": same})).await.is(200);
    passes(&keyed, PETS, 1).await;
    // A plan without a cap, and back again: still counted.
    story.provider.patch(&path, json!({"plan": story.open_plan})).await.is(200);
    assert_eq!(keyed.get(PETS).await.is(200).header("x-ratelimit-limit"), "");
    story.provider.patch(&path, json!({"plan": story.guarded_plan})).await.is(200);
    keyed.get(PETS).await.problem(429, "limit-exceeded");
    // A wider window lets more pass, a narrower one fewer, in the same minute.
    windows(&story, json!([{"count": 5, "per": "minute"}])).await;
    passes(&keyed, PETS, 2).await;
    windows(&story, json!([{"count": 1, "per": "minute"}])).await;
    keyed.get(PETS).await.problem(429, "limit-exceeded");
    // A plan whose limit group is another one.
    let body =
        json!({"organization": story.provider_organization, "name": "Two", "windows": [{"count": 2, "per": "hour"}]});
    let two = story.provider.post("/api/v1/limit_groups", body).await.is(201).str("id");
    story.provider.patch(&format!("/api/v1/plans/{}", story.guarded_plan), json!({"limit_group": two})).await.is(200);
    let refused = passes(&keyed, PETS, 2).await;
    assert!(refused.str("detail").contains("2 calls an hour"), "{}", refused.text());
}

/// C05 C74
#[tokio::test]
async fn calls_that_arrive_together_are_never_let_through_beyond_the_limit() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    windows(&story, json!([{"count": 20, "per": "minute"}])).await;
    let made = story.consumer.get(&format!("/api/v1/apps/{}/apis", story.app)).await.is(200);
    let id = made.items()[0]["id"].as_str().unwrap_or_default().to_owned();
    story.provider.patch(&format!("/api/v1/subscriptions/{id}"), json!({"plan": story.guarded_plan})).await.is(200);
    let calls: Vec<_> = (0..60)
        .map(|_| {
            // A connection of its own each, so that both threads of the gateway take part.
            let caller = app.keyed(&story.key);
            tokio::spawn(async move { caller.get(PETS).await.status.as_u16() })
        })
        .collect();
    let mut passed = 0;
    for call in calls {
        match call.await.expect("an answer") {
            200 => passed += 1,
            other => assert_eq!(other, 429),
        }
    }
    assert_eq!(passed, 20);
    assert_eq!(app.upstream.calls(), 20);
}
