//! Plans and limit groups: what they say, where they are offered, what they demand.

use serde_json::{Value, json};
use testkit::{PETS, Story, TestApp};

/// C01 C02
#[tokio::test]
async fn a_plan_is_read_back_as_it_was_written_and_keeps_its_id() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let body = json!({
        "organization": story.provider_organization, "name": "Gold", "description": "For the <busiest>", "default": true,
        "requires_approval": true, "limit_group": story.limit_group,
    });
    let made = story.provider.post("/api/v1/plans", body.clone()).await.is(201);
    let path = format!("/api/v1/plans/{}", made.str("id"));
    assert_eq!(made.header("location"), path);
    for reader in [&story.provider, &story.consumer] {
        let read = reader.get(&path).await.is(200);
        for (name, value) in body.as_object().into_iter().flatten() {
            assert_eq!(read[name.as_str()], *value, "{name}");
        }
        assert_eq!(read["id"], made["id"]);
        assert_eq!(read["limits"], json!([{"count": 3, "seconds": 60}]));
    }
    for other in
        [json!({"id": "pln_other"}), json!({"id": made["id"]}), json!({"organization": story.consumer_organization})]
    {
        story.provider.patch(&path, other).await.problem(422, "invalid");
    }
    story.consumer.patch(&path, json!({"name": "Mine"})).await.is(403);
    let edited = story.provider.patch(&path, json!({"name": "Silver", "limit_group": null})).await.is(200);
    assert_eq!((&edited["id"], &edited["name"]), (&made["id"], &json!("Silver")));
    assert_eq!((&edited["limit_group"], &edited["description"]), (&Value::Null, &json!("For the <busiest>")));
    assert_eq!(story.provider.get(&path).await.is(200)["name"], "Silver");
}

/// C03 C04
#[tokio::test]
async fn a_default_plan_is_offered_by_apis_that_are_created_later_and_by_no_other() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let api = async |name: &str| {
        let body = json!({"organization": story.provider_organization, "name": name});
        story.provider.post("/api/v1/apis", body).await.is(201).str("id")
    };
    let offered = async |api: &str| {
        let read = story.provider.get(&format!("/api/v1/apis/{api}")).await.is(200);
        let plans = read["plans"].as_array().cloned().unwrap_or_default();
        plans.iter().filter_map(|p| p["id"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let before = api("Before").await;
    let path = format!("/api/v1/apis/{before}/plans");
    story.provider.put(&path, json!({"plans": [story.open_plan]})).await.is(200);
    let body = json!({"organization": story.provider_organization, "name": "Everybody's", "default": true});
    let plan = story.provider.post("/api/v1/plans", body).await.is(201).str("id");
    let after = api("After").await;
    assert_eq!(offered(&after).await, [plan.as_str()]);
    assert_eq!(offered(&before).await, [story.open_plan.as_str()]);
    // No longer a default: the APIs of before keep it, the next one does not get it.
    story.provider.patch(&format!("/api/v1/plans/{plan}"), json!({"default": false})).await.is(200);
    assert_eq!(offered(&after).await, [plan.as_str()]);
    let body = json!({"organization": story.provider_organization, "name": "The next one", "default": true});
    let next = story.provider.post("/api/v1/plans", body).await.is(201).str("id");
    assert_eq!(offered(&api("Later").await).await, [next.as_str()]);
}

/// C07 C08 X02
#[tokio::test]
async fn a_plan_decides_whether_somebody_must_approve_before_calls_pass() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let keyed = app.keyed(&story.key);
    let at_once = story.request("sandbox", &story.open_plan).await.is(201);
    assert_eq!(at_once["items"][0]["state"], "active");
    assert!(at_once["items"][0]["task"].is_null(), "nobody has to decide");
    keyed.get(&format!("/sandbox{PETS}")).await.is(200);
    let id = story.requested().await;
    let read = story.consumer.get(&format!("/api/v1/subscriptions/{id}")).await.is(200);
    assert!(read["task"].is_string(), "{}", read.text());
    keyed.get(PETS).await.problem(403, "subscription-pending");
    story.act(&story.consumer, &id, "approve").await.is(403);
    story.act(&story.provider, &id, "approve").await.is(200);
    keyed.get(PETS).await.problem(403, "subscription-pending");
    story.act(&story.provider, &id, "activate").await.is(200);
    keyed.get(PETS).await.is(200);
}

/// C07 C08
#[tokio::test]
async fn another_demand_of_a_plan_holds_for_later_requests_only() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.subscribed().await;
    story
        .provider
        .patch(&format!("/api/v1/plans/{}", story.open_plan), json!({"requires_approval": true}))
        .await
        .is(200);
    app.keyed(&story.key).get(PETS).await.is(200);
    let later = story.request("sandbox", &story.open_plan).await.is(201);
    assert_eq!(later["items"][0]["state"], "requested");
    let read = story.consumer.get(&format!("/api/v1/subscriptions/{id}")).await.is(200);
    assert_eq!(read["state"], "active");
}

/// C06 C05 C73
#[tokio::test]
async fn a_limit_group_that_caps_a_plan_exists_and_stays() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let missing = json!({"organization": story.provider_organization, "name": "X", "limit_group": "lim_01arz3ndektsv4rrffq69g5fav"});
    let refused = story.provider.post("/api/v1/plans", missing).await.is(422);
    assert_eq!(refused["errors"][0]["pointer"], "/limit_group", "{}", refused.text());
    let path = format!("/api/v1/limit_groups/{}", story.limit_group);
    let used = story.provider.delete(&path).await.problem(409, "in-use");
    assert_eq!(used["plans"], json!([story.guarded_plan]));
    for windows in [
        json!([]),
        json!([{"count": 0, "per": "minute"}]),
        json!([{"count": 1}]),
        json!([{"count": 1, "per": "minute", "seconds": 60}]),
        json!([{"count": 1, "per": "minute"}, {"count": 2, "seconds": 60}]),
    ] {
        story.provider.patch(&path, json!({"windows": windows})).await.problem(422, "invalid");
    }
    story.provider.patch(&format!("/api/v1/plans/{}", story.guarded_plan), json!({"limit_group": null})).await.is(200);
    story.provider.delete(&path).await.is(200);
    story.provider.get(&path).await.problem(404, "not-found");
}
