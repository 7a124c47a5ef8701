//! What a profile lets designers do with versions, setting by setting.

use crate::profiles::{fenced, profile, under};
use serde_json::{Value, json};
use testkit::{Actor, Reply, Story, TestApp};

/// An API under a profile, with a version and a subscriber, and who may change the profile.
struct Fenced {
    app: TestApp,
    story: Story,
    admin: Actor,
    profile: String,
    api: String,
    /// The version's path and what the upload said.
    version: String,
    upload: Reply,
}

impl Fenced {
    async fn by(body: Value) -> Self {
        let app = TestApp::start().await;
        let (story, admin) = (Story::tell(&app).await, app.admin().await);
        let profile = profile(&app, body).await;
        let api = under(&story, &profile, json!({})).await.is(201).str("id");
        let path = format!("/api/v1/apis/{api}/versions?name=v1");
        let upload = story.provider.post(&path, testkit::petstore()).await.is(201);
        let version = format!("/api/v1/versions/{}", upload.str("id"));
        Self { profile: format!("/api/v1/profiles/{profile}"), app, story, admin, api, version, upload }
    }

    async fn relax(&self, change: Value) {
        self.admin.patch(&self.profile, change).await.is(200);
    }

    async fn set(&self, settings: Value) -> Reply {
        self.story.provider.patch(&self.version, settings).await
    }

    async fn publish(&self, environment: &str) -> Reply {
        let path = format!("{}/publications/{environment}", self.version);
        self.story.provider.put(&path, json!({"destination": self.story.destination})).await
    }

    /// What the destination gets of a call in production.
    async fn echo(&self) -> String {
        self.publish("production").await.is(200);
        let slug = self.story.provider.get(&format!("/api/v1/apis/{}", self.api)).await.is(200).str("slug");
        self.app.gateway().get(&format!("/{slug}/v1/pets")).await.is(200).text()
    }
}

fn header(value: &str) -> Value {
    json!({"headers": {"set": [{"name": "X-Team", "value": value}]}})
}

/// C15 C18 C19
#[tokio::test]
async fn what_a_profile_changes_of_requests_is_changed_and_stays_unless_it_lets_designers() {
    let rule = json!({"specify_defaults": true, "defaults": header("payments")});
    let open = json!({"specify_defaults": true, "defaults": {"schemes": []}});
    let body = json!({"name": "Tagged", "publish_allow": true, "requestmod": rule, "security": open, "subscription": {"required": false}});
    let fence = Fenced::by(body).await;
    assert_eq!(fence.upload["request_modification"]["headers"]["set"][0]["value"], "payments");
    assert!(fence.echo().await.contains("payments"));

    let own = json!({"request_modification": header("own")});
    fenced(&fence.set(own.clone()).await, "profile_request_modification", "override.request_modification");
    let of_one = json!({"operations": {"getPet": {"request_modification": header("own")}}});
    fenced(&fence.set(of_one).await, "profile_request_modification", "override.request_modification");
    fence.relax(json!({"requestmod": {"allow_override": true}})).await;
    fence.set(own).await.is(200);
    let echo = fence.echo().await;
    assert!(echo.contains("own") && !echo.contains("payments"), "{echo}");
}

/// C18
#[tokio::test]
async fn a_request_modification_that_no_version_can_have_is_named_when_it_is_left_out() {
    let rule = json!({"specify_defaults": true, "defaults": {"remove": {"trace": true}}});
    let fence = Fenced::by(json!({"name": "Foreign", "requestmod": rule})).await;
    let notes = fence.upload["notes"].as_array().unwrap();
    let note = notes.iter().find(|note| note["rule"] == "profile-defaults").expect("a note");
    assert!(note["detail"].as_str().unwrap().contains("`Foreign`") && note["severity"] == "warning", "{note}");
}

/// C21 C22
#[tokio::test]
async fn security_of_versions_and_of_operations_is_let_go_apart() {
    let fence = Fenced::by(json!({"name": "Closed"})).await;
    let (version, operation) = (
        |scheme: &str| json!({"security": [{"scheme": scheme}]}),
        |scheme: &str| json!({"operations": {"getPet": {"security": [{"scheme": scheme}]}}}),
    );
    fenced(&fence.set(version("basic")).await, "profile_security", "override.security");
    fenced(&fence.set(operation("basic")).await, "profile_security_operation", "override.security");
    fence.relax(json!({"security": {"allow_override": true}})).await;
    fence.set(version("basic")).await.is(200);
    fenced(&fence.set(operation("basic")).await, "profile_security_operation", "override.security");
    fence.relax(json!({"security": {"allow_override": false, "allow_override_per_operation": true}})).await;
    fenced(&fence.set(version("oauth")).await, "profile_security", "override.security");
    fence.set(operation("oauth")).await.is(200);
}

/// C23 C24 C25
#[tokio::test]
async fn kinds_of_implementation_are_let_go_one_by_one_and_for_operations_apart() {
    let fence = Fenced::by(json!({"name": "Plain", "implementation": {"limit_methods": true}})).await;
    let kinds = [
        ("method_script", json!({"kind": "script", "source": "return 204"})),
        ("method_pipeline", json!({"kind": "pipeline", "tasks": ["Mask"]})),
        ("method_proxy", json!({"kind": "proxy"})),
    ];
    for (flag, made) in &kinds {
        fence.relax(json!({"implementation": {"limit_methods": true, (*flag): false}})).await;
        let way = json!({"implementation": made});
        fenced(&fence.set(way.clone()).await, "profile_implementation", "override.implementation");
        // Of one kind only this flag speaks.
        fence.relax(json!({"implementation": {(*flag): true}})).await;
        fence.set(way.clone()).await.is(200);
        // Without the limit no flag does.
        let other = kinds.iter().find(|(name, _)| name != flag).map(|(_, made)| json!({"implementation": made}));
        fence.relax(json!({"implementation": {"limit_methods": false, (*flag): false}})).await;
        fence.set(other.expect("another kind")).await.is(200);
        fence.set(way).await.is(200);
    }
    let single = json!({"operations": {"getPet": {"implementation": {"kind": "script", "source": "x"}}}});
    fenced(&fence.set(single.clone()).await, "profile_implementation_operation", "override.implementation");
    fence.relax(json!({"implementation": {"allow_override_per_operation": true}})).await;
    fence.set(single).await.is(200);
}

/// C26 C27 C28 C29 C30
#[tokio::test]
async fn publishing_its_places_and_its_destinations_are_let_go_apart() {
    let fence = Fenced::by(json!({"name": "Anywhere", "publish_allow": true})).await;
    // Nothing listed, nothing refused.
    fence.publish("sandbox").await.is(200);
    fence.publish("production").await.is(200);
    fence.relax(json!({"environments": ["sandbox"]})).await;
    fence.publish("sandbox").await.is(200);
    fenced(&fence.publish("production").await, "profile_environment", "override.publish");
    let path = format!("/api/v1/organizations/{}/destinations", fence.story.provider_organization);
    let list = fence.story.provider.get(&path).await.is(200);
    let own = list.items().iter().find(|d| d["id"] == fence.story.destination).expect("the destination");
    let name = own["name"].as_str().expect("its name");
    fence.relax(json!({"environments": [], "destinations": ["elsewhere"]})).await;
    fenced(&fence.publish("production").await, "profile_destination", "override.implementation");
    fence.relax(json!({"destinations": ["elsewhere", name]})).await;
    fence.publish("production").await.is(200);
    fence.relax(json!({"publish_allow": false})).await;
    fenced(&fence.publish("production").await, "profile_publish", "override.publish");
}
