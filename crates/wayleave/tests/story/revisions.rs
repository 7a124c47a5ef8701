//! Other terms for a subscription: asked for by the requester, decided by the API side, replaced in one step.

use crate::requests::{allowed, item};
use serde_json::{Value, json};
use testkit::{Actor, PETS, Reply, Story, TestApp};

fn revisions(subscription: &str) -> String {
    format!("/api/v1/subscriptions/{subscription}/revisions")
}

/// A plan that nobody has to approve; answers its id.
async fn wide(story: &Story) -> String {
    let body = json!({"organization": story.provider_organization, "name": "Wide", "requires_approval": false});
    story.provider.post("/api/v1/plans", body).await.is(201).str("id")
}

/// Asks for other terms; answers the revision's id.
async fn revise(story: &Story, subscription: &str, body: Value) -> String {
    let reply = story.consumer.post(&revisions(subscription), body).await.is(201);
    reply["revision"]["id"].as_str().expect("the revision").to_owned()
}

async fn act(who: &Actor, subscription: &str, revision: &str, action: &str) -> Reply {
    who.post(&format!("{}/{revision}/{action}", revisions(subscription)), json!({"comment": action})).await
}

/// The plan under which the gateway lets a call through now.
async fn enforced(app: &TestApp, story: &Story) -> String {
    let passed = app.keyed(&story.key).get(PETS).await.is(200);
    passed["headers"]["wayleave-plan"].as_str().unwrap_or_default().to_owned()
}

/// A49 C49
#[tokio::test]
async fn other_terms_wait_beside_the_old_ones_and_replace_them_when_they_are_activated() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.subscribed().await;
    let path = format!("/api/v1/subscriptions/{id}");
    assert_eq!(enforced(&app, &story).await, story.open_plan);

    app.clock.advance_seconds(60);
    let asked = json!({"plan": story.guarded_plan, "comment": "We grow", "ends_at": "2027-06-01T00:00:00Z"});
    let reply = story.consumer.post(&revisions(&id), asked).await.is(201);
    let revision = reply["revision"]["id"].as_str().expect("the revision").to_owned();
    assert_eq!(reply.header("location"), format!("{path}/revisions/{revision}"));
    assert_eq!((&reply["state"], &reply["plan"]["id"]), (&json!("active"), &json!(story.open_plan)));
    assert_eq!((&reply["revision"]["state"], &reply["revision"]["open"]), (&json!("requested"), &json!(true)));
    assert_eq!(enforced(&app, &story).await, story.open_plan, "the old terms go on");

    // Both ends show it, old and new side by side; the administrators have a task of its own kind.
    for (who, list) in [
        (&story.provider, format!("/api/v1/apis/{}/apps", story.api)),
        (&story.consumer, format!("/api/v1/apps/{}/apis", story.app)),
    ] {
        let row = item(&who.get(&list).await.is(200), &id).clone();
        let other = &row["revision"];
        assert_eq!((&other["revision_of"], &other["old"]["plan"]["id"]), (&json!(id), &json!(story.open_plan)));
        assert_eq!(other["new"]["plan"]["id"], story.guarded_plan);
        assert_eq!(other["new"]["limits"], json!([{"count": 3, "seconds": 60}]));
        assert_eq!(
            (&other["old"]["ends_at"], &other["new"]["ends_at"]),
            (&Value::Null, &json!("2027-06-01T00:00:00Z"))
        );
    }
    let inbox = story.provider.get("/api/v1/tasks?kind=revision_request").await.is(200);
    let [task] = inbox.items() else { panic!("one task: {}", inbox.text()) };
    assert_eq!((&task["revision"]["id"], &task["comment_requestor"]), (&json!(revision), &json!("We grow")));
    assert_eq!(allowed(task), ["approve", "reject", "withdraw"]);
    let waiting = story.provider.get("/api/v1/subscriptions?waiting_for_me=true").await.is(200);
    assert_eq!(waiting.items().len(), 1);

    app.clock.advance_seconds(60);
    act(&story.provider, &id, &revision, "approve").await.is(200);
    assert_eq!(enforced(&app, &story).await, story.open_plan, "approval alone changes nothing");
    let done = act(&story.provider, &id, &revision, "activate").await.is(200);
    assert_eq!((&done["plan"]["id"], &done["state"]), (&json!(story.guarded_plan), &json!("active")));
    assert_eq!((&done["ends_at"], &done["revision"]["state"]), (&json!("2027-06-01T00:00:00Z"), &json!("activated")));
    assert_eq!(enforced(&app, &story).await, story.guarded_plan);
    let task = story.provider.get(&format!("/api/v1/tasks/{}", task["id"].as_str().unwrap())).await.is(200);
    assert_eq!((&task["state"], &task["decision"]["what"]), (&json!("done"), &json!("activated")));
    let history = story.consumer.get(&format!("{path}/history")).await.is(200);
    let verbs: Vec<&str> = history.items().iter().filter_map(|e| e["verb"].as_str()).collect();
    let revised =
        ["subscription.revision_requested", "subscription.revision_approved", "subscription.revision_activated"];
    assert_eq!(&verbs[verbs.len() - 3..], revised);
    let last = history.items().last().unwrap();
    assert_eq!(
        (&last["plan_before"]["id"], &last["plan"]["id"]),
        (&json!(story.open_plan), &json!(story.guarded_plan))
    );
    assert_eq!((&last["comment"], &last["revision"]), (&json!("activate"), &json!(revision)));
}

/// A44 A45 A50 A51
#[tokio::test]
async fn each_side_has_its_own_actions_on_a_revision_and_there_is_one_at_a_time() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let stranger = app.person("stranger").await;
    let id = story.subscribed().await;
    let path = format!("/api/v1/subscriptions/{id}");
    let wish = json!({"plan": story.guarded_plan});
    stranger.post(&revisions(&id), wish.clone()).await.problem(403, "forbidden");
    story.provider.post(&revisions(&id), wish.clone()).await.problem(403, "forbidden");
    app.nobody().post(&revisions(&id), wish.clone()).await.problem(401, "unauthenticated");
    story.consumer.post(&revisions(&id), json!({"plan": story.open_plan})).await.problem(422, "invalid");
    story
        .consumer
        .post(&revisions(&id), json!({"plan": "pln_00000000000000000000000000"}))
        .await
        .problem(422, "invalid");
    let past = json!({"plan": story.guarded_plan, "ends_at": "2020-01-01T00:00:00Z"});
    assert_eq!(
        story.consumer.post(&revisions(&id), past).await.problem(422, "invalid")["errors"][0]["pointer"],
        "/ends_at"
    );
    story.consumer.post(&revisions(&id), json!({"plan": story.guarded_plan, "state": "approved"})).await.is(422);

    let revision = revise(&story, &id, wish.clone()).await;
    let again = story.consumer.post(&revisions(&id), wish.clone()).await.problem(409, "exists");
    assert_eq!((&again["reason"], &again["revision"]), (&json!("open_revision"), &json!(revision)));
    let shown = story.consumer.get(&path).await.is(200);
    let offered = shown["actions"].as_array().unwrap().iter().find(|a| a["action"] == "revise").unwrap();
    assert_eq!((&offered["allowed"], &offered["reason"]), (&json!(false), &json!("open_revision")));
    for action in ["approve", "reject", "activate"] {
        act(&story.consumer, &id, &revision, action).await.problem(403, "forbidden");
    }
    for action in ["approve", "withdraw"] {
        act(&stranger, &id, &revision, action).await.problem(404, "not-found");
        act(&app.nobody(), &id, &revision, action).await.problem(401, "unauthenticated");
    }
    let early = act(&story.provider, &id, &revision, "activate").await.problem(409, "wrong-state");
    assert_eq!(early["allowed_actions"], json!(["approve", "reject", "withdraw"]));
    // The requester still cannot change the terms by themselves.
    story.consumer.patch(&path, wish.clone()).await.problem(403, "forbidden");

    // A no leaves the old terms, says why, and lets one ask again; so does taking it back.
    app.clock.advance_seconds(60);
    let refused = act(&story.provider, &id, &revision, "reject").await.is(200);
    assert_eq!((&refused["unread"], &refused["revision"]["comment_response"]), (&json!(true), &json!("reject")));
    assert_eq!((&refused["state"], &refused["plan"]["id"]), (&json!("active"), &json!(story.open_plan)));
    let second = revise(&story, &id, wish.clone()).await;
    app.clock.advance_seconds(60);
    act(&story.consumer, &id, &second, "withdraw").await.is(200);
    act(&story.provider, &id, &second, "approve").await.problem(409, "wrong-state");
    let list = story.provider.get(&revisions(&id)).await.is(200);
    let states: Vec<&str> = list.items().iter().filter_map(|r| r["state"].as_str()).collect();
    assert_eq!(states, ["withdrawn", "rejected"]);
    let page = story.provider.get(&format!("{}?limit=1", revisions(&id))).await.is(200);
    let rest = story.provider.get(&format!("{}?limit=1&after={}", revisions(&id), page.str("next"))).await.is(200);
    assert_eq!(rest.items()[0]["id"], revision);
    stranger.get(&revisions(&id)).await.problem(404, "not-found");
    assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty());
}

/// A55 C08
#[tokio::test]
async fn a_revision_of_an_open_plan_is_active_at_once_and_one_that_is_open_ends_with_its_subscription() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.subscribed().await;
    let wide = wide(&story).await;
    let reply = story.consumer.post(&revisions(&id), json!({"plan": wide})).await.is(201);
    assert_eq!((&reply["plan"]["id"], &reply["revision"]["state"]), (&json!(wide), &json!("activated")));
    assert_eq!(enforced(&app, &story).await, wide);
    assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty());

    // Every way to the end takes the open revision and its task along.
    app.clock.advance_seconds(60);
    let revision = revise(&story, &id, json!({"plan": story.guarded_plan})).await;
    let task = story.provider.get("/api/v1/tasks").await.is(200).items()[0]["id"].as_str().unwrap().to_owned();
    story.act(&story.consumer, &id, "cancel").await.is(200);
    let path = format!("{}/{revision}", revisions(&id));
    assert_eq!(story.provider.get(&path).await.is(200)["state"], "withdrawn");
    assert_eq!(story.provider.get(&format!("/api/v1/tasks/{task}")).await.is(200)["state"], "withdrawn");
    act(&story.provider, &id, &revision, "approve").await.problem(409, "wrong-state");
    story.consumer.post(&revisions(&id), json!({"plan": story.guarded_plan})).await.problem(409, "wrong-state");

    let next = story.subscribed().await;
    let revision = revise(&story, &next, json!({"plan": story.guarded_plan})).await;
    story.consumer.delete(&format!("/api/v1/apps/{}", story.app)).await.is(200);
    assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty());
    app.keyed(&story.key).get(PETS).await.is(401);
    let path = format!("{}/{revision}", revisions(&next));
    assert_eq!(story.provider.get(&path).await.is(200)["state"], "withdrawn");
}

/// A46 A47 C49
#[tokio::test]
async fn the_api_side_changes_terms_directly_and_a_business_administrator_does_too() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (admin, business) = (app.admin().await, app.person("business").await);
    let path = format!("/api/v1/organizations/{}/roles/business_admin/{}", story.provider_organization, business.id);
    admin.put(&path, json!(null)).await.is(200);
    let id = story.subscribed().await;
    let path = format!("/api/v1/subscriptions/{id}");
    let revision = revise(&story, &id, json!({"plan": story.guarded_plan})).await;
    let end = "2027-01-01T00:00:00Z";
    let changed = business.patch(&path, json!({"ends_at": end, "comment": "Until then"})).await.is(200);
    assert_eq!((&changed["ends_at"], &changed["plan"]["id"]), (&json!(end), &json!(story.open_plan)));
    let changed = business.patch(&path, json!({"plan": story.guarded_plan})).await.is(200);
    assert_eq!((&changed["ends_at"], &changed["plan"]["id"]), (&json!(end), &json!(story.guarded_plan)));
    assert_eq!(enforced(&app, &story).await, story.guarded_plan);
    business.patch(&path, json!({})).await.problem(422, "invalid");
    business.patch(&path, json!({"plan": null})).await.problem(422, "invalid");
    // What was asked for stays open and replaces what stands then; an approver sees both.
    act(&business, &id, &revision, "approve").await.is(200);
    let done = act(&business, &id, &revision, "activate").await.is(200);
    assert_eq!(done["revision"]["old"]["ends_at"], end);
    // Somebody who read it before is told that it has moved on.
    let stale = story.provider.with("if-match", "\"1\"");
    stale.patch(&path, json!({"ends_at": null})).await.problem(412, "stale");
}

/// A44 A45 C49
#[tokio::test]
async fn what_the_api_side_has_set_the_requester_does_not_lift_alone() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.subscribed().await;
    let path = format!("/api/v1/subscriptions/{id}");
    let wide = wide(&story).await;
    let end = "2027-06-01T00:00:00Z";
    story.provider.patch(&path, json!({"ends_at": end})).await.is(200);
    for lifted in [Value::Null, json!("2028-01-01T00:00:00Z")] {
        for plan in [&story.open_plan, &wide] {
            app.clock.advance_seconds(60);
            let wish = json!({"plan": plan, "ends_at": lifted});
            let asked = story.consumer.post(&revisions(&id), wish).await.is(201);
            let other = &asked["revision"];
            assert_eq!((&asked["ends_at"], &other["state"]), (&json!(end), &json!("requested")));
            assert_eq!((&other["old"]["ends_at"], &other["new"]["ends_at"]), (&json!(end), &lifted));
            act(&story.consumer, &id, other["id"].as_str().unwrap(), "withdraw").await.is(200);
        }
    }
    // An earlier end takes nothing back, and neither does another plan of the requester's own choice.
    app.clock.advance_seconds(60);
    let soon = json!({"plan": wide, "ends_at": "2027-05-01T00:00:00Z"});
    let done = story.consumer.post(&revisions(&id), soon).await.is(201);
    assert_eq!((&done["revision"]["state"], &done["plan"]["id"]), (&json!("activated"), &json!(wide)));
    app.clock.advance_seconds(60);
    let back = story.consumer.post(&revisions(&id), json!({"plan": story.open_plan})).await.is(201);
    assert_eq!(back["revision"]["state"], "activated");
    // From a plan that the API side has given it does not go on to another one alone, but with that side's yes.
    story.provider.patch(&path, json!({"plan": wide})).await.is(200);
    app.clock.advance_seconds(60);
    let away = story.consumer.post(&revisions(&id), json!({"plan": story.open_plan})).await.is(201);
    assert_eq!((&away["revision"]["state"], &away["plan"]["id"]), (&json!("requested"), &json!(wide)));
    let revision = away["revision"]["id"].as_str().unwrap();
    act(&story.provider, &id, revision, "approve").await.is(200);
    let done = act(&story.provider, &id, revision, "activate").await.is(200);
    assert_eq!(done["plan"]["id"], story.open_plan);

    // The end that an approval gave is as good, also before anybody has activated it.
    let made = story.request("sandbox", &story.guarded_plan).await.is(201);
    let id = made["items"][0]["id"].as_str().unwrap();
    story.provider.post(&format!("/api/v1/subscriptions/{id}/approve"), json!({"ends_at": end})).await.is(200);
    let wish = json!({"plan": story.open_plan, "ends_at": null});
    let asked = story.consumer.post(&revisions(id), wish).await.is(201);
    assert_eq!((&asked["revision"]["state"], &asked["ends_at"]), (&json!("requested"), &json!(end)));
}

/// A45 A46 C49
#[tokio::test]
async fn whoever_decides_sees_the_terms_of_now_and_afterwards_those_of_then() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.subscribed().await;
    let path = format!("/api/v1/subscriptions/{id}");
    let wide = wide(&story).await;
    let revision = revise(&story, &id, json!({"plan": story.guarded_plan})).await;
    let end = "2027-06-01T00:00:00Z";
    story.provider.patch(&path, json!({"ends_at": end, "plan": wide})).await.is(200);
    let of = |seen: &Value| {
        let side = |side: &str| (seen[side]["plan"]["name"].clone(), seen[side]["ends_at"].clone());
        (side("old"), side("new"))
    };
    let guarded = story.provider.get(&format!("/api/v1/plans/{}", story.guarded_plan)).await.is(200)["name"].clone();
    let stands = ((json!("Wide"), json!(end)), (guarded, json!(end)));
    let one = format!("{}/{revision}", revisions(&id));
    let everywhere = async || {
        let list = story.provider.get(&revisions(&id)).await.is(200);
        let shown = story.consumer.get(&path).await.is(200);
        let alone = story.provider.get(&one).await.is(200);
        [of(&list.items()[0]), of(&shown["revision"]), of(&alone.json)]
    };
    assert_eq!(everywhere().await, [stands.clone(), stands.clone(), stands.clone()]);
    let task = story.provider.get("/api/v1/tasks?kind=revision_request").await.is(200);
    assert_eq!(of(&task.items()[0]["revision"]), stands);

    act(&story.provider, &id, &revision, "reject").await.is(200);
    story.provider.patch(&path, json!({"ends_at": null, "plan": story.open_plan})).await.is(200);
    assert_eq!(everywhere().await, [stands.clone(), stands.clone(), stands]);
    let history = story.consumer.get(&format!("{path}/history")).await.is(200);
    let refused = history.items().iter().find(|e| e["verb"] == "subscription.revision_rejected").unwrap();
    assert_eq!(refused["plan_before"]["id"], json!(wide));
}

/// A50
#[tokio::test]
async fn what_a_refusal_says_is_allowed_instead_is_what_is_offered() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.subscribed().await;
    let wish = json!({"plan": story.guarded_plan});
    revise(&story, &id, wish.clone()).await;
    let shown = story.consumer.get(&format!("/api/v1/subscriptions/{id}")).await.is(200);
    let again = story.consumer.post(&revisions(&id), wish).await.problem(409, "exists");
    let late = story.act(&story.consumer, &id, "resume").await.problem(409, "wrong-state");
    for refusal in [&again, &late] {
        assert_eq!(refusal["allowed_actions"], json!(allowed(&shown.json)), "{}", refusal.text());
    }
}

/// A50 X08
#[tokio::test]
async fn a_revision_whose_end_has_passed_is_not_offered_for_approval() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.subscribed().await;
    let end = app.clock.now().plus_seconds(60).to_string();
    let revision = revise(&story, &id, json!({"plan": story.guarded_plan, "ends_at": end})).await;
    app.clock.advance_seconds(61);
    let seen = story.provider.get(&format!("{}/{revision}", revisions(&id))).await.is(200);
    assert_eq!(allowed(&seen.json), ["reject", "withdraw"]);
    let approve = seen["actions"].as_array().unwrap().iter().find(|a| a["action"] == "approve").unwrap();
    assert_eq!(approve["reason"], "outdated");
    let refused = act(&story.provider, &id, &revision, "approve").await.problem(409, "wrong-state");
    assert_eq!((&refused["reason"], &refused["allowed_actions"]), (&json!("outdated"), &json!(allowed(&seen.json))));
    act(&story.provider, &id, &revision, "reject").await.is(200);
}

/// A49 C49
#[tokio::test]
async fn racing_people_never_make_two_live_terms_of_one() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    for round in 0..4 {
        // Two requests for the same app, API and environment.
        let (one, two) = tokio::join!(
            story.request("production", &story.open_plan),
            story.request("production", &story.guarded_plan)
        );
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "round {round}: {} {}", one.text(), two.text());
        let won = if one.status == 201 { &one } else { &two };
        let id = won["items"][0]["id"].as_str().unwrap().to_owned();
        if won["items"][0]["state"] == "requested" {
            // Approved twice at once: one does, the other is told so.
            let (one, two) =
                tokio::join!(story.act(&story.provider, &id, "approve"), story.act(&story.provider, &id, "approve"));
            let mut statuses = [one.status.as_u16(), two.status.as_u16()];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 409], "{} {}", one.text(), two.text());
            story.act(&story.provider, &id, "activate").await.is(200);
        }
        let plan = story.consumer.get(&format!("/api/v1/subscriptions/{id}")).await.is(200)["plan"]["id"].clone();
        let other = if plan == story.open_plan { &story.guarded_plan } else { &story.open_plan };
        // Two revisions at once, of which at most one is open or applied by each.
        app.clock.advance_seconds(61);
        let end = json!({"plan": plan, "ends_at": "2028-01-01T00:00:00Z"});
        let wish = json!({"plan": story.guarded_plan, "ends_at": "2027-01-01T00:00:00Z"});
        let path = revisions(&id);
        let (one, two) = tokio::join!(story.consumer.post(&path, wish), story.consumer.post(&path, end));
        for reply in [&one, &two] {
            assert!(matches!(reply.status.as_u16(), 201 | 409), "{}", reply.text());
        }
        let open = story.consumer.get(&path).await.is(200);
        assert!(open.items().iter().filter(|r| r["open"] == true).count() <= 1, "{}", open.text());
        // Activate and cancel at once: whatever comes first, nothing of what is over stays open.
        if let Some(r) = open.items().iter().find(|r| r["open"] == true) {
            let revision = r["id"].as_str().unwrap();
            act(&story.provider, &id, revision, "approve").await.is(200);
            let (done, gone) = tokio::join!(
                act(&story.provider, &id, revision, "activate"),
                story.act(&story.consumer, &id, "cancel")
            );
            for reply in [&done, &gone] {
                assert!(matches!(reply.status.as_u16(), 200 | 409), "{}", reply.text());
            }
        }
        let left = story.consumer.get(&format!("/api/v1/subscriptions/{id}")).await.is(200);
        if left["state"] != "cancelled" {
            story.act(&story.consumer, &id, "cancel").await.is(200);
        }
        let list = story.consumer.get(&path).await.is(200);
        assert!(list.items().iter().all(|r| r["open"] == false), "{other}: {}", list.text());
        assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty());
        app.keyed(&story.key).get(PETS).await.problem(403, "subscription-ended");
    }
}
