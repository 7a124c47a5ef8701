//! The life of a subscription: its states, who moves it on, and what calls make of it.

use crate::requests::{SANDBOX_PETS, allowed, both_lists, find, item, refused};
use serde_json::{Value, json};
use testkit::{Actor, PETS, Reply, Story, TestApp};

/// Both pages show this status for the subscription.
async fn reads(story: &Story, id: &str, status: &str) {
    let (at_api, at_app) = both_lists(story).await;
    assert_eq!(item(&at_api, id)["status"], status, "on the API's page");
    assert_eq!(item(&at_app, id)["status"], status, "on the app's page");
}

/// Somebody sees this subscription.
async fn look(who: &Actor, id: &str) -> Reply {
    who.get(&format!("/api/v1/subscriptions/{id}")).await.is(200)
}

/// A subscription under the guarded plan that has been let in.
async fn let_in(story: &Story) -> String {
    let id = story.requested().await;
    story.act(&story.provider, &id, "approve").await.is(200);
    story.act(&story.provider, &id, "activate").await.is(200);
    id
}

/// The status of the app at the API, by environment, and the id of the subscription there.
async fn statuses(story: &Story) -> Vec<(String, String, Value)> {
    let path = format!("/api/v1/apps/{}/apis/{}", story.app, story.api);
    let all = story.consumer.get(&path).await.is(200);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |i: &Value| (text(&i["environment"]["name"]), text(&i["status"]), i["subscription"]["id"].clone());
    all.items().iter().map(row).collect()
}

/// A29 A30 A31 A33 A38
#[tokio::test]
async fn calls_pass_from_activation_on_and_stop_with_the_answer_to_suspend() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    refused(&app, &story, "not-subscribed").await;
    let id = story.requested().await;
    reads(&story, &id, "Access Requested").await;
    refused(&app, &story, "subscription-pending").await;

    let approved = story.act(&story.provider, &id, "approve").await.is(200);
    assert_eq!((&approved["state"], &approved["waits_for_activation"]), (&json!("approved"), &json!(true)));
    reads(&story, &id, "Access Requested").await;
    refused(&app, &story, "subscription-pending").await;

    let active = story.act(&story.provider, &id, "activate").await.is(200);
    assert_eq!((&active["state"], &active["waits_for_activation"]), (&json!("active"), &json!(false)));
    reads(&story, &id, "Active").await;
    app.keyed(&story.key).get(PETS).await.is(200);

    let calls = app.upstream.calls();
    story.act(&story.provider, &id, "suspend").await.is(200);
    refused(&app, &story, "subscription-suspended").await;
    reads(&story, &id, "Suspended").await;
    assert_eq!(app.upstream.calls(), calls, "a refused call must not reach the upstream");

    story.act(&story.provider, &id, "resume").await.is(200);
    app.keyed(&story.key).get(PETS).await.is(200);
    reads(&story, &id, "Active").await;
    assert_eq!(app.upstream.calls(), calls + 1);
}

/// A32 A43 A53
#[tokio::test]
async fn a_rejected_request_gives_nothing_until_it_is_asked_again_and_granted() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.requested().await;
    let first = look(&story.provider, &id).await.str("task");
    for who in [&story.consumer, &story.provider] {
        let rejected = story.act(&story.provider, &id, "reject").await.is(200);
        assert_eq!(rejected["state"], "rejected");
        reads(&story, &id, "Rejected").await;
        refused(&app, &story, "subscription-ended").await;
        story.act(&story.provider, &id, "activate").await.problem(409, "wrong-state");

        let again = story.act(who, &id, "resubmit").await.is(200);
        assert_eq!((&again["state"], &again["id"]), (&json!("requested"), &json!(id)));
        assert_eq!((&again["approved"], &again["rejected"]), (&json!(false), &json!(false)));
        assert_eq!((&again["comment_requestor"], &again["comment_response"]), (&json!("Please"), &Value::Null));
        refused(&app, &story, "subscription-pending").await;
        story.act(&story.provider, &id, "activate").await.problem(409, "wrong-state");
    }
    // It waits in the inbox again, as a task of its own.
    let task = look(&story.provider, &id).await.str("task");
    assert_ne!(task, first);
    let inbox = story.provider.get("/api/v1/tasks").await.is(200);
    assert_eq!(inbox.items().len(), 1, "{}", inbox.text());
    assert_eq!(item(&inbox, &task)["subscription"], id);
    story.act(&story.provider, &id, "approve").await.is(200);
    story.act(&story.provider, &id, "activate").await.is(200);
    app.keyed(&story.key).get(PETS).await.is(200);
}

/// A28 A34
#[tokio::test]
async fn a_status_belongs_to_one_environment_and_is_inactive_where_nothing_was_asked() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let inactive = |environment: &str| (environment.to_owned(), "Inactive".to_owned(), Value::Null);
    assert_eq!(statuses(&story).await, [inactive("production"), inactive("sandbox")]);

    let made = story.request("sandbox", &story.open_plan).await.is(201);
    let id = made["items"][0]["id"].as_str().expect("an id");
    let active = ("sandbox".to_owned(), "Active".to_owned(), json!(id));
    assert_eq!(statuses(&story).await, [inactive("production"), active]);
    app.keyed(&story.key).get(SANDBOX_PETS).await.is(200);
    refused(&app, &story, "not-subscribed").await;

    // What happens in one is nothing to the other.
    let production = let_in(&story).await;
    app.keyed(&story.key).get(PETS).await.is(200);
    story.act(&story.consumer, id, "suspend").await.is(200);
    app.keyed(&story.key).get(SANDBOX_PETS).await.problem(403, "subscription-suspended");
    app.keyed(&story.key).get(PETS).await.is(200);
    let now = [
        ("production".to_owned(), "Active".to_owned(), json!(production)),
        ("sandbox".to_owned(), "Suspended".to_owned(), json!(id)),
    ];
    assert_eq!(statuses(&story).await, now);
}

/// A35 A36
#[tokio::test]
async fn a_cancelled_subscription_leaves_every_list_but_the_trail_and_never_comes_back() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = let_in(&story).await;
    app.keyed(&story.key).get(PETS).await.is(200);
    let cancelled = story.act(&story.consumer, &id, "cancel").await.is(200);
    assert_eq!((&cancelled["state"], &cancelled["status"]), (&json!("cancelled"), &json!("Inactive")));
    refused(&app, &story, "subscription-ended").await;

    let lists = [
        (&story.provider, format!("/api/v1/apis/{}/apps", story.api)),
        (&story.provider, format!("/api/v1/apis/{}/connections", story.api)),
        (&story.provider, "/api/v1/subscriptions".to_owned()),
        (&story.consumer, format!("/api/v1/apps/{}/apis", story.app)),
        (&story.consumer, format!("/api/v1/apps/{}/connections", story.app)),
        (&story.consumer, "/api/v1/me/connections".to_owned()),
        (&story.consumer, "/api/v1/subscriptions".to_owned()),
    ];
    for (who, path) in &lists {
        let list = who.get(path).await.is(200);
        assert!(find(&list, &id).is_none(), "{path} still has it: {}", list.text());
    }
    assert!(statuses(&story).await.iter().all(|(_, status, id)| status == "Inactive" && id.is_null()));
    let trail = app.admin().await.get(&format!("/api/v1/trail?kind=subscription&id={id}")).await.is(200);
    assert_eq!(trail.items()[0]["verb"], "subscription.cancelled");
    assert_eq!(trail.items()[0]["detail"]["before"], "active");
    assert_eq!(trail.items()[0]["actor"]["id"], story.consumer.id);

    for action in ["approve", "reject", "activate", "suspend", "resume", "cancel", "resubmit"] {
        story.act(&story.provider, &id, action).await.problem(409, "wrong-state");
    }
    app.clock.advance_seconds(60);
    let anew = story.requested().await;
    assert_ne!(anew, id);
    refused(&app, &story, "subscription-pending").await;
    for (who, path) in &lists {
        let list = who.get(path).await.is(200);
        assert_eq!(item(&list, &anew)["status"], "Access Requested", "{path}");
        assert!(find(&list, &id).is_none(), "{path}");
    }
}

/// A48 A40
#[tokio::test]
async fn a_consumer_suspends_what_is_active_and_cancels_what_is_approved() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.requested().await;
    story.act(&story.provider, &id, "approve").await.is(200);
    story.act(&story.consumer, &id, "cancel").await.is(200);
    refused(&app, &story, "subscription-ended").await;

    app.clock.advance_seconds(60);
    let id = let_in(&story).await;
    app.keyed(&story.key).get(PETS).await.is(200);
    assert_eq!(story.act(&story.consumer, &id, "suspend").await.is(200)["suspended_by"], "app");
    refused(&app, &story, "subscription-suspended").await;
    story.act(&story.consumer, &id, "resume").await.is(200);
    app.keyed(&story.key).get(PETS).await.is(200);
    story.act(&story.consumer, &id, "suspend").await.is(200);
    story.act(&story.consumer, &id, "cancel").await.is(200);
    refused(&app, &story, "subscription-ended").await;
}

/// A50 A54
#[tokio::test]
async fn a_suspension_is_lifted_by_the_side_that_set_it_or_by_a_business_administrator() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = let_in(&story).await;
    let chief = app.person("chief").await;
    let path = format!("/api/v1/organizations/{}/roles/business_admin/{}", story.provider_organization, chief.id);
    story.consumer.put(&path, json!({})).await.problem(404, "not-found");
    story.provider.put(&path, json!({})).await.is(200);

    let sides = [(&story.provider, "api", &story.consumer), (&story.consumer, "app", &story.provider)];
    for (own, word, other) in sides {
        for lifter in [own, &chief] {
            let suspended = story.act(own, &id, "suspend").await.is(200);
            assert_eq!(suspended["suspended_by"], word);
            let no = story.act(other, &id, "resume").await.problem(403, "forbidden");
            assert_eq!((&no["reason"], &no["allowed_actions"]), (&json!("other_side_suspended"), &json!(["cancel"])));
            refused(&app, &story, "subscription-suspended").await;
            assert_eq!(allowed(&look(lifter, &id).await.json), ["resume", "cancel"], "{}", lifter.name);
            let resumed = story.act(lifter, &id, "resume").await.is(200);
            assert_eq!((&resumed["state"], &resumed["suspended_by"]), (&json!("active"), &Value::Null));
            // The plan lets three calls a minute pass.
            app.clock.advance_seconds(60);
            app.keyed(&story.key).get(PETS).await.is(200);
        }
    }
}

/// A51
#[tokio::test]
async fn the_history_keeps_who_did_what_when_and_in_which_words() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.requested().await;
    let (them, us) = (&story.consumer, &story.provider);
    let mut expected = vec![("requested", them, "app", "requested", "Please".to_owned(), app.clock.now().to_string())];
    for (action, who, side, state) in [
        ("reject", us, "api", "rejected"),
        ("resubmit", them, "app", "requested"),
        ("approve", us, "api", "approved"),
        ("activate", us, "api", "active"),
        ("suspend", them, "app", "suspended"),
        ("resume", them, "app", "active"),
        ("cancel", us, "api", "cancelled"),
    ] {
        app.clock.advance_seconds(60);
        let words = format!("I {action} it, 'quoted' & <b>bold</b> \u{1f415}");
        let path = format!("/api/v1/subscriptions/{id}/{action}");
        who.post(&path, json!({"comment": words})).await.is(200);
        let verb = match action {
            "reject" => "rejected",
            "resubmit" => "resubmitted",
            "approve" => "approved",
            "activate" => "activated",
            "suspend" => "suspended",
            "resume" => "resumed",
            _ => "cancelled",
        };
        expected.push((verb, who, side, state, words, app.clock.now().to_string()));
    }
    for who in [them, us] {
        let history = who.get(&format!("/api/v1/subscriptions/{id}/history")).await.is(200);
        assert_eq!(history.items().len(), expected.len(), "{}", history.text());
        for (entry, (verb, actor, side, state, words, at)) in history.items().iter().zip(&expected) {
            assert_eq!(entry["verb"], format!("subscription.{verb}"));
            assert_eq!(entry["actor"], json!({"kind": "user", "id": actor.id, "name": actor.name}), "{verb}");
            assert_eq!((&entry["side"], &entry["after"]), (&json!(side), &json!(state)), "{verb}");
            assert_eq!((&entry["comment"], &entry["at"]), (&json!(words), &json!(at)), "{verb}");
        }
        // Each entry begins where the one before ended.
        for pair in history.items().windows(2) {
            assert_eq!(pair[0]["after"], pair[1]["before"]);
        }
    }
    let long = json!({"comment": "x".repeat(4_001)});
    us.post(&format!("/api/v1/subscriptions/{id}/cancel"), long).await.problem(422, "invalid");
}

/// A37 A43
#[tokio::test]
async fn of_two_decisions_at_once_one_counts_and_the_late_one_is_told() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    for _ in 0..5 {
        app.clock.advance_seconds(60);
        let id = story.requested().await;
        let (yes, no) =
            tokio::join!(story.act(&story.provider, &id, "approve"), story.act(&story.provider, &id, "reject"));
        let (won, late) = if yes.status == 200 { (yes, no) } else { (no, yes) };
        let won = won.is(200);
        let late = late.is(409);
        assert!(late["code"] == "wrong-state" || late["code"] == "lost-race", "{}", late.text());
        let now = look(&story.consumer, &id).await;
        assert_eq!(now["state"], won["state"]);
        assert_ne!(now["approved"], now["rejected"]);
        let history = story.consumer.get(&format!("/api/v1/subscriptions/{id}/history")).await.is(200);
        assert_eq!(history.items().len(), 2, "{}", history.text());
        story.act(&story.consumer, &id, "cancel").await;
    }
    // Whoever names the version that they saw does not act on another.
    let id = story.requested().await;
    let seen = look(&story.provider, &id).await.header("etag").to_owned();
    story.act(&story.provider, &id, "approve").await.is(200);
    let stale = story.provider.with("if-match", &seen);
    story.act(&stale, &id, "activate").await.problem(412, "stale");
    let seen = look(&story.provider, &id).await.header("etag").to_owned();
    story.act(&story.provider.with("if-match", &seen), &id, "activate").await.is(200);
}

/// A49
#[tokio::test]
async fn of_two_requests_at_once_exactly_one_is_made_and_a_second_never_lives_beside_it() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let mut winner = String::new();
    for round in 0..5 {
        app.clock.advance_seconds(60);
        let (one, two) = tokio::join!(
            story.request("production", &story.open_plan),
            story.request("production", &story.guarded_plan),
        );
        let (made, late) = if one.status == 201 { (one, two) } else { (two, one) };
        let made = made.is(201);
        late.problem(409, "exists");
        let (at_api, at_app) = both_lists(&story).await;
        assert_eq!((at_api.items().len(), at_app.items().len()), (1, 1), "round {round}");
        winner = made["items"][0]["id"].as_str().expect("an id").to_owned();
        if round < 4 {
            story.act(&story.consumer, &winner, "cancel").await.is(200);
        }
    }
    // Alive is alive, in whatever state and under whatever plan; another environment is another thing.
    story.request("production", &story.guarded_plan).await.problem(409, "exists");
    story.request("sandbox", &story.guarded_plan).await.is(201);
    story.act(&story.consumer, &winner, "cancel").await.is(200);

    // What was rejected blocks nothing, and cannot come back beside what lives.
    let rejected = story.requested().await;
    story.act(&story.provider, &rejected, "reject").await.is(200);
    app.clock.advance_seconds(60);
    story.subscribed().await;
    story.act(&story.consumer, &rejected, "resubmit").await.problem(409, "exists");
    app.keyed(&story.key).get(PETS).await.is(200);
}

/// A state, the way to it, and what each side may do in it.
struct Place {
    state: &'static str,
    way: &'static [(Side, &'static str)],
    app: &'static [&'static str],
    api: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Side {
    App,
    Api,
}

/// Every state that people can bring a subscription to, those of `suspended` apart.
const PLACES: [Place; 7] = [
    Place { state: "requested", way: &[], app: &["cancel"], api: &["approve", "reject", "cancel"] },
    Place {
        state: "approved",
        way: &[(Side::Api, "approve")],
        app: &["revise", "cancel"],
        api: &["activate", "modify", "cancel"],
    },
    Place {
        state: "active",
        way: &[(Side::Api, "approve"), (Side::Api, "activate")],
        app: &["revise", "suspend", "cancel"],
        api: &["modify", "suspend", "cancel"],
    },
    Place {
        state: "suspended",
        way: &[(Side::Api, "approve"), (Side::Api, "activate"), (Side::App, "suspend")],
        app: &["resume", "cancel"],
        api: &["cancel"],
    },
    Place {
        state: "suspended",
        way: &[(Side::Api, "approve"), (Side::Api, "activate"), (Side::Api, "suspend")],
        app: &["cancel"],
        api: &["resume", "cancel"],
    },
    Place { state: "rejected", way: &[(Side::Api, "reject")], app: &["resubmit"], api: &["resubmit"] },
    Place { state: "cancelled", way: &[(Side::App, "cancel")], app: &[], api: &[] },
];

const ACTIONS: [&str; 9] =
    ["approve", "reject", "activate", "modify", "revise", "suspend", "resume", "cancel", "resubmit"];

/// What only the API side ever does.
const DECISIONS: [&str; 4] = ["approve", "reject", "activate", "modify"];

/// A fresh subscription that has come to this place.
async fn bring(story: &Story, place: &Place) -> String {
    let id = story.requested().await;
    for (side, action) in place.way {
        let who = match side {
            Side::App => &story.consumer,
            Side::Api => &story.provider,
        };
        story.act(who, &id, action).await.is(200);
    }
    id
}

/// The raw request for an action.
async fn attempt(story: &Story, who: &Actor, id: &str, action: &str) -> Reply {
    if action == "modify" {
        return who.patch(&format!("/api/v1/subscriptions/{id}"), json!({"plan": story.open_plan})).await;
    }
    if action == "revise" {
        return who.post(&format!("/api/v1/subscriptions/{id}/revisions"), json!({"plan": story.open_plan})).await;
    }
    story.act(who, id, action).await
}

/// Tries every action as this person in this place: those that are expected succeed, the others are refused by the
/// problem that the offer announced, and nothing has changed.
async fn try_everything(story: &Story, place: &Place, who: &Actor, expected: &[&str], decides: bool, owns: bool) {
    let mut id = bring(story, place).await;
    let seen = look(who, &id).await;
    assert_eq!(seen["state"], place.state);
    assert_eq!(allowed(&seen.json), expected, "offered to {} while {}", who.name, place.state);
    for action in ACTIONS {
        let told = format!("`{action}` by {} while {}", who.name, place.state);
        let offers = seen["actions"].as_array().expect("actions");
        let [offer] = offers.iter().filter(|o| o["action"] == action).collect::<Vec<_>>()[..] else {
            panic!("{told}: not listed exactly once: {}", seen.text());
        };
        let reply = attempt(story, who, &id, action).await;
        if expected.contains(&action) {
            assert!(reply.status.is_success() && offer.get("reason").is_none(), "{told}: {}", reply.text());
            // Nothing that is alive stays behind, or there could be no fresh one.
            story.act(&story.provider, &id, "cancel").await;
            id = bring(story, place).await;
            continue;
        }
        let yours = if action == "revise" { owns } else { decides || (owns && !DECISIONS.contains(&action)) };
        let (status, code, reason) = match action {
            _ if !yours => (403, "forbidden", "not_your_side"),
            "resume" if place.state == "suspended" => (403, "forbidden", "other_side_suspended"),
            _ => (409, "wrong-state", "wrong_state"),
        };
        assert_eq!(offer["reason"], reason, "{told}");
        let reply = reply.problem(status, code);
        assert_eq!((&reply["reason"], &reply["allowed_actions"]), (&json!(reason), &json!(expected)), "{told}");
    }
    let after = look(who, &id).await;
    assert_eq!(after["state"], place.state, "after all that was refused to {}", who.name);
    assert_eq!(after["plan"], seen["plan"]);
    story.act(&story.provider, &id, "cancel").await;
}

/// A37 A39 A40 A41 A50
#[tokio::test]
async fn in_every_state_each_side_is_offered_exactly_what_succeeds() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let developer = app.person("developer").await;
    let path = format!("/api/v1/apps/{}/team/{}", story.app, developer.id);
    story.consumer.put(&path, json!({"role": "DEVELOPER"})).await.is(200);
    for place in &PLACES {
        try_everything(&story, place, &story.consumer, place.app, false, true).await;
        try_everything(&story, place, &story.provider, place.api, true, false).await;
        try_everything(&story, place, &developer, &[], false, false).await;
    }
}
