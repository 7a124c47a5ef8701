//! Profiles: what they say, who may choose them, what they fence, and who may do more.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Actor, Reply, Story, TestApp};

/// A profile with every field set to something that no default is.
fn whole(name: &str, plan: &str) -> Value {
    json!({
        "name": name, "description": "For the <regulated>", "roles": ["designer", "Payments team"],
        "subscription": {"allow_override": true, "required": false},
        "subscription_plans": [plan],
        "requestmod": {"specify_defaults": true, "allow_override": true,
                       "defaults": {"headers": {"add": {"X-Team": "payments"}}}},
        "security": {"specify_defaults": true, "allow_override": true, "allow_override_per_operation": true,
                     "defaults": {"schemes": [{"scheme": "oauth", "scopes": ["pets:read"]}], "kept": {"as": ["it", 1]}}},
        "implementation": {"limit_methods": true, "method_pipeline": true, "method_script": true, "method_proxy": true,
                           "allow_override_per_operation": true},
        "publish_allow": true, "environments": ["sandbox", "production"], "destinations": ["b", "a"],
    })
}

pub async fn profile(app: &TestApp, body: Value) -> String {
    app.admin().await.post("/api/v1/profiles", body).await.is(201).str("id")
}

async fn role(app: &TestApp, who: &Actor, role: &str) {
    app.admin().await.put(&format!("/api/v1/users/{}/roles/{role}", who.id), Value::Null).await.is(200);
}

pub async fn under(story: &Story, profile: &str, more: Value) -> Reply {
    let mut body = json!({"organization": story.provider_organization, "name": "Fenced", "profile": profile});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    story.provider.post("/api/v1/apis", body).await
}

/// The answer of a fence, checked for what it has to say.
#[track_caller]
pub fn fenced(reply: &Reply, reason: &str, privilege: &str) {
    assert_eq!((reply.status.as_u16(), &reply["code"]), (403, &json!("fenced")), "{}", reply.text());
    assert_eq!(reply["reason"], reason, "{}", reply.text());
    assert!(reply["profile"]["id"].is_string() && reply["profile"]["name"].is_string(), "{}", reply.text());
    let privileges = reply["privileges"].as_array().cloned().unwrap_or_default();
    assert!(privileges.contains(&json!(privilege)) && privileges.contains(&json!("override.all")), "{privileges:?}");
}

/// C10 C12 C80
#[tokio::test]
async fn an_api_designer_finds_the_profiles_to_choose_from_and_the_part_of_a_console_for_those_who_provide() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (open, closed) = (
        profile(&app, json!({"name": "Open"})).await,
        profile(&app, json!({"name": "Closed", "roles": ["payments"]})).await,
    );
    let designer = app.person("designer").await;
    designer.get("/api/v1/profiles").await.problem(403, "forbidden");
    let pulse = designer.get("/api/v1/me/pulse").await.is(200);
    assert_eq!(pulse["navigation"], json!({"provide": false, "organization": false, "site": false}));
    let role = format!("/api/v1/organizations/{}/roles/api_designer/{}", story.provider_organization, designer.id);
    story.provider.put(&role, json!({})).await.is(200);
    let usable = designer.get("/api/v1/profiles?usable=true").await.is(200);
    let names: Vec<_> = usable.items().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Open"]);
    designer.get(&format!("/api/v1/profiles/{closed}")).await.is(200);
    let pulse = designer.get("/api/v1/me/pulse").await.is(200);
    assert_eq!(pulse["navigation"], json!({"provide": true, "organization": true, "site": false}));
    let under = |name: &str, profile: &str| json!({"organization": story.provider_organization, "name": name, "profile": profile});
    designer.post("/api/v1/apis", under("Drawn", &open)).await.is(201);
    designer.post("/api/v1/apis", under("Not drawn", &closed)).await.problem(403, "fenced");
}

/// C09
#[tokio::test]
async fn a_profile_is_read_back_with_every_field_as_it_was_written() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let admin = app.admin().await;
    let body = whole("Regulated", &story.open_plan);
    let made = admin.post("/api/v1/profiles", body.clone()).await.is(201);
    let path = format!("/api/v1/profiles/{}", made.str("id"));
    assert_eq!(made.header("location"), path);
    for reader in [&admin, &story.provider] {
        let read = reader.get(&path).await.is(200);
        for (name, value) in body.as_object().into_iter().flatten() {
            assert_eq!(read[name.as_str()], *value, "{name}");
        }
    }
    let bare = profile(&app, json!({"name": "Bare"})).await;
    let read = admin.get(&format!("/api/v1/profiles/{bare}")).await.is(200);
    assert_eq!(read["subscription"], json!({"allow_override": false, "required": true}));
    let no_defaults = json!({"specify_defaults": false, "allow_override": false, "defaults": {}});
    assert_eq!(read["requestmod"], no_defaults);
    assert_eq!(
        (&read["publish_allow"], &read["roles"], &read["environments"]),
        (&json!(false), &json!([]), &json!([]))
    );
    // A patch changes what it names, also inside of the defaults, and nothing else.
    let patch = json!({"security": {"defaults": {"kept": null, "schemes": []}}, "publish_allow": false, "roles": []});
    let after = admin.patch(&path, patch).await.is(200);
    let expected = json!({"specify_defaults": true, "allow_override": true, "allow_override_per_operation": true,
                          "defaults": {"schemes": []}});
    assert_eq!((&after["security"], &after["publish_allow"]), (&expected, &json!(false)));
    assert_eq!((&after["implementation"], &after["environments"]), (&body["implementation"], &body["environments"]));
}

#[tokio::test]
async fn what_cannot_stand_in_a_profile_is_refused_by_its_place() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let admin = app.admin().await;
    for (member, value, pointer) in [
        ("name", json!(" "), "/name"),
        ("roles", json!(["a", "a"]), "/roles/1"),
        ("roles", json!(["site_admin"]), "/roles/0"),
        ("roles", json!(["override.all"]), "/roles/0"),
        ("subscription_plans", json!(["pln_01arz3ndektsv4rrffq69g5fav"]), "/subscription_plans/0"),
        ("environments", json!(["moon"]), "/environments/0"),
        ("environments", json!(["sandbox", "sandbox"]), "/environments/1"),
        ("destinations", json!(["x", "two\nlines"]), "/destinations/1"),
        ("security", json!({"defaults": {"schemes": [{"scheme": "magic"}]}}), "/security/defaults/schemes/0"),
        ("security", json!({"defaults": {"schemes": {}}}), "/security/defaults/schemes"),
        ("security", json!({"defaults": []}), "/security/defaults"),
        ("requestmod", json!({"defaults": {"x": "y".repeat(40_000)}}), "/requestmod/defaults"),
        ("subscription", json!({"required": "yes"}), "/subscription/required"),
        ("id", json!("prf_01arz3ndektsv4rrffq69g5fav"), "/id"),
    ] {
        let mut body = json!({"name": "Odd"});
        body[member] = value;
        let refused = admin.post("/api/v1/profiles", body).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{}", refused.text());
    }
    let one = profile(&app, json!({"name": "One"})).await;
    admin.post("/api/v1/profiles", json!({"name": "One"})).await.problem(409, "exists");
    let other = profile(&app, json!({"name": "Other"})).await;
    admin.patch(&format!("/api/v1/profiles/{other}"), json!({"name": "One"})).await.problem(409, "exists");
    // Only site administrators write; whoever designs nothing does not even read.
    let path = format!("/api/v1/profiles/{one}");
    story.provider.patch(&path, json!({"publish_allow": true})).await.problem(403, "forbidden");
    story.provider.post("/api/v1/profiles", json!({"name": "Mine"})).await.problem(403, "forbidden");
    story.provider.delete(&path).await.problem(403, "forbidden");
    app.person("passer-by").await.get(&path).await.problem(403, "forbidden");
    app.nobody().get(&path).await.is(401);
}

/// C10 C11 C12
#[tokio::test]
async fn a_profile_with_roles_is_chosen_by_designers_who_hold_one_of_them() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let closed = profile(&app, json!({"name": "Closed", "roles": ["a", "b"]})).await;
    let open = profile(&app, json!({"name": "Open"})).await;
    let picker = async || {
        let page = story.provider.get("/api/v1/profiles?usable=true").await.is(200);
        page.items().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let only = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(picker().await, only(&[&open]));
    fenced(&under(&story, &closed, json!({})).await, "profile_role", "override.all");
    let chosen = story.provider.patch(&format!("/api/v1/apis/{}", story.api), json!({"profile": closed})).await;
    fenced(&chosen, "profile_role", "override.all");
    under(&story, &open, json!({"slug": "open"})).await.is(201);
    role(&app, &story.provider, "b").await;
    assert_eq!(picker().await, only(&[&closed, &open]));
    let made = under(&story, &closed, json!({})).await.is(201);
    assert_eq!(made["profile"], closed.as_str());
    // A role that is taken away is gone with the next request; what was done with it stays.
    let path = format!("/api/v1/users/{}/roles/b", story.provider.id);
    app.admin().await.delete(&path).await.is(200);
    assert_eq!(picker().await, only(&[&open]));
    fenced(&under(&story, &closed, json!({"slug": "again"})).await, "profile_role", "override.all");
    let read = story.provider.get(&format!("/api/v1/apis/{}", made.str("id"))).await.is(200);
    assert_eq!(read["fenced_by"]["profile"]["id"], closed.as_str());
    let unknown = under(&story, "prf_01arz3ndektsv4rrffq69g5fav", json!({})).await.problem(422, "invalid");
    assert_eq!(unknown["errors"][0]["pointer"], "/profile");
}

/// C16 C17 C80
#[tokio::test]
async fn subscription_settings_and_plans_are_those_of_the_profile_unless_it_lets_designers_deviate() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let admin = app.admin().await;
    let shared = admin.post("/api/v1/plans", json!({"name": "Shared", "default": true})).await.is(201).str("id");
    let body = json!({"name": "Strict", "subscription": {"required": false}, "subscription_plans": [story.open_plan]});
    let strict = profile(&app, body).await;
    let asked = under(&story, &strict, json!({"subscription_required": true})).await;
    fenced(&asked, "profile_subscription", "override.subscription");
    let api = under(&story, &strict, json!({})).await.is(201);
    assert_eq!(api["subscription_required"], false, "as the profile says");
    let path = format!("/api/v1/apis/{}", api.str("id"));
    let offered = async || {
        let read = story.provider.get(&path).await.is(200);
        let plans = read["plans"].as_array().cloned().unwrap_or_default();
        plans.iter().map(|plan| plan["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(offered().await, [story.open_plan.as_str()], "not the default plan, which the profile does not list");
    let required = json!({"subscription_required": true});
    fenced(&story.provider.patch(&path, required.clone()).await, "profile_subscription", "override.subscription");
    let plans = format!("{path}/plans");
    let own = json!({"plans": [story.open_plan]});
    fenced(&story.provider.put(&plans, own.clone()).await, "profile_subscription", "override.subscription");
    // The profile opens up: settings are free, plans are those of its list.
    let loosened = json!({"subscription": {"allow_override": true}});
    admin.patch(&format!("/api/v1/profiles/{strict}"), loosened).await.is(200);
    story.provider.patch(&path, required).await.is(200);
    story.provider.put(&plans, own).await.is(200);
    let foreign = json!({"plans": [story.open_plan, shared]});
    let refused = story.provider.put(&plans, foreign.clone()).await.problem(422, "invalid");
    assert_eq!((&refused["errors"][0]["pointer"], &refused["reason"]), (&json!("/plans/1"), &json!("profile_plan")));
    story.provider.put(&plans, json!({"plans": []})).await.is(200);
    assert_eq!(offered().await, [story.open_plan.as_str()], "none chosen means every plan of the profile");
    // The same change by somebody who may override, and the trail says by which privilege.
    role(&app, &story.provider, "override.subscription").await;
    story.provider.put(&plans, foreign).await.is(200);
    let trail = admin.get("/api/v1/trail?verb=api.plans_set&limit=1").await.is(200);
    assert_eq!(trail.items()[0]["detail"]["overrides"][0]["privilege"], "override.subscription", "{}", trail.text());
    assert_eq!(trail.items()[0]["detail"]["overrides"][0]["profile"]["name"], "Strict");
}

/// C80
#[tokio::test]
async fn a_profile_is_left_only_by_privilege_and_privileges_for_one_profile_hold_there_alone() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let admin = app.admin().await;
    let (one, other) = (profile(&app, json!({"name": "One"})).await, profile(&app, json!({"name": "Other"})).await);
    let path = format!("/api/v1/apis/{}", story.api);
    let choose = async |profile: Value| story.provider.patch(&path, json!({"profile": profile})).await;
    choose(json!(one)).await.is(200);
    for away in [json!(null), json!(other)] {
        fenced(&choose(away).await, "profile_leave", "override.all");
    }
    let grant = |profile: &str| format!("/api/v1/users/{}/roles/override.all?profile={profile}", story.provider.id);
    admin.put(&grant(&other), Value::Null).await.is(200);
    fenced(&choose(json!(null)).await, "profile_leave", "override.all");
    admin.put(&grant(&one), Value::Null).await.is(200);
    choose(json!(other)).await.is(200);
    // In use, then not; its privileges go with it.
    admin.delete(&format!("/api/v1/profiles/{other}")).await.problem(409, "in-use");
    choose(json!(null)).await.is(200);
    admin.delete(&format!("/api/v1/profiles/{other}")).await.is(200);
    let roles = story.provider.get(&format!("/api/v1/users/{}/roles", story.provider.id)).await.is(200);
    assert_eq!(roles.items().len(), 1, "{}", roles.text());
    assert_eq!(roles.items()[0]["profile"]["id"], one.as_str());
}

/// C80 X07
#[tokio::test]
async fn roles_are_given_by_site_administrators_alone_and_seen_by_their_holder() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let admin = app.admin().await;
    let path = |role: &str| format!("/api/v1/users/{}/roles/{role}", story.provider.id);
    for who in [&story.provider, &story.consumer] {
        who.put(&path("override.all"), Value::Null).await.problem(403, "forbidden");
        who.delete(&path("override.all")).await.problem(403, "forbidden");
    }
    for odd in ["site_admin", "override.everything", "override.", "%20", &"x".repeat(61)] {
        admin.put(&path(odd), Value::Null).await.problem(422, "invalid");
    }
    admin.put(&path("designer?profile=prf_01arz3ndektsv4rrffq69g5fav"), Value::Null).await.problem(422, "invalid");
    let nowhere = path("override.all?profile=prf_01arz3ndektsv4rrffq69g5fav");
    admin.put(&nowhere, Value::Null).await.problem(422, "invalid");
    admin.put(&path("Payments%20team"), Value::Null).await.is(200);
    admin.put(&path("override.publish"), Value::Null).await.is(200);
    let words = |reply: &Value| {
        let all = reply.as_array().cloned().unwrap_or_default();
        all.iter().map(|it| (it["role"].clone(), it["privilege"].clone())).collect::<Vec<_>>()
    };
    let expected = [(json!("Payments team"), json!(false)), (json!("override.publish"), json!(true))];
    assert_eq!(words(&story.provider.get("/api/v1/me").await.is(200)["roles"]), expected);
    let list = format!("/api/v1/users/{}/roles", story.provider.id);
    assert_eq!(words(&admin.get(&list).await.is(200)["items"]), expected);
    story.consumer.get(&list).await.problem(403, "forbidden");
    let trail = admin.get("/api/v1/trail?verb=user.role_granted").await.is(200);
    let entry = &trail.items()[1];
    assert_eq!((&entry["verb"], &entry["detail"]["role"]), (&json!("user.role_granted"), &json!("Payments team")));
    assert_eq!((&entry["detail"]["before"], &entry["detail"]["after"]), (&json!(false), &json!(true)));
    admin.delete(&path("override.security")).await.problem(404, "not-found");
    admin.delete(&path("override.publish")).await.is(200);
    assert_eq!(words(&story.provider.get("/api/v1/me").await.is(200)["roles"]), expected[..1]);
}

/// C20 C21 C26 C27 C29
#[tokio::test]
async fn a_version_begins_with_the_profiles_security_and_keeps_within_its_fence() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let admin = app.admin().await;
    let strict = json!({
        "name": "Strict", "security": {"specify_defaults": true, "defaults": {"schemes": [{"scheme": "basic"}]}},
        "publish_allow": false, "environments": ["sandbox"], "destinations": ["elsewhere"],
    });
    let strict = profile(&app, strict).await;
    let api = under(&story, &strict, json!({})).await.is(201).str("id");
    let upload =
        story.provider.post(&format!("/api/v1/apis/{api}/versions?name=v1"), testkit::petstore()).await.is(201);
    assert_eq!(upload["security"], json!([{"scheme": "basic"}]), "{}", upload.text());
    let version = format!("/api/v1/versions/{}", upload.str("id"));
    let publish = async |environment: &str| {
        let path = format!("{version}/publications/{environment}");
        story.provider.put(&path, json!({"destination": story.destination})).await
    };
    let open = json!({"security": [{"scheme": "api_key"}]});
    fenced(&story.provider.patch(&version, open.clone()).await, "profile_security", "override.security");
    fenced(&publish("sandbox").await, "profile_publish", "override.publish");
    let path = format!("/api/v1/profiles/{strict}");
    admin.patch(&path, json!({"publish_allow": true, "security": {"allow_override": true}})).await.is(200);
    story.provider.patch(&version, open).await.is(200);
    fenced(&publish("production").await, "profile_environment", "override.publish");
    fenced(&publish("sandbox").await, "profile_destination", "override.implementation");
    admin.patch(&path, json!({"destinations": []})).await.is(200);
    publish("sandbox").await.is(200);
    fenced(&publish("production").await, "profile_environment", "override.publish");
}
