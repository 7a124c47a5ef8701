//! Requests, people and whole bundles that come from another system.

use crate::ceptor::{example, uuid};
use serde_json::{Value, json};
use testkit::{Story, TestApp};

const BUNDLE: &str = "/api/v1/ceptor/bundle";

fn head(app: &TestApp) -> i64 {
    *app.server().platform.db.head().borrow()
}

/// C58 C59 C60 C62 C63
#[tokio::test]
async fn a_request_is_the_same_request_on_both_sides() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let subscription = story.requested().await;
    let path = format!("/api/v1/ceptor/applications/{}", uuid(&story.app));
    let pending = async || admin.get(&path).await.is(200)["pending_subscriptions"][0].clone();
    let task = story.provider.get("/api/v1/tasks").await.is(200).items()[0]["id"].as_str().unwrap().to_owned();
    let undecided = json!({
        "apiid": uuid(&story.api), "subscriptionplan_id": uuid(&story.guarded_plan), "comment_requestor": "Please",
        "comment_response": null, "unread": false, "action_id": uuid(&task), "approved": false, "rejected": false,
    });
    assert_eq!(pending().await, undecided);
    // Decided there: it is decided here, as it was decided.
    let mut decided = undecided.clone();
    for (member, value) in
        [("approved", json!(true)), ("comment_response", json!("Certainly")), ("unread", json!(true))]
    {
        decided[member] = value;
    }
    let body = json!({"pending_subscriptions": [decided]});
    let done = admin.put(&path, body.clone()).await.is(200);
    assert_eq!(done["changes"][0]["verb"], "subscription.approved");
    assert_eq!(pending().await, decided);
    let seen = story.consumer.get(&format!("/api/v1/subscriptions/{subscription}")).await.is(200);
    assert_eq!((&seen["state"], &seen["unread"]), (&json!("approved"), &json!(true)));
    assert_eq!(seen["comment_response"], "Certainly");
    story.consumer.post(&format!("/api/v1/subscriptions/{subscription}/read"), json!({})).await.is(200);
    assert_eq!(pending().await["unread"], false);
    // A decision stays, and so do the words.
    let at = "/pending_subscriptions/0";
    for (member, value, place) in [
        ("rejected", json!(true), "rejected"),
        ("approved", json!(false), "comment_response"),
        ("comment_response", json!("No"), "comment_response"),
        ("comment_requestor", json!("Now"), "comment_requestor"),
        ("subscriptionplan_id", json!(uuid(&story.open_plan)), "subscriptionplan_id"),
    ] {
        let mut other = decided.clone();
        other["unread"] = json!(false);
        other[member] = value;
        let refused = admin.put(&path, json!({"pending_subscriptions": [other]})).await;
        let refused = refused.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], format!("{at}/{place}"), "{member}: {}", refused.text());
    }
    // In the map as well: it is activated.
    let map = json!({"subscriptions": {uuid(&story.api): uuid(&story.guarded_plan)}});
    let done = admin.put(&path, map).await.is(200);
    assert_eq!(done["changes"][0]["verb"], "subscription.activated");
    assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty(), "the task is done");
}

/// C59 C61 C62 C64
#[tokio::test]
async fn requests_that_nobody_here_knew_of_come_with_their_task_and_their_answer() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let path = format!("/api/v1/ceptor/applications/{}", uuid(&story.app));
    let (open, refused) = ("00000000-0000-4000-8000-0000000000b1", "00000000-0000-4000-8000-0000000000b2");
    let request = |action: &str, rejected: bool| {
        json!({
            "apiid": uuid(&story.api), "subscriptionplan_id": uuid(&story.guarded_plan),
            "comment_requestor": "Let us in", "comment_response": if rejected { json!("Not now") } else { json!(null) },
            "unread": rejected, "action_id": action, "approved": false, "rejected": rejected,
        })
    };
    let both = json!({"pending_subscriptions": [request(refused, true), request(open, false)]});
    admin.put(&path, both.clone()).await.is(200);
    assert_eq!(admin.get(&path).await.is(200)["pending_subscriptions"], both["pending_subscriptions"]);
    let inbox = story.provider.get("/api/v1/tasks").await.is(200);
    assert_eq!(inbox.items().len(), 1);
    assert_eq!(uuid(inbox.items()[0]["id"].as_str().unwrap()), open);
    // Left out, a request that waits is withdrawn; a decided one stays with its words.
    let done = admin.put(&path, json!({"pending_subscriptions": []})).await.is(200);
    assert_eq!(done["changes"].as_array().unwrap().len(), 1, "{}", done.text());
    assert_eq!(admin.get(&path).await.is(200)["pending_subscriptions"], json!([request(refused, true)]));
    assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty());
    // Both answers at once, an answer without a decision, a task of somebody else.
    let mut odd = request(open, true);
    odd["approved"] = json!(true);
    let mut unread = request(open, false);
    unread["unread"] = json!(true);
    for (entry, place) in [(odd, "rejected"), (unread, "unread"), (request(open, false), "action_id")] {
        let reply = admin.put(&path, json!({"pending_subscriptions": [request(refused, true), entry]})).await;
        let pointer = format!("/pending_subscriptions/1/{place}");
        assert_eq!(reply.problem(422, "invalid")["errors"][0]["pointer"], pointer.as_str());
    }
}

/// C66 C67 C68 C69 C70
#[tokio::test]
async fn a_person_comes_with_their_roles_and_without_a_password() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let id = "00000000-0000-4000-8000-0000000000c1";
    let path = format!("/api/v1/ceptor/developers/{id}");
    let person = json!({
        "id": id, "credentials": "portal.developer", "email": "developer@partner.example",
        "partners": [{"id": uuid(&story.consumer_organization), "role": "NONE"}],
        "applications": [{"id": uuid(&story.app), "role": "DEVELOPER"}],
    });
    let done = admin.put(&path, person.clone()).await.is(200);
    assert_eq!(done["outcome"], "created", "{}", done.text());
    assert_eq!(admin.get(&path).await.is(200).json, person);
    let again = admin.put(&path, person.clone()).await.is(200);
    assert_eq!(again["outcome"], "unchanged");
    // No password is good for somebody who has none.
    for password in ["", "portal.developer", "a long enough phrase"] {
        let body = json!({"username": "portal.developer", "password": password});
        app.nobody().post("/api/v1/session", body).await.is(401);
    }
    let team = story.consumer.get(&format!("/api/v1/apps/{}/team", story.app)).await.is(200);
    assert!(team.items().iter().any(|m| m["user"]["username"] == "portal.developer" && m["role"] == "DEVELOPER"));
    // Who they are never changes, and the last OWNER of something stays.
    for (member, value, pointer) in [
        ("id", json!("00000000-0000-4000-8000-0000000000c2"), "/id"),
        ("credentials", json!("somebody.else"), "/credentials"),
        ("email", json!("nowhere"), "/email"),
        ("partners", json!([{"id": id, "role": "OWNER"}]), "/partners/0/id"),
        ("applications", json!([{"id": uuid(&story.app), "role": "NONE"}]), "/applications/0/role"),
    ] {
        let mut other = person.clone();
        other[member] = value;
        let refused = admin.put(&path, other).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{}", refused.text());
    }
    let consumer = format!("/api/v1/ceptor/developers/{}", uuid(&story.consumer.id));
    let refused = admin.put(&consumer, json!({"applications": []})).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/applications");
    let client = story.consumer.get(&format!("/api/v1/clients/{}", story.client)).await.is(200);
    let machine = format!("/api/v1/ceptor/developers/{}", uuid(&client.str("service_account")));
    admin.put(&machine, json!({"email": "a@b.example"})).await.problem(422, "invalid");
    admin.get(&machine).await.problem(404, "not-found");
}

/// C69 C72 C77 X06
#[tokio::test]
async fn others_read_what_they_may_see_and_bring_nothing_in() {
    let app = TestApp::start().await;
    let (story, stranger) = (Story::tell(&app).await, app.person("stranger").await);
    let before = head(&app);
    let paths = [
        format!("applications/{}", uuid(&story.app)),
        format!("partners/{}", uuid(&story.consumer_organization)),
        format!("subscription_plans/{}", uuid(&story.open_plan)),
        format!("ratelimit_groups/{}", uuid(&story.limit_group)),
        format!("developers/{}", uuid(&story.consumer.id)),
        "api_profiles/Anything".to_owned(),
    ];
    for path in &paths {
        let path = format!("/api/v1/ceptor/{path}");
        app.nobody().get(&path).await.problem(401, "unauthenticated");
        app.nobody().put(&path, json!({})).await.problem(401, "unauthenticated");
        for who in [&stranger, &story.consumer, &story.provider] {
            who.put(&path, json!({})).await.problem(403, "forbidden");
            who.put(&format!("{path}?dry_run=true"), json!({})).await.problem(403, "forbidden");
        }
    }
    for who in [&stranger, &story.consumer] {
        who.post(BUNDLE, json!({})).await.problem(403, "forbidden");
        who.get(BUNDLE).await.problem(403, "forbidden");
        who.get("/api/v1/ceptor/developers").await.problem(403, "forbidden");
    }
    for path in &paths[..2] {
        stranger.get(&format!("/api/v1/ceptor/{path}")).await.problem(404, "not-found");
        story.consumer.get(&format!("/api/v1/ceptor/{path}")).await.is(200);
    }
    stranger.get(&format!("/api/v1/ceptor/{}", paths[4])).await.problem(404, "not-found");
    story.consumer.get(&format!("/api/v1/ceptor/{}", paths[4])).await.is(200);
    assert!(stranger.get("/api/v1/ceptor/applications").await.is(200).items().is_empty());
    let own = story.consumer.get("/api/v1/ceptor/applications").await.is(200);
    assert_eq!(own.items().len(), 1);
    assert!(own["items"][0]["client_secret"].is_null() && own["items"][0]["apikeys"].is_null());
    assert_eq!(head(&app), before);
    // Only site administrators give an API the id that it has elsewhere.
    let new = json!({"organization": story.provider_organization, "name": "Foreign", "id": "73a02c77-c856-49fa-a1b0-be31ee8d808a"});
    let refused = story.provider.post("/api/v1/apis", new.clone()).await.problem(403, "forbidden");
    assert_eq!(refused["errors"][0]["pointer"], "/id");
    let admin = app.admin().await;
    admin.post("/api/v1/apis", new.clone()).await.is(201);
    let mut again = new.clone();
    again["slug"] = json!("foreign-2");
    admin.post("/api/v1/apis", again).await.problem(409, "exists");
}

/// C03 C32 C68
#[tokio::test]
async fn a_trial_says_what_would_change_and_writes_nothing() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let (partner, person) = ("00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2");
    let mut application = example("applications");
    application["pending_subscriptions"] = json!([]);
    application["subscriptions"] = json!({uuid(&story.api): uuid(&story.open_plan)});
    application["partner_id"] = json!(partner);
    application["developers"] = json!([{"id": person, "role": "OWNER"}]);
    // Each names another that is in the same bundle.
    let bundle = json!({
        "ratelimit_groups": [example("ratelimit_groups")],
        "subscription_plans": [example("subscription_plans"), {"id": "not a uuid"}],
        "partners": [{"id": partner, "name": "Partner", "developers": [{"id": person, "role": "OWNER"}]}],
        "applications": [application],
        "developers": [{"id": person, "credentials": "owner", "email": "owner@partner.example",
                        "partners": [{"id": partner, "role": "OWNER"}]}],
    });
    let before = head(&app);
    let trial = admin.post(&format!("{BUNDLE}?dry_run=true"), bundle.clone()).await.is(200);
    assert_eq!((head(&app), &trial["change"], &trial["dry_run"]), (before, &Value::Null, &json!(true)));
    admin.get(&format!("/api/v1/ceptor/partners/{partner}")).await.problem(404, "not-found");
    let real = admin.post(BUNDLE, bundle.clone()).await.is(200);
    let told = |reply: &testkit::Reply| -> Vec<(Value, Value, Value)> {
        let verbs = |item: &Value| item["changes"].as_array().unwrap().iter().map(|c| c["verb"].clone()).collect();
        reply.items().iter().map(|i| (i["noun"].clone(), i["outcome"].clone(), Value::Array(verbs(i)))).collect()
    };
    assert_eq!(told(&trial), told(&real), "a trial tells the truth");
    let refused: Vec<&Value> = real.items().iter().filter(|i| i["outcome"] == "refused").collect();
    assert_eq!(refused.len(), 1, "{}", real.text());
    assert_eq!(refused[0]["problem"]["errors"][0]["pointer"], "/subscription_plans/1/id");
    assert!(real["change"].as_i64().unwrap() > before && head(&app) == real["change"].as_i64().unwrap());
    // One object alone, too.
    let plan = json!({"name": "Free of charge"});
    let path = "/api/v1/ceptor/subscription_plans/4841e9f5-2af5-4e42-ac1d-6b19be04c446";
    let done = admin.put(&format!("{path}?dry_run=true"), plan).await.is(200);
    assert_eq!((&done["outcome"], &done["change"]), (&json!("changed"), &Value::Null));
    assert_eq!(done["changes"][0]["detail"]["before"]["name"], "Free");
    assert_eq!(admin.get(path).await.is(200)["name"], "Free");
}

/// C53 C77
#[tokio::test]
async fn too_much_and_too_odd_is_refused_and_nothing_breaks() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let path = format!("/api/v1/ceptor/applications/{}", uuid(&story.app));
    let people: Vec<Value> = (0..1_001).map(|n| json!({"id": base::id::uuid_text(n), "role": "OWNER"})).collect();
    let pairs: serde_json::Map<String, Value> =
        (0..1_001).map(|n| (base::id::uuid_text(n), json!(base::id::uuid_text(n)))).collect();
    for (body, pointer) in [
        (json!({"developers": people}), "/developers"),
        (json!({"subscriptions": pairs}), "/subscriptions"),
        (json!({"pending_subscriptions": vec![json!({}); 1_001]}), "/pending_subscriptions"),
        (json!({"certificates": vec![json!({}); 1_001]}), "/certificates"),
        (json!({"allowed_uris": (0..51).map(|n| format!("/{n}")).collect::<Vec<_>>()}), "/allowed_uris"),
        (
            json!({"apikeys": (0..21).map(|n| format!("a key of some length {n}").replace(' ', "-")).collect::<Vec<_>>()}),
            "/apikeys/19",
        ),
    ] {
        let refused = admin.put(&path, body).await;
        assert!([409, 422].contains(&refused.status.as_u16()), "{}", refused.text());
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{}", refused.text());
    }
    let things = vec![json!({"id": base::id::uuid_text(1), "name": "x"}); 1_001];
    admin.post(BUNDLE, json!({"partners": things})).await.problem(422, "invalid");
    for text in ["[]", "{", "{\"partners\": {}}", "{\"partners\": [[]]}", "{\"partners\": [null]}", "{\"shops\": []}"] {
        let reply = admin.send(http::Method::POST, BUNDLE, Some("application/json"), text.to_owned().into()).await;
        let refused = reply.status.is_client_error() || reply.items()[0]["outcome"] == "refused";
        assert!(refused && !reply.status.is_server_error(), "{text}: {}", reply.text());
    }
    for odd in ["x", "app_x", &uuid(&story.api)[..35], &story.api, "%00"] {
        let reply = admin.put(&format!("/api/v1/ceptor/applications/{odd}"), json!({})).await;
        assert!(reply.status.is_client_error(), "{odd}: {}", reply.text());
        admin.get(&format!("/api/v1/ceptor/applications/{odd}")).await.is(404);
    }
    // An id of another kind is another thing: the same bits name no app.
    admin.get(&format!("/api/v1/ceptor/applications/{}", uuid(&story.api))).await.problem(404, "not-found");
    // HTML in texts is only ever text.
    let odd = "<img src=x onerror=alert(1)>";
    admin.put(&path, json!({"name": odd})).await.is(200);
    assert_eq!(admin.get(&path).await.is(200)["name"], odd);
}
