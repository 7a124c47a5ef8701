//! What the pages of a console ask for: names, numbers, the pulse, the quick start.

use serde_json::{Value, json};
use testkit::{Actor, PETS, Reply, Story, TestApp};

fn item<'r>(list: &'r Reply, id: &str) -> &'r Value {
    list.items().iter().find(|it| it["id"] == id).unwrap_or_else(|| panic!("no {id} in {}", list.text()))
}

/// Whether an action is offered, and why not.
fn offer<'v>(of: &'v Value, action: &str) -> (bool, &'v str) {
    let all = of["actions"].as_array().unwrap_or_else(|| panic!("no actions in {of}"));
    let found = all.iter().find(|a| a["action"] == action).unwrap_or_else(|| panic!("no {action} in {all:?}"));
    (found["allowed"] == true, found["reason"].as_str().unwrap_or(""))
}

async fn pulse(who: &Actor) -> Value {
    who.get("/api/v1/me/pulse").await.is(200).json
}

/// A13 C63
#[tokio::test]
async fn the_pulse_moves_for_whom_it_concerns_and_stands_still_for_others() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let stranger = app.person("stranger").await;
    let (provider, consumer, other) =
        (pulse(&story.provider).await, pulse(&story.consumer).await, pulse(&stranger).await);
    assert_eq!(provider["navigation"], json!({"provide": true, "organization": true, "site": false}));
    assert_eq!(other["navigation"], json!({"provide": false, "organization": false, "site": false}));
    assert_eq!(
        pulse(&app.admin().await).await["navigation"],
        json!({"provide": true, "organization": true, "site": true})
    );

    let id = story.requested().await;
    app.settle().await;
    let (later, other_later) = (pulse(&story.provider).await, pulse(&stranger).await);
    assert!(
        later["mine"].as_i64() > provider["mine"].as_i64() && later["change"].as_i64() > provider["change"].as_i64()
    );
    assert_eq!((&later["tasks_open"], &later["notices_unread"]), (&json!(1), &json!(1)));
    assert_eq!(other_later["mine"], other["mine"]);
    assert!(pulse(&story.consumer).await["mine"].as_i64() > consumer["mine"].as_i64());

    story.act(&story.provider, &id, "approve").await.is(200);
    app.settle().await;
    let told = pulse(&story.consumer).await;
    assert_eq!((&told["answers_unread"], &told["notices_unread"]), (&json!(1), &json!(1)));
    story.act(&story.consumer, &id, "read").await.is(200);
    assert_eq!(pulse(&story.consumer).await["answers_unread"], 0);
}

#[tokio::test]
async fn a_pulse_that_has_not_moved_is_not_sent_again() {
    let app = TestApp::start().await;
    let person = app.person("reader").await;
    let first = person.get("/api/v1/me/pulse").await.is(200);
    let tag = first.header("etag").to_owned();
    let again = person.with("if-none-match", &tag).get("/api/v1/me/pulse").await.is(304);
    assert!(again.bytes.is_empty() && again.header("etag") == tag);
    person.post("/api/v1/organizations", json!({"name": "Mine"})).await.is(201);
    let moved = person.with("if-none-match", &tag).get("/api/v1/me/pulse").await.is(200);
    assert_ne!(moved.header("etag"), tag);
}

/// C59 C62
#[tokio::test]
async fn a_task_says_who_asks_for_what_and_afterwards_who_decided() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.requested().await;
    let inbox = story.provider.get("/api/v1/tasks?kind=subscription_request").await.is(200);
    let [task] = inbox.items() else { panic!("{}", inbox.text()) };
    assert_eq!(task["app"], json!({"id": story.app, "name": "Shop"}));
    assert_eq!(task["organization"], json!({"id": story.consumer_organization, "name": "Consumer"}));
    assert_eq!((&task["plan"]["name"], &task["environment"]["name"]), (&json!("Guarded"), &json!("production")));
    assert_eq!(task["limits"], json!([{"count": 3, "seconds": 60}]));
    assert_eq!((&task["requester"]["id"], &task["comment_requestor"]), (&json!(story.consumer.id), &json!("Please")));
    assert!(task["decision"].is_null() && offer(task, "approve") == (true, ""));
    assert!(story.provider.get("/api/v1/tasks?kind=alert").await.is(200).items().is_empty());
    story.provider.get("/api/v1/tasks?kind=other").await.problem(422, "invalid");
    assert!(story.consumer.get("/api/v1/tasks").await.is(200).items().is_empty());

    let words = json!({"comment": "Not now"});
    story.provider.post(&format!("/api/v1/subscriptions/{id}/reject"), words).await.is(200);
    let done = story.provider.get("/api/v1/tasks?state=done").await.is(200);
    let decision = &done.items()[0]["decision"];
    assert_eq!((&decision["what"], &decision["actor"]["id"]), (&json!("rejected"), &json!(story.provider.id)));
    assert_eq!((&decision["comment"], &decision["at"]), (&json!("Not now"), &json!(app.clock.now().to_string())));
}

/// C16 X06
#[tokio::test]
async fn the_catalogue_says_what_the_caller_has_to_do_with_each_api() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let stranger = app.person("stranger").await;
    story.subscribed().await;
    story.request("sandbox", &story.guarded_plan).await.is(201);
    story.consumer.put(&format!("/api/v1/apis/{}/follow", story.api), json!({})).await.is(200);

    let mine = story.consumer.get("/api/v1/apis").await.is(200);
    let seen = item(&mine, &story.api);
    assert_eq!((&seen["organization_name"], &seen["versions"][0]["name"]), (&json!("Provider"), &json!("v1")));
    let mut plans: Vec<&str> = seen["plans"].as_array().unwrap().iter().filter_map(|p| p["name"].as_str()).collect();
    plans.sort_unstable();
    assert_eq!(plans, ["Guarded", "Open"]);
    assert_eq!(seen["mine"].as_array().unwrap().len(), 2);
    for s in seen["mine"].as_array().unwrap() {
        let expected = if s["environment"]["name"] == "production" { "Active" } else { "Access Requested" };
        assert_eq!((&s["status"], &s["app"]["name"]), (&json!(expected), &json!("Shop")));
    }
    assert_eq!(
        (&seen["following"], &seen["followers"], &seen["administered"]),
        (&json!(true), &json!(1), &json!(false))
    );
    assert!(seen.get("waiting").is_none() && seen.get("counts").is_none());
    assert_eq!((offer(seen, "request"), offer(seen, "edit")), ((true, ""), (false, "role")));

    let theirs = story.provider.get("/api/v1/apis?mine=true").await.is(200);
    let seen = item(&theirs, &story.api);
    assert_eq!((&seen["waiting"], &seen["administered"]), (&json!(1), &json!(true)));
    assert_eq!(seen["counts"], json!({"active": 1, "access_requested": 1, "suspended": 0, "rejected": 0}));
    assert_eq!(offer(seen, "request"), (false, "no_app"));
    assert!(story.consumer.get("/api/v1/apis?mine=true").await.is(200).items().is_empty());
    let of = |organization: &str| format!("/api/v1/apis?organization={organization}");
    assert_eq!(stranger.get(&of(&story.provider_organization)).await.is(200).items().len(), 1);
    assert!(stranger.get(&of(&story.consumer_organization)).await.is(200).items().is_empty());
    let seen = stranger.get(&format!("/api/v1/apis/{}", story.api)).await.is(200);
    assert!(
        seen["mine"].as_array().unwrap().is_empty() && seen["following"] == false && seen.json.get("waiting").is_none()
    );
}

/// C51 X06
#[tokio::test]
async fn my_apps_say_how_their_subscriptions_stand_and_what_i_may_do() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let reader = app.person("reader").await;
    let path = format!("/api/v1/apps/{}/team/{}", story.app, reader.id);
    story.consumer.put(&path, json!({"role": "READ_ONLY"})).await.is(200);
    let production = story.subscribed().await;
    let asked =
        story.request("sandbox", &story.guarded_plan).await.is(201)["items"][0]["id"].as_str().unwrap().to_owned();
    story.act(&story.provider, &asked, "reject").await.is(200);
    story.act(&story.consumer, &production, "suspend").await.is(200);

    let list = story.consumer.get("/api/v1/apps").await.is(200);
    let mine = item(&list, &story.app);
    assert_eq!(mine["counts"], json!({"active": 0, "access_requested": 0, "suspended": 1, "rejected": 1}));
    assert_eq!((&mine["unread"], &mine["role"]), (&json!(1), &json!("OWNER")));
    assert_eq!((&mine["organization_name"], &mine["last_call_at"]), (&json!("Consumer"), &Value::Null));
    assert_eq!((offer(mine, "request"), offer(mine, "delete")), ((true, ""), (true, "")));
    let seen = reader.get(&format!("/api/v1/apps/{}", story.app)).await.is(200);
    assert_eq!((&seen["role"], offer(&seen.json, "edit")), (&json!("READ_ONLY"), (false, "role")));

    app.keyed(&story.key).get(PETS).await.is(403);
    app.settle().await;
    let seen = story.consumer.get(&format!("/api/v1/apps/{}", story.app)).await.is(200);
    assert_eq!(seen["last_call_at"], "2026-11-23T09:30:00Z");

    let team = reader.get(&format!("/api/v1/apps/{}/team", story.app)).await.is(200);
    let member = |id: &str| team.items().iter().find(|m| m["user"]["id"] == id).unwrap();
    assert_eq!(offer(member(&story.consumer.id), "remove"), (false, "role"));
    assert_eq!(offer(member(&reader.id), "remove"), (true, ""), "everybody may leave");
    let team = story.consumer.get(&format!("/api/v1/apps/{}/team", story.app)).await.is(200);
    let owner = team.items().iter().find(|m| m["user"]["id"] == story.consumer.id).unwrap();
    assert_eq!(offer(owner, "change_role"), (false, "last_one"));
}

#[tokio::test]
async fn lists_are_narrowed_and_a_key_of_another_list_is_named() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let production = story.subscribed().await;
    let sandbox =
        story.request("sandbox", &story.guarded_plan).await.is(201)["items"][0]["id"].as_str().unwrap().to_owned();
    let ids = async |who: &Actor, query: &str| -> Vec<String> {
        let list = who.get(&format!("/api/v1/subscriptions?{query}")).await.is(200);
        list.items().iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect()
    };
    let (app_id, api) = (&story.app, &story.api);
    for (query, expected) in [
        (format!("app={app_id}"), vec![&production, &sandbox]),
        (format!("api={api}&state=active"), vec![&production]),
        (format!("organization={}&status=Access%20Requested", story.consumer_organization), vec![&sandbox]),
        (format!("organization={}", story.provider_organization), vec![]),
        ("waiting_for_me=true".to_owned(), vec![]),
        ("status=Inactive".to_owned(), vec![]),
        ("status=Active&state=requested".to_owned(), vec![]),
        ("mine=true".to_owned(), vec![&production, &sandbox]),
    ] {
        let (mut seen, mut expected) = (ids(&story.consumer, &query).await, expected);
        seen.sort();
        expected.sort();
        assert_eq!(seen.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    assert_eq!(ids(&story.provider, "waiting_for_me=true").await, std::slice::from_ref(&sandbox));
    assert!(ids(&story.provider, "mine=true").await.is_empty());
    story.act(&story.consumer, &production, "cancel").await.is(200);
    assert_eq!(ids(&story.consumer, "status=Inactive").await, [production]);
    assert_eq!(ids(&story.consumer, "").await, [sandbox]);
    assert_eq!(app.person("stranger").await.get(&format!("/api/v1/subscriptions?app={app_id}")).await.status, 404);

    for list in ["apis", "apps", "clients", "plans", "limit_groups", "tasks", "organizations", "subscriptions"] {
        let refused = story.consumer.get(&format!("/api/v1/{list}?after=nonsense")).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], "after", "{list}");
    }
    story.consumer.get("/api/v1/subscriptions?state=asleep").await.problem(422, "invalid");
    let refused = story.consumer.get("/api/v1/groups").await.problem(422, "invalid");
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
        (&json!("organization"), &json!("required"))
    );
}

/// C05 C06
#[tokio::test]
async fn a_plan_says_what_names_it_and_when_it_can_go() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let open = format!("/api/v1/plans/{}", story.open_plan);
    let free = story.provider.get(&open).await.is(200);
    assert_eq!((&free["organization_name"], offer(&free.json, "delete")), (&json!("Provider"), (true, "")));
    let chosen = json!({"plans": [story.open_plan, story.guarded_plan]});
    story.provider.put(&format!("/api/v1/apis/{}/plans", story.api), chosen).await.is(200);
    story.subscribed().await;
    let used = story.provider.get(&open).await.is(200);
    assert_eq!((&used["apis"][0]["name"], &used["subscriptions"]), (&json!("Pets"), &json!(1)));
    assert_eq!(offer(&used.json, "delete"), (false, "in_use"));
    let seen = story.consumer.get(&open).await.is(200);
    assert_eq!((&seen["subscriptions"], offer(&seen.json, "edit")), (&Value::Null, (false, "role")));
    let group = story.provider.get(&format!("/api/v1/limit_groups/{}", story.limit_group)).await.is(200);
    assert_eq!((&group["plans"][0]["name"], offer(&group.json, "delete")), (&json!("Guarded"), (false, "in_use")));
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), json!({"visibility": "private"})).await.is(200);
    // Whoever is subscribed goes on seeing the terms, and not what else they are offered by.
    let hidden = story.consumer.get(&open).await.is(200);
    assert!(hidden["apis"].as_array().unwrap().is_empty(), "{}", hidden.text());
}

/// A09 A49
#[tokio::test]
async fn the_candidates_for_a_request_say_why_not() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let live = story.subscribed().await;
    let path = format!("/api/v1/apis/{}/candidates", story.api);
    let only = |reply: Reply| reply.items()[0].clone();
    let taken = only(story.consumer.get(&path).await.is(200));
    assert_eq!((&taken["allowed"], &taken["reason"]), (&json!(false), &json!("live_subscription")));
    assert_eq!((&taken["subscription"], &taken["status"]), (&json!(live), &json!("Active")));
    let free = only(story.consumer.get(&format!("{path}?environment=sandbox")).await.is(200));
    assert_eq!((&free["allowed"], &free["organization"]["name"]), (&json!(true), &json!("Consumer")));
    let developer = app.person("developer").await;
    let team = format!("/api/v1/apps/{}/team/{}", story.app, developer.id);
    story.consumer.put(&team, json!({"role": "DEVELOPER"})).await.is(200);
    let barred = only(developer.get(&format!("{path}?environment=sandbox")).await.is(200));
    assert_eq!((&barred["allowed"], &barred["reason"]), (&json!(false), &json!("role")));
    assert!(story.provider.get(&path).await.is(200).items().is_empty());
    story.consumer.get(&format!("{path}?environment=moon")).await.problem(422, "invalid");
}

/// X03
#[tokio::test]
async fn the_quick_start_follows_the_facts_to_the_first_success() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let newcomer = app.person("newcomer").await;
    let nothing = newcomer.get("/api/v1/me/quickstart").await.is(200);
    assert!(nothing["app"].is_null() && nothing["sample"].is_null() && nothing["client"].is_null());
    assert!(nothing.str("token_url").ends_with("/oauth2/token"));

    let path = format!("/api/v1/apps/{}/quickstart", story.app);
    newcomer.get(&path).await.problem(404, "not-found");
    let begun = story.consumer.get(&path).await.is(200);
    assert_eq!((&begun["app"]["id"], &begun["subscription"]), (&json!(story.app), &Value::Null));
    assert_eq!(
        (&begun["client"]["client_id"], &begun["client"]["has_secret"], &begun["client"]["has_api_key"]),
        (&json!(story.client_id), &json!(true), &json!(true))
    );
    assert!(begun["first_token_at"].is_null() && begun["last_call"].is_null());

    let asked = story.requested().await;
    let waits = story.consumer.get("/api/v1/me/quickstart").await.is(200);
    assert_eq!((&waits["subscription"]["id"], &waits["subscription"]["state"]), (&json!(asked), &json!("requested")));
    app.keyed(&story.key).get(PETS).await.problem(403, "subscription-pending");
    app.settle().await;
    let failed = story.consumer.get(&path).await.is(200);
    assert_eq!(
        (&failed["last_call"]["code"], &failed["last_call"]["allowed"]),
        (&json!("subscription-pending"), &json!(false))
    );
    assert_eq!((&failed["last_failure"], &failed["first_success_at"]), (&failed["last_call"], &Value::Null));
    let decision = failed["last_failure"]["decision"].as_str().unwrap();
    story.consumer.get(&format!("/api/v1/decisions/{decision}")).await.is(200);

    story.act(&story.provider, &asked, "approve").await.is(200);
    assert_eq!(story.consumer.get(&path).await.is(200)["subscription"]["waits_for_activation"], true);
    story.act(&story.provider, &asked, "activate").await.is(200);
    let form =
        [("grant_type", "client_credentials"), ("client_id", &story.client_id), ("client_secret", &story.secret)];
    app.nobody().form("/oauth2/token", &form).await.is(200);
    app.clock.advance_seconds(61);
    let ready = story.consumer.get(&path).await.is(200);
    assert_eq!(ready["first_token_at"], "2026-11-23T09:30:00Z");
    let sample = &ready["sample"];
    assert_eq!((&sample["method"], &sample["operation"]), (&json!("GET"), &json!("listPets")));
    let url = sample["url"].as_str().unwrap();
    let tried = url.strip_prefix(ready["gateway_url"].as_str().unwrap()).expect("the gateway's own address");
    assert_eq!(tried, PETS);
    app.keyed(&story.key).get(tried).await.is(200);
    app.settle().await;
    let done = story.consumer.get(&path).await.is(200);
    assert_eq!(
        (&done["first_success_at"], &done["last_call"]["status"]),
        (&json!("2026-11-23T09:31:01Z"), &json!(200))
    );
    assert_eq!(done["last_failure"], failed["last_failure"]);
}

/// X03 X06
#[tokio::test]
async fn calls_are_listed_for_either_side_and_for_nobody_else() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    app.keyed(&story.key).get(PETS).await.is(200);
    app.clock.advance_seconds(1);
    app.keyed(&story.key).get("/pets/v1/nowhere").await.is(404);
    app.clock.advance_seconds(1);
    app.gateway().get(PETS).await.is(401);
    app.settle().await;
    let (of_app, of_api) =
        (format!("/api/v1/apps/{}/decisions", story.app), format!("/api/v1/apis/{}/decisions", story.api));
    let statuses = |reply: &Reply| -> Vec<i64> { reply.items().iter().filter_map(|d| d["status"].as_i64()).collect() };
    let own = story.consumer.get(&of_app).await.is(200);
    assert!(statuses(&own).ends_with(&[200]) && !statuses(&own).contains(&401), "{}", own.text());
    let last = own.items().last().unwrap();
    assert_eq!(
        (&last["client"]["name"], &last["subscription"]["name"]),
        (&json!("Shop backend"), &json!("Shop > Pets"))
    );
    assert_eq!(last["credential"]["name"], story.key[story.key.len() - 4..]);
    let theirs = story.provider.get(&of_api).await.is(200);
    assert_eq!(statuses(&theirs).first(), Some(&401), "newest first: {}", theirs.text());
    assert!(statuses(&story.provider.get(&format!("{of_api}?allowed=true")).await.is(200)).iter().all(|s| *s == 200));
    let first = story.provider.get(&format!("{of_api}?limit=1")).await.is(200);
    let next = story.provider.get(&format!("{of_api}?limit=1&after={}", first.str("next"))).await.is(200);
    assert_ne!(first.items()[0]["id"], next.items()[0]["id"]);
    story.provider.get(&of_app).await.problem(404, "not-found");
    story.consumer.get(&of_api).await.problem(403, "forbidden");
}

/// A23
#[tokio::test]
async fn a_dashboard_remembers_how_far_it_was_read() {
    let app = TestApp::start().await;
    let person = app.person("reader").await;
    assert_eq!(person.get("/api/v1/me/dashboard").await.is(200)["read_through"], 0);
    person.post("/api/v1/organizations", json!({"name": "Mine"})).await.is(201);
    let newest = person.get("/api/v1/me/dashboard").await.is(200).items()[0]["seq"].as_i64().unwrap();
    let read = |through: i64| person.post("/api/v1/me/dashboard/read", json!({"through": through}));
    assert_eq!(read(newest).await.is(200)["read_through"], newest);
    assert_eq!(read(1).await.is(200)["read_through"], newest, "it never goes back");
    assert_eq!(person.get("/api/v1/me/dashboard").await.is(200)["read_through"], newest);
    read(newest + 1_000).await.problem(422, "invalid");
}

/// C75
#[tokio::test]
async fn a_document_is_checked_without_a_trace() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let head = story.provider.get("/api/v1/me/pulse").await.is(200)["change"].clone();
    let checked = story.provider.post("/api/v1/documents/check", testkit::petstore()).await.is(200);
    assert_eq!(
        (&checked["title"], &checked["name"], &checked["format"]),
        (&json!("Pets"), &json!("v1"), &json!("json"))
    );
    assert_eq!((&checked["operations"], &checked["items"][0]["name"]), (&json!(3), &json!("listPets")));
    let missing = checked["notes"].as_array().unwrap().iter().find(|n| n["rule"] == "security-missing").unwrap();
    assert_eq!((&missing["severity"], &missing["pointer"]), (&json!("warning"), &json!("/paths/~1pets/get")));
    let upload = format!("/api/v1/apis/{}/versions?name=v9", story.api);
    let uploaded = story.provider.post(&upload, testkit::petstore()).await.is(201);
    assert_eq!(uploaded["notes"], checked["notes"]);
    let broken =
        story.provider.post("/api/v1/documents/check", json!({"openapi": "4.0"})).await.problem(422, "invalid");
    assert_eq!(broken["errors"][0]["pointer"], "/openapi");
    assert_eq!(story.provider.get("/api/v1/me/pulse").await.is(200)["change"].as_i64(), head.as_i64().map(|n| n + 1));
}
