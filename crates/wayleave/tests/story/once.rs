//! Requests that are sent again: `Idempotency-Key`.

use serde_json::json;
use testkit::{Actor, Story, TestApp};

fn keyed(who: &Actor, key: &str) -> Actor {
    who.with("idempotency-key", key)
}

async fn apps(who: &Actor) -> usize {
    who.get("/api/v1/apps").await.is(200).items().len()
}

#[tokio::test]
async fn a_request_that_is_sent_again_is_carried_out_once_and_answered_alike() {
    let mut app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let body = json!({"organization": story.consumer_organization, "name": "Twice"});
    let consumer = keyed(&story.consumer, "\"8e03978e-40d5-43e8\"");
    let before = apps(&story.consumer).await;
    let first = consumer.post("/api/v1/apps", body.clone()).await.is(201);
    assert_eq!(first.header("idempotency-replayed"), "");
    for _ in 0..2 {
        let again = consumer.post("/api/v1/apps", body.clone()).await.is(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.bytes, first.bytes);
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(again.header("etag"), first.header("etag"));
        assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
        app.restart().await;
    }
    assert_eq!(apps(&story.consumer).await, before + 1);
    // Another body, another address: another request.
    let other = json!({"organization": story.consumer_organization, "name": "Thrice"});
    consumer.post("/api/v1/apps", other).await.problem(422, "key-reused");
    consumer.post("/api/v1/clients", body.clone()).await.problem(422, "key-reused");
    // Somebody else's key of the same name is another key.
    keyed(&story.provider, "8e03978e-40d5-43e8").post("/api/v1/organizations", json!({"name": "Mine"})).await.is(201);
    app.clock.advance_seconds(24 * 3600);
    consumer.post("/api/v1/apps", body).await.is(201);
    assert_eq!(apps(&story.consumer).await, before + 2, "a key is remembered for a day");
}

#[tokio::test]
async fn a_request_that_wrote_nothing_leaves_its_key_free() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let consumer = keyed(&story.consumer, "k");
    let body = |name: &str| json!({"organization": story.consumer_organization, "name": name});
    consumer.post("/api/v1/apps", body("")).await.problem(422, "invalid");
    consumer.post("/api/v1/apps", body("Mended")).await.is(201);
    for bad in ["", "\"\"", "two words", &"x".repeat(300)] {
        let reply = keyed(&story.consumer, bad).post("/api/v1/apps", body("Bad")).await;
        reply.problem(400, "unreadable");
    }
    // Not even a key lets a stranger in.
    keyed(&app.nobody(), "k").post("/api/v1/apps", body("Mended")).await.problem(401, "unauthenticated");
    let foreign = keyed(&story.provider, "k").post("/api/v1/apps", body("Mended")).await;
    foreign.problem(422, "invalid");
}

#[tokio::test]
async fn of_requests_at_the_same_time_one_is_carried_out() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let consumer = keyed(&story.consumer, "race");
    let before = apps(&story.consumer).await;
    let body = json!({"organization": story.consumer_organization, "name": "Raced"});
    let send = || consumer.post("/api/v1/apps", body.clone());
    let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
    let replies = [a, b, c, d];
    assert!(replies.iter().any(|reply| reply.status.as_u16() == 201));
    for reply in replies {
        match reply.status.as_u16() {
            201 => {}
            _ => drop(reply.problem(409, "key-running")),
        }
    }
    assert_eq!(apps(&story.consumer).await, before + 1);
    let last = send().await.is(201);
    assert_eq!(last.header("idempotency-replayed"), "true");
}

/// F19 X06
#[tokio::test]
async fn a_secret_that_is_shown_again_is_never_kept_in_the_clear() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let path = format!("/api/v1/clients/{}/credentials", story.client);
    let consumer = keyed(&story.consumer, "secret");
    let first = consumer.post(&path, json!({"kind": "api_key"})).await.is(201);
    let again = consumer.post(&path, json!({"kind": "api_key"})).await.is(201);
    assert_eq!((again.bytes.clone(), again.header("idempotency-replayed")), (first.bytes.clone(), "true"));
    let secret = first.str("secret");
    if let Some(bytes) = app.database_bytes() {
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "in the database");
    }
    // Who may no longer sign in gets nothing again.
    let admin = app.admin().await;
    admin.post(&format!("/api/v1/users/{}/lock", story.consumer.id), json!({"comment": "gone"})).await.is(200);
    consumer.post(&path, json!({"kind": "api_key"})).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn what_was_done_but_not_answered_says_so_and_is_not_done_again() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let consumer = keyed(&story.consumer, "lost");
    let body = json!({"organization": story.consumer_organization, "name": "Done"});
    let made = consumer.post("/api/v1/apps", body.clone()).await.is(201).str("id");
    let before = apps(&story.consumer).await;
    // As if the program had ended between the write and the keeping of its answer.
    let db = &app.server().platform.db;
    let forget = store::sql("UPDATE kept_answers SET answer = NULL WHERE key = $1").bind("lost");
    db.quiet_batch(store::Quiet::AnswerKept, vec![forget]).await.expect("written");
    consumer.post("/api/v1/apps", body.clone()).await.problem(409, "key-running");
    app.clock.advance_seconds(61);
    let lost = consumer.post("/api/v1/apps", body.clone()).await.problem(409, "answer-lost");
    assert_eq!(lost["made"], json!({"kind": "app", "id": made}));
    assert_eq!(apps(&story.consumer).await, before);
    // After a day nothing of it is left.
    app.clock.advance_seconds(24 * 3600);
    platform::once::sweep(&app.server().platform).await.expect("swept");
    let count = store::sql("SELECT key FROM kept_answers").all(&mut db.read().await.expect("read")).await;
    assert!(count.expect("rows").is_empty());
}
