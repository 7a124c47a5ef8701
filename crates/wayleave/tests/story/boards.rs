//! Pages, boards, dashboards and notices: who sees a subscription, and who learns of what happens to it.

use crate::requests::{allowed, both_lists, item};
use serde_json::{Value, json};
use testkit::{Actor, Reply, Story, TestApp};

/// The entries of a feed, newest first.
async fn feed(who: &Actor, path: &str) -> Reply {
    who.get(&format!("{path}?limit=200")).await.is(200)
}

/// What somebody has in their inbox, newest first, once all that happened has been told.
async fn inbox(app: &TestApp, who: &Actor) -> Reply {
    app.settle().await;
    who.get("/api/v1/me/notices?limit=200").await.is(200)
}

/// The verbs of a list.
fn verbs(list: &Reply) -> Vec<&str> {
    list.items().iter().filter_map(|item| item["verb"].as_str()).collect()
}

/// A10 A11 A26 A27
#[tokio::test]
async fn the_rows_of_both_pages_name_all_there_is_and_what_their_reader_may_do() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let pending = story.requested().await;
    let active = story.request("sandbox", &story.open_plan).await.is(201);
    let active = active["items"][0]["id"].as_str().expect("an id").to_owned();

    let (at_api, at_app) = both_lists(&story).await;
    for list in [&at_api, &at_app] {
        assert_eq!(list.items().len(), 2, "{}", list.text());
        for (id, environment, plan, status) in
            [(&pending, "production", "Guarded", "Access Requested"), (&active, "sandbox", "Open", "Active")]
        {
            let row = item(list, id);
            assert_eq!(row["app"], json!({"id": story.app, "name": "Shop"}));
            assert_eq!(row["api"], json!({"id": story.api, "name": "Pets"}));
            assert_eq!(row["versions"], json!(["v1"]));
            assert_eq!(row["environment"]["name"], environment);
            assert_eq!(row["plan"]["name"], plan);
            assert_eq!(row["status"], status);
            assert_eq!(row["requester"]["id"], story.consumer.id);
            assert_eq!(row["created_at"], app.clock.now().to_string());
        }
    }
    assert_eq!(allowed(item(&at_api, &pending)), ["approve", "reject", "cancel"]);
    assert_eq!(allowed(item(&at_app, &pending)), ["cancel"]);
    assert_eq!(allowed(item(&at_api, &active)), ["modify", "suspend", "cancel"]);
    assert_eq!(allowed(item(&at_app, &active)), ["revise", "suspend", "cancel"]);

    // Who is on neither side learns nothing of either.
    let stranger = app.person("stranger").await;
    let seen = stranger.get(&format!("/api/v1/apis/{}/apps", story.api)).await.is(200);
    assert!(seen.items().is_empty(), "{}", seen.text());
    stranger.get(&format!("/api/v1/apps/{}/apis", story.app)).await.problem(404, "not-found");
    stranger.get(&format!("/api/v1/subscriptions/{pending}")).await.problem(404, "not-found");
}

/// A10 A35
#[tokio::test]
async fn a_consumer_finds_their_subscription_behind_pages_of_others() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let body = json!({"organization": story.provider_organization, "name": "Plants"});
    let plants = story.provider.post("/api/v1/apis", body).await.is(201).str("id");
    for environment in ["production", "sandbox"] {
        let body = json!({"apps": [story.app], "api": plants, "environment": environment, "plan": story.open_plan});
        story.consumer.post("/api/v1/subscriptions", body).await.is(201);
    }
    app.clock.advance_seconds(1);
    let cancelled = story.subscribed().await;
    story.act(&story.consumer, &cancelled, "cancel").await.is(200);
    app.clock.advance_seconds(1);
    let wanted = story.subscribed().await;

    for who in [&story.consumer, &story.provider] {
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/apis/{}/apps?limit=1&after={after}", story.api);
            let page = who.get(&path).await.is(200);
            found.extend(page.items().iter().map(|row| row["id"].as_str().unwrap_or_default().to_owned()));
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut after),
                None => break,
            }
        }
        assert_eq!(found, [wanted.as_str()], "{}", who.name);
    }
}

/// A12 A13 A14
#[tokio::test]
async fn each_step_is_one_entry_on_both_boards_and_on_both_dashboards_and_on_no_other() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let stranger = app.person("stranger").await;
    let (api_board, app_board) =
        (format!("/api/v1/apis/{}/board", story.api), format!("/api/v1/apps/{}/board", story.app));
    let feeds = [
        (&story.provider, api_board.as_str()),
        (&story.consumer, app_board.as_str()),
        (&story.provider, "/api/v1/me/dashboard"),
        (&story.consumer, "/api/v1/me/dashboard"),
    ];
    let mut before = Vec::new();
    for (who, path) in feeds {
        before.push(feed(who, path).await.items().len());
    }
    let id = story.requested().await;
    let steps = [
        (&story.consumer, "", "requested"),
        (&story.provider, "approve", "approved"),
        (&story.provider, "activate", "activated"),
        (&story.consumer, "suspend", "suspended"),
        (&story.consumer, "resume", "resumed"),
        (&story.provider, "cancel", "cancelled"),
    ];
    for (n, (actor, action, done)) in steps.into_iter().enumerate() {
        if !action.is_empty() {
            let path = format!("/api/v1/subscriptions/{id}/{action}");
            actor.post(&path, json!({"comment": format!("To {action}")})).await.is(200);
        }
        for (feed_number, (who, path)) in feeds.into_iter().enumerate() {
            let entries = feed(who, path).await;
            let told = format!("{path} of {} after {done}", who.name);
            assert_eq!(entries.items().len(), before[feed_number] + n + 1, "{told}: {}", entries.text());
            let newest = &entries.items()[0];
            assert_eq!(newest["verb"], format!("subscription.{done}"), "{told}");
            assert_eq!((&newest["subject"]["kind"], &newest["subject"]["id"]), (&json!("subscription"), &json!(id)));
            assert_eq!(newest["actor"]["id"], actor.id, "{told}");
            assert_eq!(newest["at"], app.clock.now().to_string());
            let note = if action.is_empty() { "Please".to_owned() } else { format!("To {action}") };
            assert_eq!(newest["note"], note, "{told}");
            let named = |kind: &str, id: &str, name: &str| {
                let it = json!({"kind": kind, "id": id, "name": name});
                newest["touches"].as_array().expect("what it touches").contains(&it)
            };
            assert!(named("app", &story.app, "Shop") && named("api", &story.api, "Pets"), "{told}: {newest}");
        }
    }
    // Whoever has nothing to do with either sees the API's public news and no more.
    let public = feed(&stranger, &api_board).await;
    assert!(verbs(&public).contains(&"version.published"), "{}", public.text());
    for seen in [public, feed(&stranger, "/api/v1/me/dashboard").await] {
        assert!(!seen.text().contains(&id) && !seen.text().contains(&story.app), "{}", seen.text());
    }
    stranger.get(&app_board).await.problem(404, "not-found");
    let filtered = story.provider.get(&format!("{api_board}?verb=subscription.resumed")).await.is(200);
    assert_eq!(verbs(&filtered), ["subscription.resumed"]);
}

/// A06
#[tokio::test]
async fn every_administrator_of_the_api_is_told_of_a_request_and_nobody_else() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (deputy, chief, stranger) =
        (app.person("deputy").await, app.person("chief").await, app.person("stranger").await);
    let path = format!("/api/v1/apis/{}/administrators/{}", story.api, deputy.id);
    story.provider.put(&path, json!({})).await.is(200);
    let path = format!("/api/v1/organizations/{}/roles/business_admin/{}", story.provider_organization, chief.id);
    app.admin().await.put(&path, json!({})).await.is(200);
    let id = story.requested().await;

    for who in [&story.provider, &deputy, &chief] {
        let told = inbox(&app, who).await;
        let [notice] = told.items() else { panic!("{} should have one notice: {}", who.name, told.text()) };
        assert_eq!(notice["verb"], "subscription.requested", "{}", who.name);
        assert_eq!((&notice["subject"]["kind"], &notice["subject"]["id"]), (&json!("subscription"), &json!(id)));
        assert_eq!(
            (&notice["names"]["app"]["name"], &notice["names"]["api"]["name"]),
            (&json!("Shop"), &json!("Pets"))
        );
        assert_eq!((&notice["read"], &notice["note"], &told["unread"]), (&json!(false), &json!("Please"), &json!(1)));
    }
    for who in [&story.consumer, &stranger] {
        let told = inbox(&app, who).await;
        assert!(told.items().is_empty(), "{} has {}", who.name, told.text());
    }

    // Read by one of them is not read by the other, and nobody reads somebody else's.
    let mine = inbox(&app, &story.provider).await.items()[0]["id"].as_str().expect("an id").to_owned();
    deputy.post(&format!("/api/v1/me/notices/{mine}/read"), json!({})).await.problem(404, "not-found");
    story.provider.post(&format!("/api/v1/me/notices/{mine}/read"), json!({})).await.is(200);
    let unread = "/api/v1/me/notices?unread=true";
    assert!(story.provider.get(unread).await.is(200).items().is_empty());
    assert_eq!(deputy.get(unread).await.is(200).items().len(), 1);
}

/// A52
#[tokio::test]
async fn the_requester_and_the_apps_other_owners_are_told_of_every_decision() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (partner, reader) = (app.person("partner").await, app.person("reader").await);
    for (who, role) in [(&partner, "OWNER"), (&reader, "READ_ONLY")] {
        let path = format!("/api/v1/apps/{}/team/{}", story.app, who.id);
        story.consumer.put(&path, json!({"role": role})).await.is(200);
    }
    let first = story.requested().await;
    let decide = async |id: &str, action: &str| {
        let path = format!("/api/v1/subscriptions/{id}/{action}");
        story.provider.post(&path, json!({"comment": format!("We {action}")})).await.is(200);
    };
    for action in ["approve", "activate", "suspend", "resume", "cancel"] {
        decide(&first, action).await;
    }
    let second = story.requested().await;
    decide(&second, "reject").await;

    let expected = [
        ("rejected", &second, "We reject"),
        ("cancelled", &first, "We cancel"),
        ("resumed", &first, "We resume"),
        ("suspended", &first, "We suspend"),
        ("activated", &first, "We activate"),
        ("approved", &first, "We approve"),
    ];
    for who in [&story.consumer, &partner] {
        let told = inbox(&app, who).await;
        let about = |n: &&Value| n["subject"]["kind"] == "subscription";
        let notices: Vec<&Value> = told.items().iter().filter(about).collect();
        assert_eq!(notices.len(), expected.len(), "{}: {}", who.name, told.text());
        for (notice, (done, id, note)) in notices.into_iter().zip(expected) {
            assert_eq!(notice["verb"], format!("subscription.{done}"), "{}", who.name);
            assert_eq!((&notice["subject"]["id"], &notice["note"]), (&json!(id), &json!(note)), "{}", who.name);
            assert_eq!(notice["read"], false);
        }
    }
    // Neither who only looks, nor who did it.
    assert!(!verbs(&inbox(&app, &reader).await).iter().any(|verb| verb.starts_with("subscription.")));
    assert_eq!(verbs(&inbox(&app, &story.provider).await), ["subscription.requested", "subscription.requested"]);
}
