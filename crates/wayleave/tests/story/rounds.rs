//! Telling very many people of one change.

use base::id::UserId;
use serde_json::json;
use std::collections::BTreeMap;
use store::{Quiet, sql};
use testkit::{Story, TestApp};

/// As many as no single transaction tells.
const CROWD: usize = 230;

/// People who follow an API; written beside the interface, which would hash a password for each.
async fn crowd(app: &TestApp, api: &str) {
    let db = &app.server().platform.db;
    let now = app.clock.now();
    let mut tx = db.write().await.unwrap();
    for n in 0..=CROWD {
        // The last comes after everything that happens here.
        let since = if n == CROWD { now.plus_seconds(86_400) } else { now };
        let (id, name) = (UserId::new(now), format!("fan{n}"));
        sql(
            "INSERT INTO users (id, version, kind, username, display_name, email, email_folded, email_verified, state, \
             site_admin, created_at) VALUES ($1, 1, 'human', $2, $2, $3, $3, FALSE, 'active', FALSE, $4)",
        )
        .bind(&id)
        .bind(name.as_str())
        .bind(format!("{name}@example.com").as_str())
        .bind(now)
        .run(&mut tx)
        .await
        .unwrap();
        sql("INSERT INTO follows (user_id, kind, resource_id, followed_at) VALUES ($1, 'api', $2, $3)")
            .bind(&id)
            .bind(api)
            .bind(since)
            .run(&mut tx)
            .await
            .unwrap();
    }
    tx.commit_quiet(Quiet::SessionTouched).await.unwrap();
}

/// How many notices with this verb each person has.
async fn told(app: &TestApp, verb: &str) -> BTreeMap<String, i64> {
    let mut tx = app.server().platform.db.read().await.unwrap();
    let rows = sql("SELECT user_id, COUNT(*) AS n FROM notices WHERE verb = $1 GROUP BY user_id").bind(verb);
    let rows = rows.all(&mut tx).await.unwrap();
    rows.iter().map(|row| (row.get("user_id").unwrap(), row.get("n").unwrap())).collect()
}

/// A23 F33
#[tokio::test]
async fn everybody_around_an_api_is_told_once_however_many_they_are() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    crowd(&app, &story.api).await;
    // Somebody who uses it twice and follows it too.
    story.subscribed().await;
    story.request("sandbox", &story.open_plan).await.is(201);
    story.consumer.put(&format!("/api/v1/apis/{}/follow", story.api), json!({})).await.is(200);
    app.settle().await;

    let version = format!("/api/v1/versions/{}", story.version);
    story.provider.post(&format!("{version}/deprecate"), json!({"note": "Until summer"})).await.is(200);
    app.settle().await;
    let people = told(&app, "version.deprecated").await;
    assert_eq!(people.len(), CROWD + 1, "everybody but whoever did it and whoever came later");
    assert!(people.values().all(|n| *n == 1), "nobody twice: {people:?}");
    assert!(people.contains_key(&story.consumer.id) && !people.contains_key(&story.provider.id));

    // Whoever may not see it any more hears nothing of it, unless they use it.
    let private = json!({"visibility": "private"});
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), private).await.is(200);
    story.provider.post(&format!("{version}/undeprecate"), json!({})).await.is(200);
    app.settle().await;
    let people = told(&app, "version.undeprecated").await;
    assert_eq!(people.keys().collect::<Vec<_>>(), [&story.consumer.id]);
}
