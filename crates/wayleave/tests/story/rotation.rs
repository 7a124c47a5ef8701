//! Secrets that are rotated, and what ends together.

use serde_json::{Value, json};
use testkit::{Actor, PETS, Reply, Story, TestApp};

async fn credentials(story: &Story, kind: &str) -> Vec<Value> {
    let all = story.consumer.get(&format!("/api/v1/clients/{}/credentials", story.client)).await.is(200);
    all.items().iter().filter(|c| c["kind"] == kind).cloned().collect()
}

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

async fn rotate(who: &Actor, id: &str, old_ends: &str) -> Reply {
    who.post(&format!("/api/v1/credentials/{id}/rotate"), json!({"old_ends": old_ends})).await
}

async fn token(app: &TestApp, story: &Story, secret: &str) -> u16 {
    let form = [("grant_type", "client_credentials"), ("client_id", &story.client_id), ("client_secret", secret)];
    app.nobody().form("/oauth2/token", &form).await.status.as_u16()
}

/// F20 F24
#[tokio::test]
async fn a_rotated_key_and_its_successor_are_both_good_until_the_old_one_ends() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let old = id(&credentials(&story, "api_key").await[0]);
    let done = rotate(&story.consumer, &old, "1h").await.is(201);
    let new = done.str("secret");
    assert_eq!((&done["kind"], &done["replaced"]["id"]), (&json!("api_key"), &json!(old)));
    assert_eq!(
        (&done["replaced"]["expires_at"], &done["replaced"]["state"]),
        (&json!("2026-11-23T10:30:00Z"), &json!("expiring"))
    );
    assert!(done["replaced"].get("secret").is_none());
    for key in [&story.key, &new] {
        app.keyed(key).get(PETS).await.is(200);
    }
    app.clock.advance_seconds(3_600);
    app.keyed(&story.key).get(PETS).await.problem(401, "credential-expired");
    app.keyed(&new).get(PETS).await.is(200);
    for key in credentials(&story, "api_key").await {
        let expected = if key["id"] == old.as_str() { "expired" } else { "active" };
        assert_eq!(key["state"], expected);
    }
    let said = app.admin().await.get("/api/v1/trail?verb=credential.rotated").await.is(200);
    assert!(said.items().len() == 1 && !said.text().contains(&new));
}

/// F24
#[tokio::test]
async fn a_client_never_has_more_than_two_live_secrets_and_is_told_what_to_do() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let first = id(&credentials(&story, "client_secret").await[0]);
    let second = rotate(&story.consumer, &first, "24h").await.is(201);
    assert_eq!(
        (token(&app, &story, &story.secret).await, token(&app, &story, &second.str("secret")).await),
        (200, 200)
    );
    let refused = rotate(&story.consumer, &second.str("id"), "7d").await.problem(409, "wrong-state");
    assert!(refused["reason"] == "full" && refused.str("detail").contains("old_ends: now"));
    let create = format!("/api/v1/clients/{}/credentials", story.client);
    story.consumer.post(&create, json!({"kind": "client_secret"})).await.problem(409, "wrong-state");
    let third = rotate(&story.consumer, &first, "now").await.is(201);
    assert_eq!(token(&app, &story, &story.secret).await, 401);
    assert_eq!(token(&app, &story, &third.str("secret")).await, 200);
    // What has ended is in nobody's way, but it comes back only if there is room.
    let never = json!({"expires_at": null});
    story.consumer.patch(&format!("/api/v1/credentials/{first}"), never).await.problem(409, "wrong-state");
    for bad in ["", "2h", "2026-11-23T09:30:00Z"] {
        let refused = rotate(&story.consumer, &third.str("id"), bad).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], "/old_ends", "{bad}");
    }
    let off = format!("/api/v1/credentials/{}/deactivate", third.str("id"));
    story.consumer.post(&off, json!(null)).await.is(200);
    rotate(&story.consumer, &third.str("id"), "now").await.problem(409, "wrong-state");
}

/// C51
#[tokio::test]
async fn a_credential_can_be_described_and_ended_by_whoever_edits_the_app() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let key = id(&credentials(&story, "api_key").await[0]);
    let path = format!("/api/v1/credentials/{key}");
    let edit = json!({"description": "Night batch", "expires_at": "2026-11-23T09:31:00Z"});
    let edited = story.consumer.patch(&path, edit).await.is(200);
    assert_eq!((&edited["description"], &edited["state"]), (&json!("Night batch"), &json!("expiring")));
    app.keyed(&story.key).get(PETS).await.is(200);
    app.clock.advance_seconds(60);
    app.keyed(&story.key).get(PETS).await.problem(401, "credential-expired");
    story.consumer.patch(&path, json!({"expires_at": "2026-11-23T09:31:00Z"})).await.problem(422, "invalid");
    story.consumer.patch(&path, json!({"expires_at": null})).await.is(200);
    app.keyed(&story.key).get(PETS).await.is(200);
    let reader = app.person("reader").await;
    let team = format!("/api/v1/apps/{}/team/{}", story.app, reader.id);
    story.consumer.put(&team, json!({"role": "READ_ONLY"})).await.is(200);
    reader.patch(&path, json!({"description": "mine"})).await.problem(403, "forbidden");
    rotate(&reader, &key, "now").await.problem(403, "forbidden");
    assert_eq!(rotate(&story.provider, &key, "now").await.status, 404);
    let seen = reader.get(&path).await.is(200);
    assert!(seen.json.get("secret").is_none() && seen["actions"][0]["reason"] == "role");
}

/// F20
#[tokio::test]
async fn a_credential_says_when_it_was_last_used() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let unused = story.consumer.get(&format!("/api/v1/clients/{}", story.client)).await.is(200);
    assert!(unused["last_used_at"].is_null() && unused["secrets"].as_array().unwrap().len() == 2);
    app.clock.advance_seconds(90);
    app.keyed(&story.key).get(PETS).await.is(200);
    app.settle().await;
    let [key] = credentials(&story, "api_key").await.try_into().unwrap();
    let [secret] = credentials(&story, "client_secret").await.try_into().unwrap();
    assert_eq!((&key["last_used_at"], &secret["last_used_at"]), (&json!("2026-11-23T09:31:00Z"), &Value::Null));
    app.clock.advance_seconds(60);
    assert_eq!(token(&app, &story, &story.secret).await, 200);
    let [secret] = credentials(&story, "client_secret").await.try_into().unwrap();
    assert_eq!(secret["last_used_at"], "2026-11-23T09:32:30Z");
    assert_eq!(token(&app, &story, "wls_nonsense").await, 401);
    // A credential that is refused for itself was not accepted.
    let path = format!("/api/v1/credentials/{}/deactivate", id(&key));
    story.consumer.post(&path, json!(null)).await.is(200);
    app.keyed(&story.key).get(PETS).await.problem(401, "credential-disabled");
    app.settle().await;
    let [key] = credentials(&story, "api_key").await.try_into().unwrap();
    assert_eq!(key["last_used_at"], "2026-11-23T09:31:00Z");
    let client = story.consumer.get(&format!("/api/v1/clients/{}", story.client)).await.is(200);
    assert_eq!((&client["calls_24h"], &client["app"]["name"]), (&json!(2), &json!("Shop")));
}

/// F25 F27
#[tokio::test]
async fn a_deleted_client_is_refused_at_once_and_its_name_is_never_given_again() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let form =
        [("grant_type", "client_credentials"), ("client_id", &story.client_id), ("client_secret", &story.secret)];
    let jwt = app.nobody().form("/oauth2/token", &form).await.is(200).str("access_token");
    let security = json!({"security": [{"scheme": "api_key"}, {"scheme": "oauth"}]});
    story.provider.patch(&format!("/api/v1/versions/{}", story.version), security).await.is(200);
    let again = format!("/api/v1/versions/{}/publications/production", story.version);
    story.provider.put(&again, json!({"destination": story.destination})).await.is(200);
    let bearer = app.gateway().with("authorization", &format!("Bearer {jwt}"));
    bearer.get(PETS).await.is(200);
    let path = format!("/api/v1/clients/{}", story.client);
    story.provider.delete(&path).await.problem(404, "not-found");
    story.consumer.delete(&path).await.is(200);
    assert_eq!(
        (bearer.get(PETS).await.status.as_u16(), app.keyed(&story.key).get(PETS).await.status.as_u16()),
        (401, 401)
    );
    assert_eq!(token(&app, &story, &story.secret).await, 401);
    story.consumer.get(&path).await.problem(404, "not-found");
    let admin = app.admin().await;
    let again = json!({"app": story.app, "name": "Again", "client_id": story.client_id});
    admin.post("/api/v1/clients", again).await.problem(409, "exists");
    let told = admin.get("/api/v1/trail?verb=credential.deleted").await.is(200);
    assert_eq!(told.items().len(), 2);
}

/// A35
#[tokio::test]
async fn a_deleted_app_ends_its_subscriptions_and_withdraws_its_requests() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let active = story.subscribed().await;
    let asked =
        story.request("sandbox", &story.guarded_plan).await.is(201)["items"][0]["id"].as_str().unwrap().to_owned();
    app.keyed(&story.key).get(PETS).await.is(200);
    let developer = app.person("developer").await;
    let path = format!("/api/v1/apps/{}", story.app);
    story.consumer.put(&format!("{path}/team/{}", developer.id), json!({"role": "DEVELOPER"})).await.is(200);
    developer.delete(&path).await.problem(403, "forbidden");
    story.consumer.delete(&path).await.is(200);
    app.keyed(&story.key).get(PETS).await.is(401);
    for id in [&active, &asked] {
        let ended = story.provider.get(&format!("/api/v1/subscriptions/{id}")).await.is(200);
        assert_eq!((&ended["state"], &ended["app"]["name"]), (&json!("cancelled"), &json!("")));
    }
    assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty());
    let withdrawn = story.provider.get("/api/v1/tasks?state=withdrawn").await.is(200);
    assert_eq!(withdrawn.items()[0]["decision"]["what"], "cancelled");
    story.consumer.get(&path).await.problem(404, "not-found");
    assert!(story.consumer.get("/api/v1/apps").await.is(200).items().is_empty());
    app.settle().await;
    let told = story.provider.get("/api/v1/me/notices").await.is(200);
    assert!(told.items().iter().any(|n| n["verb"] == "subscription.cancelled"), "{}", told.text());
}

/// C75
#[tokio::test]
async fn a_deleted_api_is_gone_from_the_gateway_and_from_every_list() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let active = story.subscribed().await;
    let version = format!("/api/v1/versions/{}", story.version);
    story.provider.delete(&version).await.problem(409, "in-use");
    app.keyed(&story.key).get(PETS).await.is(200);
    let path = format!("/api/v1/apis/{}", story.api);
    story.consumer.delete(&path).await.problem(403, "forbidden");
    story.provider.delete(&path).await.is(200);
    app.keyed(&story.key).get(PETS).await.problem(404, "no-route");
    let ended = story.consumer.get(&format!("/api/v1/subscriptions/{active}")).await.is(200);
    assert_eq!(ended["state"], "cancelled");
    for gone in [&path, &version] {
        story.provider.get(gone).await.problem(404, "not-found");
    }
    assert!(story.consumer.get("/api/v1/apis").await.is(200).items().is_empty());
    let body = json!({"organization": story.provider_organization, "name": "Pets", "slug": "pets"});
    let again = story.provider.post("/api/v1/apis", body).await.is(201).str("id");
    let upload = story.provider.post(&format!("/api/v1/apis/{again}/versions"), testkit::petstore()).await.is(201);
    story.provider.delete(&format!("/api/v1/versions/{}", upload.str("id"))).await.is(200);
}
