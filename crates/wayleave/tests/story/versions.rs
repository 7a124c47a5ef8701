//! Versions: how they end, their revisions, what is published, and what callers get.

use serde_json::json;
use testkit::{PETS, Story, TestApp, petstore};

const DAY: i64 = 86_400;

/// Provider's address of the story's version.
fn version(story: &Story, rest: &str) -> String {
    format!("/api/v1/versions/{}{rest}", story.version)
}

/// F33 A23
#[tokio::test]
async fn a_deprecated_version_says_so_in_every_answer_and_ends_at_the_announced_instant() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let fine = app.keyed(&story.key).get(PETS).await.is(200);
    assert!(fine.headers.get("deprecation").is_none() && fine.headers.get("sunset").is_none());

    let second = {
        let mut document = petstore();
        document["info"]["version"] = json!("2.0.0");
        story.provider.post(&format!("/api/v1/apis/{}/versions", story.api), document).await.is(201).str("id")
    };
    let body = json!({"successor": second});
    story.provider.post(&version(&story, "/deprecate"), body.clone()).await.problem(422, "invalid");
    let place = format!("/api/v1/versions/{second}/publications/production");
    story.provider.put(&place, json!({"destination": story.destination})).await.is(200);
    let sunset = app.clock.now().plus_seconds(10 * DAY);
    let body = json!({"successor": second, "sunset_at": sunset, "note": "Please move to v2."});
    story.consumer.post(&version(&story, "/deprecate"), body.clone()).await.problem(403, "forbidden");
    let told = story.provider.post(&version(&story, "/deprecate"), body.clone()).await.is(200);
    assert_eq!((told.str("state").as_str(), told["ending"]["successor"]["name"].as_str()), ("deprecated", Some("v2")));
    story.provider.post(&version(&story, "/deprecate"), body).await.problem(409, "wrong-state");

    let call = app.keyed(&story.key).get(PETS).await.is(200);
    assert_eq!(call.header("deprecation"), format!("@{}", app.clock.now().seconds()));
    assert_eq!(call.header("sunset"), sunset.http_date());
    let links: Vec<&str> = call.headers.get_all("link").iter().filter_map(|v| v.to_str().ok()).collect();
    let next = format!("<{}/pets/v2>; rel=\"successor-version\"", app.server().gateway_url);
    assert!(links.contains(&next.as_str()) && links[0].ends_with("rel=\"deprecation\""), "{links:?}");

    app.settle().await;
    let inbox = story.consumer.get("/api/v1/me/notices").await.is(200);
    let notice = inbox.items().iter().find(|n| n["verb"] == "version.deprecated");
    assert_eq!(notice.expect("a notice")["note"], "Please move to v2.");

    app.clock.advance_seconds(10 * DAY - 1);
    app.keyed(&story.key).get(PETS).await.is(200);
    app.clock.advance_seconds(1);
    let gone = app.keyed(&story.key).get(PETS).await.problem(410, "retired");
    assert_eq!(gone.header("sunset"), sunset.http_date());
    assert!(gone.text().contains("/pets/v2"), "{}", gone.text());
    app.keyed(&story.key).get("/pets/v1/nothing").await.problem(410, "retired");
}
