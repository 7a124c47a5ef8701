//! Subscriptions that end by themselves: the end, the reminders before it, and what comes first to those who provide.

use crate::requests::{find, refused};
use serde_json::{Value, json};
use testkit::{PETS, Story, TestApp};

const DAY: i64 = 86_400;

/// A request for the open plan in production that ends after so many days.
async fn ending(app: &TestApp, story: &Story, days: i64) -> String {
    let end = app.clock.now().plus_seconds(days * DAY);
    let body = json!({"apps": [story.app], "api": story.api, "environment": "production", "plan": story.open_plan,
                      "ends_at": end.to_string()});
    let made = story.consumer.post("/api/v1/subscriptions", body).await.is(201);
    assert_eq!(
        (&made["items"][0]["ends_at"], &made["items"][0]["ends_in_days"]),
        (&json!(end.to_string()), &json!(days))
    );
    made["items"][0]["id"].as_str().expect("an id").to_owned()
}

/// How many days each reminder named, oldest first.
async fn reminders(story: &Story, id: &str) -> Vec<i64> {
    let history = story.consumer.get(&format!("/api/v1/subscriptions/{id}/history")).await.is(200);
    let told = history.items().iter().filter(|e| e["verb"] == "subscription.ending");
    told.filter_map(|e| e["days"].as_i64()).collect()
}

/// X02 X07
#[tokio::test]
async fn calls_are_refused_from_the_end_on_though_nobody_has_said_so_yet() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = ending(&app, &story, 40).await;
    app.clock.advance_seconds(40 * DAY - 1);
    app.keyed(&story.key).get(PETS).await.is(200);
    app.clock.advance_seconds(1);
    refused(&app, &story, "subscription-ended").await;
    let seen = story.consumer.get(&format!("/api/v1/subscriptions/{id}")).await.is(200);
    assert_eq!((&seen["state"], &seen["status"]), (&json!("expired"), &json!("Inactive")));
    for action in ["suspend", "cancel"] {
        story.act(&story.consumer, &id, action).await.problem(409, "wrong-state");
    }
    app.settle().await;
    let history = story.consumer.get(&format!("/api/v1/subscriptions/{id}/history")).await.is(200);
    let last = history.items().last().expect("an entry");
    assert_eq!((&last["verb"], &last["actor"]["kind"]), (&json!("subscription.expired"), &json!("system")));
    assert_eq!((&last["before"], &last["after"]), (&json!("active"), &json!("expired")));
    for who in [&story.consumer, &story.provider] {
        let notices = who.get("/api/v1/me/notices").await.is(200);
        assert!(notices.items().iter().any(|n| n["verb"] == "subscription.expired"), "{}", notices.text());
    }
    // It is gone from the lists, and a new request begins anew.
    let list = story.consumer.get(&format!("/api/v1/apps/{}/apis", story.app)).await.is(200);
    assert!(find(&list, &id).is_none());
    story.subscribed().await;
    app.keyed(&story.key).get(PETS).await.is(200);
}

/// X07
#[tokio::test]
async fn people_are_reminded_30_7_and_1_days_before_once_each_also_after_a_pause() {
    let mut app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = ending(&app, &story, 40).await;
    app.settle().await;
    assert_eq!(reminders(&story, &id).await, [0; 0]);
    app.clock.advance_seconds(10 * DAY);
    app.settle().await;
    app.settle().await;
    assert_eq!(reminders(&story, &id).await, [30]);
    for who in [&story.consumer, &story.provider] {
        let notices = who.get("/api/v1/me/notices").await.is(200);
        assert_eq!(
            notices.items().iter().filter(|n| n["verb"] == "subscription.ending").count(),
            1,
            "{}",
            notices.text()
        );
    }
    assert!(story.provider.get("/api/v1/tasks?kind=alert").await.is(200).items().is_empty());
    // Down while the next one was due: it comes at the start, with the days that are really left.
    app.clock.advance_seconds(25 * DAY);
    app.restart().await;
    app.settle().await;
    let alerts = story_alerts(&app, &story).await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!((&alerts[0]["code"], &alerts[0]["subscription"]), (&json!("subscription_ending"), &json!(id)));
    assert_eq!(reminders(&story, &id).await, [30, 5]);
    app.clock.advance_seconds(4 * DAY);
    app.settle().await;
    assert_eq!(reminders(&story, &id).await, [30, 5, 1]);
    assert_eq!(story_alerts(&app, &story).await.len(), 1, "an alert that is open is not raised again");

    // Extending it takes the alert back and begins the reminders anew.
    let end = app.clock.now().plus_seconds(60 * DAY).to_string();
    let path = format!("/api/v1/subscriptions/{id}");
    story.consumer.patch(&path, json!({"ends_at": end})).await.problem(403, "forbidden");
    let longer = story.provider.patch(&path, json!({"ends_at": end})).await.is(200);
    assert_eq!((&longer["ends_at"], &longer["ends_in_days"]), (&json!(end), &json!(60)));
    assert!(story_alerts(&app, &story).await.is_empty());
    app.clock.advance_seconds(30 * DAY);
    app.settle().await;
    assert_eq!(reminders(&story, &id).await, [30, 5, 1, 30]);
    app.keyed(&story.key).get(PETS).await.is(200);
    let never = story.provider.patch(&path, json!({"ends_at": null})).await.is(200);
    assert_eq!((&never["ends_at"], &never["ends_in_days"]), (&Value::Null, &Value::Null));
    app.clock.advance_seconds(400 * DAY);
    app.settle().await;
    assert_eq!(reminders(&story, &id).await.len(), 4);
    app.keyed(&story.key).get(PETS).await.is(200);
}

async fn story_alerts(app: &TestApp, story: &Story) -> Vec<Value> {
    app.settle().await;
    story.provider.get("/api/v1/tasks?kind=alert").await.is(200).items().to_vec()
}

/// X08
#[tokio::test]
async fn an_end_lies_in_the_future_and_an_approval_may_give_another() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let wish = |end: &str| {
        json!({"apps": [story.app], "api": story.api, "environment": "production", "plan": story.guarded_plan,
               "ends_at": end})
    };
    for bad in ["2020-01-01T00:00:00Z", "tomorrow", "2026-11-23"] {
        let reply = story.consumer.post("/api/v1/subscriptions", wish(bad)).await.problem(422, "invalid");
        assert_eq!(reply["errors"][0]["pointer"], "/ends_at", "{bad}");
    }
    let far = story.consumer.post("/api/v1/subscriptions", wish("9999-12-31T23:59:59Z")).await.problem(422, "invalid");
    assert!(far.text().contains("too far away") && !far.text().contains("RFC 3339"), "{}", far.text());
    let soon = app.clock.now().plus_seconds(DAY).to_string();
    let made = story.consumer.post("/api/v1/subscriptions", wish(&soon)).await.is(201);
    let id = made["items"][0]["id"].as_str().unwrap().to_owned();
    // While it waited its end went by: it is not approved into nothing.
    app.clock.advance_seconds(2 * DAY);
    app.settle().await;
    let path = format!("/api/v1/subscriptions/{id}");
    assert_eq!(story.provider.get(&path).await.is(200)["state"], "requested");
    let late = story.act(&story.provider, &id, "approve").await.problem(409, "wrong-state");
    assert_eq!(late["reason"], "end_passed");
    let end = app.clock.now().plus_seconds(90 * DAY).to_string();
    story.provider.post(&format!("{path}/reject"), json!({"ends_at": end})).await.problem(422, "invalid");
    let approved = story.provider.post(&format!("{path}/approve"), json!({"ends_at": end})).await.is(200);
    assert_eq!((&approved["state"], &approved["ends_at"]), (&json!("approved"), &json!(end)));
    // Also what was never activated ends, and its task goes.
    app.clock.advance_seconds(91 * DAY);
    app.settle().await;
    assert_eq!(story.provider.get(&path).await.is(200)["state"], "expired");
    assert!(story.provider.get("/api/v1/tasks").await.is(200).items().is_empty());
    story.act(&story.provider, &id, "activate").await.problem(409, "wrong-state");
}

#[tokio::test]
async fn what_ends_first_comes_first_to_those_who_provide_it_and_to_nobody_else() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let mut expected = Vec::new();
    for (n, days) in [Some(50), None, Some(20), Some(50)].into_iter().enumerate() {
        let body = json!({"organization": story.consumer_organization, "name": format!("App {n}")});
        let made = story.consumer.post("/api/v1/apps", body).await.is(201).str("id");
        let end = days.map(|days: i64| app.clock.now().plus_seconds(days * DAY).to_string());
        let body = json!({"apps": [made], "api": story.api, "environment": "production", "plan": story.open_plan,
                          "ends_at": end});
        let made = story.consumer.post("/api/v1/subscriptions", body).await.is(201);
        expected.push((end, made["items"][0]["id"].as_str().unwrap().to_owned()));
    }
    expected.sort_by_key(|(end, id)| (end.is_none(), end.clone(), id.clone()));
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = story.provider.get(&format!("/api/v1/me/provided?limit=1{after}")).await.is(200);
        seen.extend(page.items().iter().filter_map(|s| s["id"].as_str().map(str::to_owned)));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, expected.iter().map(|(_, id)| id.clone()).collect::<Vec<_>>());
    assert!(story.consumer.get("/api/v1/me/provided").await.is(200).items().is_empty());
    story.consumer.get(&format!("/api/v1/me/provided?api={}", story.api)).await.problem(403, "forbidden");
    for bad in ["after=x", "after=1.x", "after=x.sub_00000000000000000000000000", "state=odd"] {
        story.provider.get(&format!("/api/v1/me/provided?{bad}")).await.problem(422, "invalid");
    }
}
