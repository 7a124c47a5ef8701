//! Following APIs and apps: who does, what they hear, and how it ends.

use serde_json::json;
use testkit::{Actor, Reply, Story, TestApp, petstore};

/// The ids of those who follow, in the order of the list.
fn people(list: &Reply) -> Vec<&str> {
    list.items().iter().filter_map(|f| f["user"]["id"].as_str()).collect()
}

/// These people, in the order of lists.
fn sorted<'a>(people: &[&'a Actor]) -> Vec<&'a str> {
    let mut ids: Vec<&str> = people.iter().map(|p| p.id.as_str()).collect();
    ids.sort_unstable();
    ids
}

/// What somebody's dashboard and inbox say of this.
async fn heard(app: &TestApp, who: &Actor, verb: &str) -> (usize, usize) {
    app.settle().await;
    let dashboard = who.get(&format!("/api/v1/me/dashboard?verb={verb}")).await.is(200);
    let inbox = who.get("/api/v1/me/notices?limit=200").await.is(200);
    (dashboard.items().len(), inbox.items().iter().filter(|n| n["verb"] == verb).count())
}

/// Uploads a version of this name and publishes it.
async fn publish(story: &Story, name: &str) {
    let path = format!("/api/v1/apis/{}/versions?name={name}", story.api);
    let version = story.provider.post(&path, petstore()).await.is(201).str("id");
    let path = format!("/api/v1/versions/{version}/publications/production");
    story.provider.put(&path, json!({"destination": story.destination})).await.is(200);
}

/// A21 A24
#[tokio::test]
async fn whoever_sees_an_api_follows_it_and_the_list_is_exactly_who_does() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let fan = app.person("fan").await;
    let (follow, followers) =
        (format!("/api/v1/apis/{}/follow", story.api), format!("/api/v1/apis/{}/followers", story.api));
    let list = async || story.provider.get(&followers).await.is(200);
    assert!(list().await.items().is_empty());
    assert_eq!(fan.get(&follow).await.is(200)["following"], false);

    for _ in 0..2 {
        // Repeating it changes nothing.
        assert_eq!(fan.put(&follow, json!({})).await.is(200)["following"], true);
        assert_eq!(people(&list().await), [fan.id.as_str()]);
    }
    let seen = fan.get(&follow).await.is(200);
    assert_eq!(seen["following"], true);
    assert_eq!(seen["followed_at"], app.clock.now().to_string());
    story.consumer.put(&follow, json!({})).await.is(200);
    assert_eq!(people(&list().await), sorted(&[&fan, &story.consumer]));
    let mine = fan.get("/api/v1/me/follows").await.is(200);
    let [followed] = mine.items() else { panic!("one API: {}", mine.text()) };
    assert_eq!((&followed["id"], &followed["name"]), (&json!(story.api), &json!("Pets")));
    let ties = fan.get("/api/v1/me/connections").await.is(200);
    assert_eq!(ties.items()[0]["type"], "follow", "{}", ties.text());

    assert_eq!(fan.delete(&follow).await.is(200)["following"], false);
    assert_eq!(people(&list().await), [story.consumer.id.as_str()]);
    assert_eq!(fan.get(&follow).await.is(200)["following"], false);
    assert!(fan.get("/api/v1/me/follows").await.is(200).items().is_empty());
    app.nobody().put(&follow, json!({})).await.problem(401, "unauthenticated");
}

/// A23 A25
#[tokio::test]
async fn a_follower_hears_the_news_of_an_api_until_an_administrator_cancels() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let fan = app.person("fan").await;
    let (follow, removal) =
        (format!("/api/v1/apis/{}/follow", story.api), format!("/api/v1/apis/{}/followers/{}", story.api, fan.id));
    fan.put(&follow, json!({})).await.is(200);
    publish(&story, "v2").await;
    // Two publications came before; a board has them, and a dashboard is the boards of what one follows.
    assert_eq!(heard(&app, &fan, "version.published").await, (3, 1));
    assert_eq!(heard(&app, &story.consumer, "version.published").await, (0, 0));
    // Who subscribes is no news for followers.
    let id = story.subscribed().await;
    let dashboard = fan.get("/api/v1/me/dashboard?limit=200").await.is(200);
    assert!(!dashboard.text().contains(&id) && !dashboard.text().contains(&story.app), "{}", dashboard.text());

    story.consumer.delete(&removal).await.problem(403, "forbidden");
    app.nobody().delete(&removal).await.problem(401, "unauthenticated");
    story.provider.delete(&removal).await.is(200);
    assert!(story.provider.get(&format!("/api/v1/apis/{}/followers", story.api)).await.is(200).items().is_empty());
    assert_eq!(fan.get(&follow).await.is(200)["following"], false);
    story.provider.delete(&removal).await.problem(404, "not-found");
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), json!({"description": "More pets"})).await.is(200);
    publish(&story, "v3").await;
    assert_eq!(heard(&app, &fan, "api.edited").await, (0, 0));
    assert_eq!(heard(&app, &fan, "version.published").await.1, 1);
    // The consumer, who follows nothing but uses it, is told in the inbox.
    assert_eq!(heard(&app, &story.consumer, "api.edited").await, (0, 1));
}

/// A22 A23 A24 A25
#[tokio::test]
async fn those_who_see_an_app_follow_it_and_hear_what_happens_to_it() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (fan, bystander) = (app.person("fan").await, app.person("bystander").await);
    let (follow, followers) =
        (format!("/api/v1/apps/{}/follow", story.app), format!("/api/v1/apps/{}/followers", story.app));
    fan.put(&follow, json!({})).await.problem(404, "not-found");
    for who in [&fan, &bystander] {
        let path = format!("/api/v1/organizations/{}/members/{}", story.consumer_organization, who.id);
        story.consumer.put(&path, json!({"role": "READ_ONLY"})).await.is(200);
    }
    assert_eq!(fan.get(&follow).await.is(200)["following"], false);
    fan.put(&follow, json!({})).await.is(200);
    assert_eq!(fan.get(&follow).await.is(200)["following"], true);
    assert_eq!(people(&story.consumer.get(&followers).await.is(200)), [fan.id.as_str()]);
    assert_eq!(fan.get("/api/v1/me/follows").await.is(200).items()[0]["id"], story.app);

    let id = story.subscribed().await;
    assert_eq!(heard(&app, &fan, "subscription.activated").await.0, 1);
    assert_eq!(heard(&app, &bystander, "subscription.activated").await, (0, 0));

    let removal = format!("{followers}/{}", fan.id);
    bystander.delete(&removal).await.problem(403, "forbidden");
    story.consumer.delete(&removal).await.is(200);
    assert!(story.consumer.get(&followers).await.is(200).items().is_empty());
    story.act(&story.consumer, &id, "cancel").await.is(200);
    assert_eq!(heard(&app, &fan, "subscription.cancelled").await, (0, 0));
    // Whoever does not want to be a follower any more needs nobody's leave.
    fan.put(&follow, json!({})).await.is(200);
    fan.delete(&removal).await.is(200);
    assert_eq!(fan.get(&follow).await.is(200)["following"], false);
}
