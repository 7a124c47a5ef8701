//! Connections that come about by themselves when an app is created, and plans that are retired.

use crate::requests::{allowed, refused};
use serde_json::{Value, json};
use testkit::{PETS, Story, TestApp};

fn rule(story: &Story, environment: &str) -> String {
    format!("/api/v1/apis/{}/environments/{environment}/auto_connect", story.api)
}

/// Creates an app; answers its id and its subscriptions.
async fn another_app(story: &Story, name: &str) -> (String, Vec<Value>) {
    let body = json!({"organization": story.consumer_organization, "name": name});
    let app = story.consumer.post("/api/v1/apps", body).await.is(201).str("id");
    let list = story.consumer.get(&format!("/api/v1/apps/{app}/apis")).await.is(200).items().to_vec();
    (app, list)
}

/// A client of this app; answers an API key of it.
async fn key_of(story: &Story, app: &str) -> String {
    let client = story.consumer.post("/api/v1/clients", json!({"app": app, "name": "Backend"})).await.is(201).str("id");
    let path = format!("/api/v1/clients/{client}/credentials");
    story.consumer.post(&path, json!({"kind": "api_key"})).await.is(201).str("secret")
}

/// A03 A04
#[tokio::test]
async fn a_new_app_is_connected_in_the_same_step_and_the_connection_is_like_any_other() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    assert!(another_app(&story, "Before").await.1.is_empty());
    let admin = app.admin().await;
    admin.put(&rule(&story, "production"), json!({"enabled": true, "plan": story.open_plan})).await.is(200);
    admin.put(&rule(&story, "sandbox"), json!({"enabled": true, "plan": story.guarded_plan})).await.is(200);
    let (made, list) = another_app(&story, "After").await;
    assert_eq!(list.len(), 2, "{list:?}");
    for s in &list {
        assert_eq!((&s["origin"], &s["requester"]["id"]), (&json!("automatic"), &json!(story.consumer.id)));
    }
    let of = |environment: &str| list.iter().find(|s| s["environment"]["name"] == environment).expect("it is there");
    assert_eq!(of("production")["state"], "active");
    // Where a decision is needed somebody decides.
    assert_eq!(of("sandbox")["state"], "requested");
    let inbox = story.provider.get("/api/v1/tasks").await.is(200);
    assert_eq!(inbox.items()[0]["subscription"], of("sandbox")["id"]);
    let id = of("production")["id"].as_str().unwrap().to_owned();
    let history = story.provider.get(&format!("/api/v1/subscriptions/{id}/history")).await.is(200);
    let by: Vec<&str> = history.items().iter().filter_map(|e| e["actor"]["kind"].as_str()).collect();
    assert_eq!(by, ["system"; 3]);

    let key = key_of(&story, &made).await;
    app.keyed(&key).get(PETS).await.is(200);
    story.act(&story.consumer, &id, "suspend").await.is(200);
    app.keyed(&key).get(PETS).await.problem(403, "subscription-suspended");
    story.act(&story.consumer, &id, "resume").await.is(200);
    app.keyed(&key).get(PETS).await.is(200);
    story.act(&story.provider, &id, "cancel").await.is(200);
    app.keyed(&key).get(PETS).await.problem(403, "subscription-ended");
    // The app that was there before has nothing of it, and switching it off holds for the next one.
    refused(&app, &story, "not-subscribed").await;
    story.provider.put(&rule(&story, "production"), json!({"enabled": false})).await.is(200);
    story.provider.put(&rule(&story, "sandbox"), json!({"enabled": false})).await.is(200);
    assert!(another_app(&story, "Later").await.1.is_empty());
}

/// A03 A18
#[tokio::test]
async fn nobody_is_bound_by_a_text_that_they_have_not_read_nor_connected_to_what_they_do_not_see() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let path = rule(&story, "production");
    app.admin().await.put(&path, json!({"enabled": true, "plan": story.open_plan})).await.is(200);
    let shown = async || {
        let api = story.provider.get(&format!("/api/v1/apis/{}", story.api)).await.is(200);
        let all = api["admissions"].as_array().cloned().unwrap_or_default();
        all.into_iter().find(|a| a["environment_slug"] == "production").expect("it is there")["auto_connect"].clone()
    };
    let set = shown().await;
    assert_eq!(
        (&set["enabled"], &set["plan"], set.get("rests")),
        (&json!(true), &json!({"id": story.open_plan, "name": "Open"}), None)
    );
    let rules = format!("/api/v1/apis/{}/agreements", story.api);
    let text = story.provider.post(&rules, json!({"title": "Rules", "text": "Be kind"})).await.is(201).str("id");
    assert_eq!(shown().await["rests"], "agreement");
    assert!(another_app(&story, "Unbound").await.1.is_empty());
    story.provider.post(&format!("/api/v1/agreements/{text}/retire"), json!({})).await.is(200);
    assert_eq!(another_app(&story, "Bound").await.1.len(), 1);

    story.provider.patch(&format!("/api/v1/apis/{}", story.api), json!({"visibility": "private"})).await.is(200);
    assert!(another_app(&story, "Outside").await.1.is_empty());
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), json!({"visibility": "registered"})).await.is(200);

    story.provider.post(&format!("/api/v1/plans/{}/retire", story.open_plan), json!({})).await.is(200);
    assert_eq!(shown().await["rests"], "plan_not_offered");
    assert!(another_app(&story, "Too late").await.1.is_empty());
}

/// X08
#[tokio::test]
async fn only_a_site_administrator_says_what_connects_and_under_a_plan_that_the_api_offers() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let (path, good) = (rule(&story, "production"), json!({"enabled": true, "plan": story.open_plan}));
    app.nobody().put(&path, good.clone()).await.problem(401, "unauthenticated");
    story.consumer.put(&path, good.clone()).await.problem(403, "forbidden");
    admin.put(&rule(&story, "nowhere"), good).await.problem(422, "invalid");
    for bad in [
        json!({"enabled": true}),
        json!({"enabled": true, "plan": "pln_00000000000000000000000000"}),
        json!({"plan": story.open_plan}),
        json!({"enabled": true, "plan": story.open_plan, "api": story.api}),
    ] {
        admin.put(&path, bad).await.problem(422, "invalid");
    }
    // The rule of admission and that of connecting do not undo one another.
    let admission = format!("/api/v1/apis/{}/environments/production", story.api);
    admin.put(&path, json!({"enabled": true, "plan": story.open_plan})).await.is(200);
    story.provider.put(&admission, json!({"approval": "manual", "activation": "manual"})).await.is(200);
    let (_, list) = another_app(&story, "Asked for").await;
    assert_eq!((list.len(), &list[0]["state"]), (1, &json!("requested")));
}

/// C05 C16
#[tokio::test]
async fn a_retired_plan_takes_nobody_in_and_puts_nobody_out() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.subscribed().await;
    let path = format!("/api/v1/plans/{}", story.open_plan);
    story.consumer.post(&format!("{path}/retire"), json!({})).await.problem(403, "forbidden");
    let retired = story.provider.post(&format!("{path}/retire"), json!({})).await.is(200);
    assert_eq!(retired["retired_at"], app.clock.now().to_string());
    let shown = story.provider.get(&path).await.is(200);
    assert_eq!(allowed(&shown.json), ["edit", "restore"]);
    story.provider.post(&format!("{path}/retire"), json!({})).await.problem(409, "wrong-state");

    app.keyed(&story.key).get(PETS).await.is(200);
    story.act(&story.provider, &id, "suspend").await.is(200);
    story.act(&story.provider, &id, "resume").await.is(200);
    assert_eq!(
        story.request("sandbox", &story.open_plan).await.problem(422, "invalid")["errors"][0]["pointer"],
        "/plan"
    );
    let api = story.consumer.get(&format!("/api/v1/apis/{}", story.api)).await.is(200);
    assert!(api["plans"].as_array().unwrap().iter().all(|p| p["id"] != story.open_plan), "{}", api.text());
    let plans = format!("/api/v1/apis/{}/plans", story.api);
    story.provider.put(&plans, json!({"plans": [story.open_plan]})).await.problem(422, "invalid");
    // Only the end of what is there can be asked for under it.
    let revisions = format!("/api/v1/subscriptions/{id}/revisions");
    let end = json!({"plan": story.open_plan, "ends_at": "2027-01-01T00:00:00Z"});
    story.consumer.post(&revisions, end).await.is(201);

    story.provider.post(&format!("{path}/restore"), json!({})).await.is(200);
    story.request("sandbox", &story.open_plan).await.is(201);
}
