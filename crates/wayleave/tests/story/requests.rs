//! Asking for access: who may, what comes of it, and where it shows.

use serde_json::{Value, json};
use testkit::{Actor, PETS, Reply, Story, TestApp};

/// The address of the same operation in the sandbox.
pub const SANDBOX_PETS: &str = "/sandbox/pets/v1/pets";

/// The item of a list that has this id, if it is there.
pub fn find<'a>(list: &'a Reply, id: &str) -> Option<&'a Value> {
    list.items().iter().find(|item| item["id"] == id)
}

/// The item of a list that has this id.
#[track_caller]
pub fn item<'a>(list: &'a Reply, id: &str) -> &'a Value {
    find(list, id).unwrap_or_else(|| panic!("{id} is not in {}", list.text()))
}

/// The actions that this row says its reader may take now.
pub fn allowed(row: &Value) -> Vec<&str> {
    let actions = row["actions"].as_array().expect("a row lists its actions");
    actions.iter().filter(|a| a["allowed"] == true).filter_map(|a| a["action"].as_str()).collect()
}

/// What the API's page and the app's page list.
pub async fn both_lists(story: &Story) -> (Reply, Reply) {
    let at_api = story.provider.get(&format!("/api/v1/apis/{}/apps", story.api)).await.is(200);
    let at_app = story.consumer.get(&format!("/api/v1/apps/{}/apis", story.app)).await.is(200);
    (at_api, at_app)
}

/// A call in production with the consumer's key is refused for this reason.
pub async fn refused(app: &TestApp, story: &Story, code: &str) {
    app.keyed(&story.key).get(PETS).await.problem(403, code);
}

/// Another app of the consumer.
async fn another_app(story: &Story, name: &str) -> String {
    let body = json!({"organization": story.consumer_organization, "name": name});
    story.consumer.post("/api/v1/apps", body).await.is(201).str("id")
}

/// Gives somebody a role on the team of the consumer's app.
async fn put_on_team(story: &Story, who: &Actor, role: &str) {
    let path = format!("/api/v1/apps/{}/team/{}", story.app, who.id);
    story.consumer.put(&path, json!({"role": role})).await.is(200);
}

/// The request of this consumer for the open plan in production.
fn wish(story: &Story) -> Value {
    json!({"apps": [story.app], "api": story.api, "environment": "production", "plan": story.open_plan})
}

/// A02 A05 A07 A08
#[tokio::test]
async fn a_request_is_a_connection_of_both_ends_and_of_the_requester_from_the_start() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.requested().await;

    let one = story.consumer.get(&format!("/api/v1/subscriptions/{id}")).await.is(200);
    assert_eq!((&one["state"], &one["status"]), (&json!("requested"), &json!("Access Requested")));
    let history = story.consumer.get(&format!("/api/v1/subscriptions/{id}/history")).await.is(200);
    let [begun] = history.items() else { panic!("more than the request: {}", history.text()) };
    assert_eq!(begun["verb"], "subscription.requested");
    let consumer = json!({"kind": "user", "id": story.consumer.id, "name": story.consumer.name});
    assert_eq!(begun["actor"], consumer);
    assert_eq!(begun["at"], app.clock.now().to_string());
    assert_eq!((&begun["after"], &begun["comment"]), (&json!("requested"), &json!("Please")));

    let ends = [
        (&story.provider, format!("/api/v1/apis/{}/connections", story.api)),
        (&story.consumer, format!("/api/v1/apps/{}/connections", story.app)),
        (&story.consumer, "/api/v1/me/connections".to_owned()),
    ];
    for (who, path) in &ends {
        let pending = who.get(&format!("{path}?state=pending")).await.is(200);
        let tie = item(&pending, &id);
        assert_eq!(tie["type"], "access", "{path}");
        assert_eq!(tie["status"], "Access Requested", "{path}");
        assert_eq!((&tie["a"]["kind"], &tie["a"]["id"]), (&json!("app"), &json!(story.app)), "{path}");
        assert_eq!((&tie["b"]["kind"], &tie["b"]["id"]), (&json!("api"), &json!(story.api)), "{path}");
        assert_eq!(tie["requester"]["id"], story.consumer.id, "{path}");
    }
    story.act(&story.provider, &id, "approve").await.is(200);
    story.act(&story.provider, &id, "activate").await.is(200);
    for (who, path) in &ends {
        assert!(find(&who.get(&format!("{path}?state=pending")).await.is(200), &id).is_none(), "{path}");
        assert_eq!(item(&who.get(path).await.is(200), &id)["status"], "Active", "{path}");
    }
}

/// A09
#[tokio::test]
async fn a_request_for_several_apps_is_decided_app_by_app_and_made_whole_or_not_at_all() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (second, third) = (another_app(&story, "Second").await, another_app(&story, "Third").await);
    let ask = |apps: Vec<&str>| json!({"apps": apps, "api": story.api, "environment": "production", "plan": story.guarded_plan});

    let made = story.consumer.post("/api/v1/subscriptions", ask(vec![&story.app, &second])).await.is(201);
    let [one, two] = made.items() else { panic!("two apps, two subscriptions: {}", made.text()) };
    assert_eq!((&one["app"]["id"], &two["app"]["id"]), (&json!(story.app), &json!(second)));
    assert_eq!((&one["request"], &two["request"]), (&made["request"], &made["request"]));
    let (one, two) = (one["id"].as_str().expect("an id"), two["id"].as_str().expect("an id"));
    assert_ne!(one, two);
    let at_api = story.provider.get(&format!("/api/v1/apis/{}/apps", story.api)).await.is(200);
    assert_eq!(at_api.items().len(), 2);
    let tasks = story.provider.get("/api/v1/tasks").await.is(200);
    assert_eq!(tasks.items().len(), 2);

    story.act(&story.provider, one, "approve").await.is(200);
    story.act(&story.provider, two, "reject").await.is(200);
    let at_api = story.provider.get(&format!("/api/v1/apis/{}/apps", story.api)).await.is(200);
    assert_eq!((&item(&at_api, one)["state"], &item(&at_api, two)["state"]), (&json!("approved"), &json!("rejected")));

    // The third app has nothing yet, but the first has: nothing is made for either.
    story.consumer.post("/api/v1/subscriptions", ask(vec![&third, &story.app])).await.problem(409, "exists");
    let none = story.consumer.get(&format!("/api/v1/apps/{third}/apis")).await.is(200);
    assert!(none.items().is_empty(), "{}", none.text());
    let twice = story.consumer.post("/api/v1/subscriptions", ask(vec![&third, &third])).await.problem(422, "invalid");
    assert_eq!(twice["errors"][0]["pointer"], "/apps/1", "{}", twice.text());
    story.consumer.post("/api/v1/subscriptions", ask(vec![])).await.problem(422, "invalid");
}

/// A16 C72
#[tokio::test]
async fn only_an_owner_of_an_app_asks_for_its_access() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (developer, reader) = (app.person("developer").await, app.person("reader").await);
    put_on_team(&story, &developer, "DEVELOPER").await;
    put_on_team(&story, &reader, "READ_ONLY").await;

    for who in [&developer, &reader] {
        who.post("/api/v1/subscriptions", wish(&story)).await.problem(403, "forbidden");
    }
    // A stranger does not even learn that there is such an app.
    let unseen = story.provider.post("/api/v1/subscriptions", wish(&story)).await.problem(403, "forbidden");
    assert_eq!(unseen["errors"][0]["pointer"], "/apps/0", "{}", unseen.text());
    app.nobody().post("/api/v1/subscriptions", wish(&story)).await.problem(401, "unauthenticated");
    let none = reader.get(&format!("/api/v1/apps/{}/apis", story.app)).await.is(200);
    assert!(none.items().is_empty(), "{}", none.text());

    // It is the app's OWNER who asks, not the organization's.
    put_on_team(&story, &developer, "OWNER").await;
    story.consumer.delete(&format!("/api/v1/apps/{}/team/{}", story.app, story.consumer.id)).await.is(200);
    story.consumer.post("/api/v1/subscriptions", wish(&story)).await.problem(403, "forbidden");
    developer.post("/api/v1/subscriptions", wish(&story)).await.is(201);
}

/// A17 A40 C65
#[tokio::test]
async fn only_those_who_are_appointed_to_the_api_decide() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.requested().await;
    refused(&app, &story, "subscription-pending").await;

    // An administrator, but of another API.
    let rival = app.person("rival").await;
    let organization = rival.post("/api/v1/organizations", json!({"name": "Rival"})).await.is(201).str("id");
    let body = json!({"organization": organization, "name": "Rival pets"});
    rival.post("/api/v1/apis", body).await.is(201);
    for action in ["approve", "reject", "activate"] {
        story.act(&story.consumer, &id, action).await.problem(403, "forbidden");
        story.act(&rival, &id, action).await.problem(403, "forbidden");
    }
    put_on_team(&story, &rival, "READ_ONLY").await;
    story.act(&rival, &id, "approve").await.problem(403, "forbidden");
    app.nobody().post(&format!("/api/v1/subscriptions/{id}/approve"), json!({})).await.problem(401, "unauthenticated");

    // The OWNER of the providing organization appoints administrators; who is not one does not decide.
    let deputy = app.person("deputy").await;
    let administrators = format!("/api/v1/apis/{}/administrators", story.api);
    story.provider.put(&format!("{administrators}/{}", deputy.id), json!({})).await.is(200);
    story.provider.delete(&format!("{administrators}/{}", story.provider.id)).await.is(200);
    story.act(&story.provider, &id, "approve").await.problem(403, "forbidden");
    let still = story.consumer.get(&format!("/api/v1/subscriptions/{id}")).await.is(200);
    assert_eq!(still["state"], "requested");
    refused(&app, &story, "subscription-pending").await;
    story.act(&deputy, &id, "approve").await.is(200);
}

/// A18 A19
#[tokio::test]
async fn the_apis_agreement_is_answered_in_the_request_and_a_no_is_kept_without_access() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let texts = format!("/api/v1/apis/{}/agreements", story.api);
    let publish = async |text: &str| {
        app.clock.advance_seconds(60);
        story.provider.post(&texts, json!({"title": "Terms", "text": text})).await.is(201).str("id")
    };
    let former = publish("Be kind to pets.").await;
    let agreement = publish("Be kind to all pets.").await;
    let asked = async |answer: Value| {
        let mut body = wish(&story);
        body["agreement"] = answer;
        story.consumer.post("/api/v1/subscriptions", body).await
    };

    // The form shows the active one; without an answer to exactly that there is no request.
    let shown = story.consumer.get(&texts).await.is(200);
    assert_eq!(item(&shown, &agreement)["active"], true);
    assert_eq!(item(&shown, &former)["active"], false);
    let text = story.consumer.get(&format!("/api/v1/agreements/{agreement}")).await.is(200);
    assert_eq!(text["text"], "Be kind to all pets.");
    let silent = asked(Value::Null).await.problem(422, "invalid");
    assert_eq!(silent["errors"][0]["pointer"], "/agreement");
    assert_eq!(silent["agreement"], agreement);
    asked(json!({"agreement": former, "answer": "accepted"})).await.problem(422, "invalid");

    let no = asked(json!({"agreement": agreement, "answer": "declined"})).await.problem(422, "invalid");
    assert_eq!(no["declined"], true);
    let (at_api, at_app) = both_lists(&story).await;
    assert!(at_api.items().is_empty() && at_app.items().is_empty(), "{} {}", at_api.text(), at_app.text());
    assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty());
    refused(&app, &story, "not-subscribed").await;

    app.clock.advance_seconds(60);
    let made = asked(json!({"agreement": agreement, "answer": "accepted"})).await.is(201);
    assert_eq!(made["items"][0]["status"], "Active");
    app.keyed(&story.key).get(PETS).await.is(200);

    let answers = format!("/api/v1/agreements/{agreement}/acceptances");
    let kept = story.provider.get(&answers).await.is(200);
    let [declined, accepted] = kept.items() else { panic!("two answers: {}", kept.text()) };
    assert_eq!((&declined["answer"], &accepted["answer"]), (&json!("declined"), &json!("accepted")));
    for answer in [declined, accepted] {
        assert_eq!(answer["user_id"], story.consumer.id);
        assert_eq!(answer["agreement"], agreement);
    }
    assert_eq!(accepted["id"], made["items"][0]["acceptance"]);
    assert_eq!(accepted["request"], made["request"]);
    assert_eq!(accepted["answered_at"], app.clock.now().to_string());
    assert_ne!(declined["answered_at"], accepted["answered_at"]);
    story.consumer.get(&answers).await.problem(403, "forbidden");
}

/// C58 C59 C60 C62
#[tokio::test]
async fn a_request_is_a_task_in_the_administrators_inbox_until_it_is_decided() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let admission = format!("/api/v1/apis/{}/environments/production", story.api);
    story.provider.put(&admission, json!({"approval": "manual", "activation": "automatic"})).await.is(200);
    let id = story.requested().await;
    let path = format!("/api/v1/subscriptions/{id}");

    let seen = story.provider.get(&path).await.is(200);
    assert_eq!((&seen["api"]["id"], &seen["plan"]["id"]), (&json!(story.api), &json!(story.guarded_plan)));
    assert_eq!(seen["comment_requestor"], "Please");
    assert_eq!((&seen["approved"], &seen["rejected"]), (&json!(false), &json!(false)));
    let task = seen.str("task");
    let inbox = story.provider.get("/api/v1/tasks").await.is(200);
    let waiting = item(&inbox, &task);
    assert_eq!((&waiting["subscription"], &waiting["api"]["id"]), (&json!(id), &json!(story.api)));
    assert_eq!((&waiting["kind"], &waiting["state"]), (&json!("subscription_request"), &json!("open")));
    // The inbox is the API side's; what its people say to one another stays there.
    let remark = json!({"comment": "Do we know them?"});
    story.provider.post(&format!("/api/v1/tasks/{task}/comments"), remark).await.is(200);
    let remarks = story.provider.get(&format!("/api/v1/tasks/{task}/comments")).await.is(200);
    assert_eq!(remarks.items()[0]["comment"], "Do we know them?");
    assert!(story.consumer.get("/api/v1/tasks").await.is(200).items().is_empty());
    story.consumer.get(&format!("/api/v1/tasks/{task}")).await.problem(404, "not-found");
    let history = story.consumer.get(&format!("{path}/history")).await.is(200);
    assert!(!history.text().contains("Do we know them?"));

    app.clock.advance_seconds(60);
    let decided = story.provider.post(&format!("{path}/approve"), json!({"comment": "Welcome"})).await.is(200);
    assert_eq!((&decided["approved"], &decided["rejected"]), (&json!(true), &json!(false)));
    assert_eq!(decided["comment_response"], "Welcome");
    assert_eq!((&decided["status"], &decided["task"]), (&json!("Active"), &json!(task)));
    app.keyed(&story.key).get(PETS).await.is(200);
    assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty());
    let done = story.provider.get(&format!("/api/v1/tasks/{task}")).await.is(200);
    assert_eq!((&done["state"], &done["closed_at"]), (&json!("done"), &json!(app.clock.now().to_string())));

    // What is taken back before it is decided is no task any more.
    story.act(&story.consumer, &id, "cancel").await.is(200);
    let again = story.requested().await;
    let task = story.provider.get(&format!("/api/v1/subscriptions/{again}")).await.is(200).str("task");
    story.act(&story.consumer, &again, "cancel").await.is(200);
    assert_eq!(story.provider.get(&format!("/api/v1/tasks/{task}")).await.is(200)["state"], "withdrawn");
}

/// C61 C62 C63 C64
#[tokio::test]
async fn a_no_keeps_both_comments_and_is_unread_until_the_team_reads_it() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.requested().await;
    let path = format!("/api/v1/subscriptions/{id}");
    assert_eq!(story.consumer.get(&path).await.is(200)["unread"], false);
    story.provider.post(&format!("{path}/reject"), json!({"comment": "Not this year"})).await.is(200);

    let (at_api, at_app) = both_lists(&story).await;
    for list in [&at_api, &at_app] {
        let row = item(list, &id);
        assert_eq!((&row["approved"], &row["rejected"]), (&json!(false), &json!(true)));
        assert_eq!((&row["comment_requestor"], &row["comment_response"]), (&json!("Please"), &json!("Not this year")));
        assert_eq!(row["unread"], true);
    }
    refused(&app, &story, "subscription-ended").await;
    assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty());

    // Looking is not reading: any of the team says so, and nobody else.
    assert_eq!(story.consumer.get(&path).await.is(200)["unread"], true);
    story.provider.post(&format!("{path}/read"), json!({})).await.problem(403, "forbidden");
    let reader = app.person("reader").await;
    put_on_team(&story, &reader, "READ_ONLY").await;
    assert_eq!(reader.post(&format!("{path}/read"), json!({})).await.is(200)["unread"], false);
    let row = story.consumer.get(&path).await.is(200);
    assert_eq!((&row["unread"], &row["rejected"]), (&json!(false), &json!(true)));
    reader.post(&format!("{path}/read"), json!({})).await.problem(409, "wrong-state");

    // A yes is unread as well.
    story.act(&story.consumer, &id, "resubmit").await.is(200);
    let approved = story.provider.post(&format!("{path}/approve"), json!({"comment": "Well then"})).await.is(200);
    assert_eq!((&approved["approved"], &approved["rejected"]), (&json!(true), &json!(false)));
    assert_eq!((&approved["unread"], &approved["comment_response"]), (&json!(true), &json!("Well then")));
}

/// C16
#[tokio::test]
async fn only_a_plan_that_the_api_offers_can_be_chosen() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let offered = async || -> Vec<String> {
        let api = story.consumer.get(&format!("/api/v1/apis/{}", story.api)).await.is(200);
        let plans = api["plans"].as_array().expect("plans");
        plans.iter().filter_map(|p| p["name"].as_str()).map(str::to_owned).collect()
    };
    let offer = async |plans: Value| {
        story.provider.put(&format!("/api/v1/apis/{}/plans", story.api), json!({"plans": plans})).await
    };
    let mut all = offered().await;
    all.sort();
    assert_eq!(all, ["Guarded", "Open"]);
    offer(json!([story.guarded_plan])).await.is(200);
    assert_eq!(offered().await, ["Guarded"]);
    let other = story.request("production", &story.open_plan).await.problem(422, "invalid");
    assert_eq!(other["errors"][0]["pointer"], "/plan");
    refused(&app, &story, "not-subscribed").await;
    story.requested().await;

    // A consumer cannot bring a plan of their own, not even where every plan of the provider may be chosen.
    offer(json!([])).await.is(200);
    let body = json!({"organization": story.consumer_organization, "name": "Mine", "requires_approval": false});
    let mine = story.consumer.post("/api/v1/plans", body).await.is(201).str("id");
    story.request("sandbox", &mine).await.problem(422, "invalid");
    offer(json!([mine])).await.problem(422, "invalid");
    story
        .consumer
        .put(&format!("/api/v1/apis/{}/plans", story.api), json!({"plans": []}))
        .await
        .problem(403, "forbidden");
    story.request("sandbox", &story.open_plan).await.is(201);
}

/// A42 A56
#[tokio::test]
async fn approval_and_activation_are_automatic_or_by_hand_per_api_and_environment() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let set = async |who: &Actor, environment: &str, approval: &str, activation: &str| {
        let path = format!("/api/v1/apis/{}/environments/{environment}", story.api);
        who.put(&path, json!({"approval": approval, "activation": activation})).await
    };
    let asked = async |environment: &str, plan: &str| -> (String, String) {
        app.clock.advance_seconds(60);
        let reply = story.request(environment, plan).await.is(201);
        let row = &reply["items"][0];
        (row["id"].as_str().expect("an id").to_owned(), row["state"].as_str().expect("a state").to_owned())
    };
    set(&story.consumer, "production", "automatic", "automatic").await.problem(403, "forbidden");

    // By hand in production: for a plan that asks for no approval too. Automatic in the sandbox: active at once.
    set(&story.provider, "production", "manual", "automatic").await.is(200);
    let (production, state) = asked("production", &story.open_plan).await;
    assert_eq!(state, "requested");
    refused(&app, &story, "subscription-pending").await;
    let (sandbox, state) = asked("sandbox", &story.open_plan).await;
    assert_eq!(state, "active");
    app.keyed(&story.key).get(SANDBOX_PETS).await.is(200);
    let yes = story.act(&story.provider, &production, "approve").await.is(200);
    assert_eq!(yes["state"], "active");
    app.keyed(&story.key).get(PETS).await.is(200);

    // Activation by hand: approved is not yet active, whoever or whatever approved.
    set(&story.provider, "sandbox", "automatic", "manual").await.is(200);
    story.act(&story.consumer, &sandbox, "cancel").await.is(200);
    let (sandbox, state) = asked("sandbox", &story.open_plan).await;
    assert_eq!(state, "approved");
    let one = story.provider.get(&format!("/api/v1/subscriptions/{sandbox}")).await.is(200);
    assert_eq!((&one["status"], &one["waits_for_activation"]), (&json!("Access Requested"), &json!(true)));
    assert_eq!(item(&story.provider.get("/api/v1/tasks").await.is(200), &one.str("task"))["state"], "open");
    app.keyed(&story.key).get(SANDBOX_PETS).await.problem(403, "subscription-pending");
    story.act(&story.provider, &sandbox, "activate").await.is(200);
    app.keyed(&story.key).get(SANDBOX_PETS).await.is(200);
    assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty());

    // A plan that requires approval requires it everywhere; activation by default is by hand after one.
    set(&story.provider, "sandbox", "automatic", "default").await.is(200);
    story.act(&story.consumer, &sandbox, "cancel").await.is(200);
    let (sandbox, state) = asked("sandbox", &story.guarded_plan).await;
    assert_eq!(state, "requested");
    assert_eq!(story.act(&story.provider, &sandbox, "approve").await.is(200)["state"], "approved");
    app.keyed(&story.key).get(SANDBOX_PETS).await.problem(403, "subscription-pending");
}

/// Whether asking again is offered, or why not; the refusal says the same.
async fn again(story: &Story, who: &Actor, id: &str) -> Value {
    let list = who.get("/api/v1/subscriptions?state=rejected").await.is(200);
    let offers = item(&list, id)["actions"].as_array().expect("actions").clone();
    let offer = offers.iter().find(|a| a["action"] == "resubmit").expect("the action").clone();
    if offer["allowed"] == json!(false) {
        let refused = story.act(who, id, "resubmit").await.is(409);
        assert_eq!(refused["reason"], offer["reason"], "{}", refused.text());
        assert!(!refused["allowed_actions"].as_array().unwrap().contains(&json!("resubmit")), "{}", refused.text());
    }
    offer["reason"].clone()
}

/// A43 A49 A50
#[tokio::test]
async fn asking_again_is_offered_only_while_it_can_succeed() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let end = app.clock.now().plus_seconds(3_600).to_string();
    let wish = json!({"apps": [story.app], "api": story.api, "environment": "production",
                      "plan": story.guarded_plan, "ends_at": end});
    let made = story.consumer.post("/api/v1/subscriptions", wish).await.is(201);
    let id = made["items"][0]["id"].as_str().unwrap().to_owned();
    story.act(&story.provider, &id, "reject").await.is(200);
    assert_eq!(again(&story, &story.consumer, &id).await, Value::Null);
    let other = story.subscribed().await;
    for who in [&story.consumer, &story.provider] {
        assert_eq!(again(&story, who, &id).await, "live_subscription");
    }
    story.act(&story.consumer, &other, "cancel").await.is(200);
    assert_eq!(again(&story, &story.consumer, &id).await, Value::Null);
    let plan = format!("/api/v1/plans/{}", story.guarded_plan);
    story.provider.post(&format!("{plan}/retire"), json!({})).await.is(200);
    assert_eq!(again(&story, &story.consumer, &id).await, "outdated");
    story.provider.post(&format!("{plan}/restore"), json!({})).await.is(200);
    assert_eq!(again(&story, &story.consumer, &id).await, Value::Null);
    app.clock.advance_seconds(3_600);
    assert_eq!(again(&story, &story.consumer, &id).await, "outdated");
    // The app is gone, and nobody asks for it any more.
    story.consumer.delete(&format!("/api/v1/apps/{}", story.app)).await.is(200);
    assert_eq!(again(&story, &story.provider, &id).await, "outdated");
}

/// C71
#[tokio::test]
async fn whoever_signs_in_founds_organizations_apps_and_apis_and_owns_them() {
    let app = TestApp::start().await;
    let (founder, stranger) = (app.person("founder").await, app.person("stranger").await);
    app.nobody().post("/api/v1/organizations", json!({"name": "Mine"})).await.problem(401, "unauthenticated");
    let organization = founder.post("/api/v1/organizations", json!({"name": "Mine"})).await.is(201).str("id");
    let members = founder.get(&format!("/api/v1/organizations/{organization}/members")).await.is(200);
    let [owner] = members.items() else { panic!("one member: {}", members.text()) };
    assert_eq!((&owner["user"]["id"], &owner["role"]), (&json!(founder.id), &json!("OWNER")));

    let body = json!({"organization": organization, "name": "Shop"});
    stranger.post("/api/v1/apps", body.clone()).await.problem(422, "invalid");
    let made = founder.post("/api/v1/apps", body.clone()).await.is(201).str("id");
    let team = founder.get(&format!("/api/v1/apps/{made}/team")).await.is(200);
    let [owner] = team.items() else { panic!("one member: {}", team.text()) };
    assert_eq!((&owner["user"]["id"], &owner["role"]), (&json!(founder.id), &json!("OWNER")));

    stranger.post("/api/v1/apis", body.clone()).await.problem(422, "invalid");
    let api = founder.post("/api/v1/apis", body).await.is(201).str("id");
    let api = founder.get(&format!("/api/v1/apis/{api}")).await.is(200);
    assert_eq!(api["administrators"][0]["id"], founder.id);
    assert_eq!(api["may_decide"], true);
}
