//! Calls through the gateway: where they go, why they are refused, and what is kept of them.

use crate::tokens::{ask, bearer, edit, open, takes};
use base::secret::{Purpose, Secret};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Actor, PETS, Reply, START, Story, TestApp};

/// Akamai's Identity Management v3: 96 operations.
const REAL: &str = include_str!("../../../../demo/openapi/akamai-identity-management-v3.json");

/// A path of the document with a value in the place of each parameter.
fn filled(template: &str) -> String {
    let mut out = String::new();
    for part in template.split_inclusive(['{', '}']) {
        match part.strip_suffix('}') {
            Some(name) => out.push_str(&format!("a-{}.1", name.len())),
            None => out.push_str(part.trim_end_matches('{')),
        }
    }
    out
}

/// The story's provider publishes a real document, and its consumer subscribes; answers the version's id.
async fn published_for_real(story: &Story) -> String {
    let body = json!({"organization": story.provider_organization, "name": "Identity", "slug": "iam"});
    let api = story.provider.post("/api/v1/apis", body).await.is(201).str("id");
    let path = format!("/api/v1/apis/{api}/versions?name=v3");
    let media = Some("application/json");
    let version = story.provider.send(Method::POST, &path, media, REAL.into()).await.is(201);
    assert_eq!(version["operations"], 96);
    let path = format!("/api/v1/versions/{}/publications/production", version.str("id"));
    story.provider.put(&path, json!({"destination": story.destination})).await.is(200);
    let body = json!({"apps": [story.app], "api": api, "environment": "production", "plan": story.open_plan});
    story.consumer.post("/api/v1/subscriptions", body).await.is(201);
    version.str("id")
}

/// F01 X01
#[tokio::test]
async fn every_operation_of_a_real_document_is_called_through_the_gateway() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let version = published_for_real(&story).await;
    let operations = story.provider.get(&format!("/api/v1/versions/{version}/operations")).await.is(200);
    let caller = app.keyed(&story.key);
    let mut names = BTreeSet::new();
    for operation in operations.items() {
        let text = |name: &str| operation[name].as_str().unwrap_or_default().to_owned();
        let (method, path) = (text("method"), filled(&text("path")));
        let address = format!("/iam/v3{path}");
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let reply = caller.send(method.clone(), &address, None, "content".into()).await.is(200);
        let seen = (&reply["method"], &reply["path"], &reply["body"]);
        assert_eq!(seen, (&json!(method.as_str()), &json!(path), &json!("content")));
        // Nothing of it is open to somebody without a credential.
        app.gateway().send(method, &address, None, "content".into()).await.problem(401, "credential-missing");
        names.insert(text("name"));
    }
    assert_eq!(names.len(), 96);
    assert_eq!(app.upstream.calls(), 96, "refused calls never reach the upstream");
    // Each call was recognised as the operation that it is.
    app.settle().await;
    let usage = story.consumer.get(&format!("/api/v1/usage?app={}", story.app)).await.is(200);
    let parts = usage["items"][0]["parts"].as_array().cloned().unwrap_or_default();
    let counted: BTreeSet<String> =
        parts.iter().filter(|p| p["calls"] == 1).filter_map(|p| p["operation"].as_str().map(str::to_owned)).collect();
    assert_eq!(counted, names);
    caller.get("/iam/v3/not/in/the/document").await.problem(404, "no-route");
}

/// F01 X03
#[tokio::test]
async fn a_call_without_a_credential_is_told_what_to_send() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    let refused = app.gateway().get(PETS).await.problem(401, "credential-missing");
    let challenges: Vec<&str> =
        refused.headers.get_all("www-authenticate").iter().filter_map(|v| v.to_str().ok()).collect();
    assert_eq!(challenges.len(), 3, "one for each kind that the version takes: {challenges:?}");
    for scheme in ["Bearer ", "ApiKey ", "Basic "] {
        assert!(challenges.iter().any(|c| c.starts_with(scheme)), "{scheme} in {challenges:?}");
    }
    assert!(!challenges.concat().contains("error="), "nothing was sent, so nothing was wrong with it (RFC 6750)");
    assert!(refused.str("detail").contains("`x-api-key`"), "{}", refused.text());
    app.keyed(&story.key).get(PETS).await.is(200);
}

/// Somebody with an app of their own that is subscribed to the story's API as well: they know of it, and no more.
async fn rival(app: &TestApp, story: &Story) -> Actor {
    let rival = app.person("rival").await;
    let organization = rival.post("/api/v1/organizations", json!({"name": "Rival"})).await.is(201).str("id");
    let theirs = rival.post("/api/v1/apps", json!({"organization": organization, "name": "Theirs"})).await.is(201);
    let body = json!({
        "apps": [theirs.str("id")], "api": story.api, "environment": "production", "plan": story.open_plan,
    });
    rival.post("/api/v1/subscriptions", body).await.is(201);
    rival
}

/// How a refused call is explained: to both sides alike, or to the API side alone, and to no stranger.
async fn explained(app: &TestApp, story: &Story, stranger: &Actor, refused: &Reply, known: bool) -> Value {
    let id = refused.str("decision");
    assert!(id.starts_with("dec_") && refused.header("wayleave-decision") == id);
    assert_eq!(refused.str("request_id"), refused.header("x-request-id"));
    let path = format!("/api/v1/decisions/{id}");
    assert!(refused.str("decision_url").ends_with(&path));
    let told = story.provider.get(&path).await.is(200);
    assert_eq!((&told["code"], &told["request"]), (&refused["code"], &refused["request_id"]));
    assert_eq!((&told["status"], &told["allowed"]), (&json!(refused.status.as_u16()), &json!(false)));
    assert_eq!(told["environment"]["name"], "Production");
    if known {
        assert_eq!(story.consumer.get(&path).await.is(200).json, told.json, "both sides read the same");
    } else {
        story.consumer.get(&path).await.problem(404, "not-found");
        assert!(told["app"].is_null() && told["client"].is_null(), "{}", told.text());
        leaks_nothing(refused, &["app_", "cli_", "crd_", "sub_", "pln_"]);
    }
    stranger.get(&path).await.problem(404, "not-found");
    app.nobody().get(&path).await.problem(401, "unauthenticated");
    leaks_nothing(refused, &["usr_", "org_", "Provider", "Consumer", "Shop", &story.key, &story.secret]);
    told.json
}

fn leaks_nothing(refused: &Reply, words: &[&str]) {
    for word in words {
        assert!(!refused.text().contains(word), "{word} in {}", refused.text());
    }
}

/// X03 X01 F01
#[tokio::test]
async fn each_cause_before_a_subscription_has_its_own_code_and_is_explained_to_the_owner() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let stranger = rival(&app, &story).await;
    takes(&story, json!([{"scheme": "api_key"}, {"scheme": "oauth", "scopes": ["pets.read"]}])).await;
    let keyed = app.keyed(&story.key);
    let unknown = Secret::generate(Purpose::ApiKey).reveal().to_owned();
    let both = keyed.with("authorization", "Bearer x");
    let foreign = app.gateway().with("authorization", "Basic eDp5");
    let table = [
        (app.gateway(), PETS, 401, "credential-missing", "credential", false),
        (app.keyed(&unknown), PETS, 401, "credential-invalid", "credential", false),
        (foreign, PETS, 401, "credential-kind", "credential", false),
        (both, PETS, 400, "credential-ambiguous", "credential", false),
        (keyed.clone(), "/pets/v1/cats", 404, "no-route", "route", false),
        (keyed.clone(), PETS, 403, "not-subscribed", "subscription", true),
    ];
    for (caller, path, status, code, rule, known) in &table {
        let refused = caller.get(path).await.problem(*status, code);
        let told = explained(&app, &story, &stranger, &refused, *known).await;
        assert_eq!((&told["rule"], &told["path"]), (&json!(rule), &json!(path)), "{code}");
        assert_eq!(told["api"]["id"], story.api.as_str(), "{code}");
        if *known {
            assert_eq!(told["app"]["id"], story.app.as_str());
            assert_eq!(told["client"]["id"], story.client.as_str());
            assert!(told["credential"]["id"].is_string() && told["subscription"].is_null(), "{told}");
        }
    }
    let refused = keyed.delete(PETS).await.problem(405, "method-not-allowed");
    assert_eq!(refused.header("allow"), "GET, POST");
    explained(&app, &story, &stranger, &refused, false).await;
    // Where nothing is published there is no API whose side could read it, but for the site's administrator.
    let refused = keyed.get("/dogs/v1/dogs").await.problem(404, "no-route");
    let path = format!("/api/v1/decisions/{}", refused.str("decision"));
    story.provider.get(&path).await.problem(404, "not-found");
    assert_eq!(app.admin().await.get(&path).await.is(200)["code"], "no-route");
    assert_eq!(app.upstream.calls(), 0);
}

/// A decision that names everything that the call rests on.
fn names_all(story: &Story, told: &Value, subscription: &str, rule: &str) {
    assert_eq!(told["rule"], rule, "{told}");
    for (member, id) in [
        ("client", &story.client),
        ("app", &story.app),
        ("subscription", &subscription.to_owned()),
        ("plan", &story.guarded_plan),
        ("api", &story.api),
        ("version", &story.version),
    ] {
        assert_eq!(told[member]["id"], id.as_str(), "{member} in {told}");
    }
    assert!(told["credential"]["id"].is_string() || told["token"].is_string(), "{told}");
    assert_eq!((&told["plan"]["name"], &told["app"]["name"]), (&json!("Guarded"), &json!("Shop")));
    assert_eq!(told["operation"], "listPets");
}

/// A step of a subscription's life: its name, who calls then, what is done first, and what the call is told.
type Step<'a> = (&'a str, &'a Actor, &'a [&'a str], u16, &'a str, &'a str);

/// X03 X01 A17 A30 A33
#[tokio::test]
async fn each_cause_within_a_subscription_names_credential_client_app_subscription_plan_and_rule() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let stranger = rival(&app, &story).await;
    takes(&story, json!([{"scheme": "api_key"}, {"scheme": "oauth", "scopes": ["pets.read"]}])).await;
    edit(&story, json!({"allowed_scopes": ["pets.read", "pets.write"]})).await;
    let poor = ask(&app, &story, &[("scope", "pets.write")]).await.is(200).str("access_token");
    let (poor, keyed) = (bearer(&app, &poor), app.keyed(&story.key));
    let id = story.requested().await;
    let steps: [Step<'_>; 6] = [
        ("undecided", &keyed, &[], 403, "subscription-pending", "subscription"),
        ("approved", &keyed, &["approve"], 403, "subscription-pending", "subscription"),
        ("active", &poor, &["activate"], 403, "scope-missing", "scope"),
        ("used up", &keyed, &[], 429, "limit-exceeded", "limit"),
        ("suspended", &keyed, &["suspend"], 403, "subscription-suspended", "subscription"),
        ("cancelled", &keyed, &["cancel"], 403, "subscription-ended", "subscription"),
    ];
    for (what, caller, actions, status, code, rule) in steps {
        for action in actions {
            story.act(&story.provider, &id, action).await.is(200);
        }
        if code == "limit-exceeded" {
            for _ in 0..3 {
                caller.get(PETS).await.is(200);
            }
        }
        let refused = caller.get(PETS).await.problem(status, code);
        let told = explained(&app, &story, &stranger, &refused, true).await;
        names_all(&story, &told, &id, rule);
        if rule == "limit" {
            assert_eq!(told["limit_group"]["id"], story.limit_group.as_str(), "{what}");
        }
    }
    assert_eq!(app.upstream.calls(), 3);
}

/// X03 X01
#[tokio::test]
async fn a_client_or_credential_that_was_switched_off_is_named_to_its_owner() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    let stranger = rival(&app, &story).await;
    let list = story.consumer.get(&format!("/api/v1/clients/{}/credentials", story.client)).await.is(200);
    let key = list.items().iter().find(|c| c["kind"] == "api_key").map_or(Value::Null, |c| c["id"].clone());
    let path = format!("/api/v1/credentials/{}", key.as_str().unwrap_or_default());
    story.consumer.post(&format!("{path}/deactivate"), json!({})).await.is(200);
    let refused = app.keyed(&story.key).get(PETS).await.problem(401, "credential-disabled");
    let told = explained(&app, &story, &stranger, &refused, true).await;
    assert_eq!((&told["rule"], &told["credential"]["id"]), (&json!("credential"), &key));
    assert_eq!((&told["credential_kind"], &told["app"]["id"]), (&json!("api_key"), &json!(story.app)));
    story.consumer.post(&format!("{path}/activate"), json!({})).await.is(200);
    story.consumer.post(&format!("/api/v1/clients/{}/disable", story.client), json!({})).await.is(200);
    let refused = app.keyed(&story.key).get(PETS).await.problem(403, "client-disabled");
    let told = explained(&app, &story, &stranger, &refused, true).await;
    assert_eq!((&told["rule"], &told["client"]["id"]), (&json!("client"), &json!(story.client)));
    story.consumer.post(&format!("/api/v1/clients/{}/enable", story.client), json!({})).await.is(200);
    // An expired token is its client's as well, also one that no call has carried before.
    edit(&story, json!({"accesstoken_valid_seconds": 2})).await;
    for kind in ["JWT", "UUID"] {
        let text = crate::tokens::token(&app, &story, kind).await;
        app.clock.advance_seconds(3);
        let refused = bearer(&app, &text).get(PETS).await.problem(401, "credential-expired");
        let told = explained(&app, &story, &stranger, &refused, true).await;
        assert_eq!((&told["rule"], &told["client"]["id"]), (&json!("credential"), &json!(story.client)));
        assert!(told["token"].is_string(), "{kind}");
    }
    // The stranger's own usage and the stranger's view of others' are empty as well.
    stranger.get(&format!("/api/v1/usage?app={}", story.app)).await.problem(404, "not-found");
    stranger.get(&format!("/api/v1/usage?api={}", story.api)).await.is(403);
}

/// X01
#[tokio::test]
async fn a_credential_of_any_kind_leads_to_one_client_app_subscription_and_plan() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    takes(&story, json!([{"scheme": "api_key"}, {"scheme": "oauth"}, {"scheme": "basic"}])).await;
    let subscription = story.subscribed().await;
    let jwt = crate::tokens::token(&app, &story, "JWT").await;
    let opaque = crate::tokens::token(&app, &story, "UUID").await;
    let by_basic = app.gateway().with("authorization", &crate::tokens::basic(&story.client_id, &story.secret));
    let callers = [
        ("api_key", app.keyed(&story.key)),
        ("basic", by_basic),
        ("jwt", bearer(&app, &jwt)),
        ("opaque_token", bearer(&app, &opaque)),
    ];
    for (kind, caller) in callers {
        let passed = caller.get(PETS).await.is(200);
        let path = format!("/api/v1/decisions/{}", passed.header("wayleave-decision"));
        let told = story.consumer.get(&path).await.is(200);
        assert_eq!((&told["allowed"], &told["rule"]), (&json!(true), &json!("done")), "{}", told.text());
        assert_eq!(told["credential_kind"], kind);
        let ids = ["client", "app", "subscription", "plan"].map(|m| told[m]["id"].clone());
        assert_eq!(ids, [&story.client, &story.app, &subscription, &story.open_plan].map(|id| json!(id)), "{kind}");
        assert_eq!(passed["headers"]["wayleave-subscription"], subscription.as_str());
        assert_eq!(told["request"], passed.header("x-request-id"));
        assert_eq!(passed["headers"]["x-request-id"], passed.header("x-request-id"), "one id on both sides");
        assert!(!told.text().contains(&jwt) && !told.text().contains(&opaque) && !told.text().contains(&story.key));
    }
}

/// C75 X02
#[tokio::test]
async fn a_version_is_reachable_only_where_it_is_published() {
    let app = TestApp::start().await;
    let story = open(&app).await;
    story.request("sandbox", &story.open_plan).await.is(201);
    let (keyed, sandbox) = (app.keyed(&story.key), format!("/sandbox{PETS}"));
    keyed.get(PETS).await.is(200);
    keyed.get(&sandbox).await.is(200);
    let publication = |environment: &str| format!("/api/v1/versions/{}/publications/{environment}", story.version);
    story.provider.delete(&publication("production")).await.is(200);
    keyed.get(PETS).await.problem(404, "no-route");
    keyed.get(&sandbox).await.is(200);
    let upload =
        story.provider.post(&format!("/api/v1/apis/{}/versions?name=v2", story.api), testkit::petstore()).await;
    let draft = upload.is(201).str("id");
    keyed.get("/pets/v2/pets").await.problem(404, "no-route");
    let body = json!({"destination": story.destination});
    story.provider.put(&format!("/api/v1/versions/{draft}/publications/production"), body.clone()).await.is(200);
    keyed.get("/pets/v2/pets").await.is(200);
    story.provider.put(&publication("production"), body).await.is(200);
    keyed.get(PETS).await.is(200);
}

/// A34 A33 X02
#[tokio::test]
async fn sandbox_and_production_are_apart_and_a_suspension_is_felt_by_the_next_call() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (keyed, sandbox) = (app.keyed(&story.key), format!("/sandbox{PETS}"));
    let made = story.request("sandbox", &story.open_plan).await.is(201);
    let id = made["items"][0]["id"].as_str().unwrap_or_default().to_owned();
    let statuses = async || {
        let reply = story.consumer.get(&format!("/api/v1/apps/{}/apis/{}", story.app, story.api)).await.is(200);
        let mut found: Vec<(String, String)> = Vec::new();
        for item in reply.items() {
            let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
            found.push((text(&item["environment"]["name"]), text(&item["status"])));
        }
        found.sort();
        found
    };
    let pair = |production: &str, sandbox: &str| {
        vec![("production".to_owned(), production.to_owned()), ("sandbox".to_owned(), sandbox.to_owned())]
    };
    assert_eq!(statuses().await, pair("Inactive", "Active"));
    keyed.get(&sandbox).await.is(200);
    keyed.get(PETS).await.problem(403, "not-subscribed");
    story.subscribed().await;
    story.act(&story.consumer, &id, "suspend").await.is(200);
    keyed.get(&sandbox).await.problem(403, "subscription-suspended");
    assert_eq!(statuses().await, pair("Active", "Suspended"));
    keyed.get(PETS).await.is(200);
    story.act(&story.consumer, &id, "resume").await.is(200);
    keyed.get(&sandbox).await.is(200);
}

/// C13 C14 C15
#[tokio::test]
async fn subscription_and_security_are_demanded_apart_from_each_other() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (keyed, api) = (app.keyed(&story.key), format!("/api/v1/apis/{}", story.api));
    keyed.get(PETS).await.problem(403, "not-subscribed");
    story.provider.patch(&api, json!({"subscription_required": false})).await.is(200);
    app.gateway().get(PETS).await.problem(401, "credential-missing");
    let wrong = Secret::generate(Purpose::ApiKey).reveal().to_owned();
    app.keyed(&wrong).get(PETS).await.problem(401, "credential-invalid");
    keyed.get(PETS).await.is(200);
    takes(&story, json!([{"scheme": "oauth"}])).await;
    app.gateway().get(PETS).await.problem(401, "credential-missing");
    let token = crate::tokens::token(&app, &story, "JWT").await;
    bearer(&app, &token).get(PETS).await.is(200);
    takes(&story, json!([])).await;
    let open = app.gateway().get(PETS).await.is(200);
    assert_eq!(open["headers"]["wayleave-app"], Value::Null);
    story.provider.patch(&api, json!({"subscription_required": true})).await.is(200);
    app.gateway().get(PETS).await.problem(401, "credential-missing");
    keyed.get(PETS).await.problem(403, "not-subscribed");
    story.subscribed().await;
    keyed.get(PETS).await.is(200);
}

/// The parts of one minute as `(outcome, status, calls, app)`, in order.
fn parts(minute: &Value) -> Vec<(String, u64, u64, bool)> {
    let mut out: Vec<_> = minute["parts"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|p| {
            let number = |name: &str| p[name].as_u64().unwrap_or_default();
            (
                p["outcome"].as_str().unwrap_or_default().to_owned(),
                number("status"),
                number("calls"),
                p["app"].is_string(),
            )
        })
        .collect();
    out.sort();
    out
}

/// C76 F36
#[tokio::test]
async fn every_call_is_counted_in_its_minute_refused_ones_with_their_reason() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.requested().await;
    let keyed = app.keyed(&story.key);
    keyed.get(PETS).await.problem(403, "subscription-pending");
    story.act(&story.provider, &id, "approve").await.is(200);
    story.act(&story.provider, &id, "activate").await.is(200);
    for status in [200, 200, 200, 429, 429] {
        keyed.get(PETS).await.is(status);
    }
    app.gateway().get(PETS).await.is(401);
    app.clock.advance_seconds(60);
    keyed.get(PETS).await.is(200);
    app.settle().await;
    let row = |outcome: &str, status, calls, app| (outcome.to_owned(), status, calls, app);
    let mine =
        [row("allowed", 200, 3, true), row("limit-exceeded", 429, 2, true), row("subscription-pending", 403, 1, true)];
    let reply = story.consumer.get(&format!("/api/v1/usage?app={}", story.app)).await.is(200);
    let minutes = reply.items();
    assert_eq!(minutes.len(), 2, "{}", reply.text());
    assert_eq!(
        (&minutes[0]["at"], &minutes[1]["at"]),
        (&json!(START.to_string()), &json!(START.plus_seconds(60).to_string()))
    );
    assert_eq!(parts(&minutes[0]), mine);
    assert_eq!((&minutes[0]["calls"], &minutes[0]["allowed"]), (&json!(6), &json!(3)));
    assert_eq!(parts(&minutes[1]), [row("allowed", 200, 1, true)]);
    let all = story.provider.get(&format!("/api/v1/usage?api={}", story.api)).await.is(200);
    let mut theirs = mine.to_vec();
    theirs.insert(1, row("credential-missing", 401, 1, false));
    assert_eq!(parts(&all.items()[0]), theirs);
    let day = story.consumer.get(&format!("/api/v1/usage?app={}&step=day", story.app)).await.is(200);
    assert_eq!((day.items().len(), &day.items()[0]["calls"]), (1, &json!(7)));
}
