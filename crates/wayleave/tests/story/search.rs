//! Search, and lists narrowed by words.

use serde_json::{Value, json};
use testkit::{Actor, Story, TestApp};

async fn found(who: &Actor, question: &str) -> Vec<(String, String)> {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("q", question).finish();
    let hits = who.get(&format!("/api/v1/search?{query}")).await.is(200);
    let text = |hit: &Value, name: &str| hit[name].as_str().unwrap_or_default().to_owned();
    hits.items().iter().map(|hit| (text(hit, "kind"), text(hit, "name"))).collect()
}

fn hit(kind: &str, name: &str) -> (String, String) {
    (kind.to_owned(), name.to_owned())
}

#[tokio::test]
async fn things_are_found_by_the_beginning_of_any_word_of_theirs() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    app.settle().await;
    assert_eq!(found(&story.consumer, "sho").await, [hit("app", "Shop"), hit("client", "Shop backend")]);
    assert_eq!(found(&story.consumer, "BACK shop").await, [hit("client", "Shop backend")]);
    assert_eq!(found(&story.consumer, &story.client_id[..13]).await, [hit("client", "Shop backend")]);
    assert_eq!(found(&story.consumer, &story.app).await, [hit("app", "Shop")]);
    assert_eq!(found(&story.provider, "guard").await, [hit("plan", "Guarded")]);
    for nothing in ["", "   ", "hop", "shop nonsense", "%", "_", "sh%"] {
        assert_eq!(found(&story.consumer, nothing).await, [], "{nothing}");
    }
    story.consumer.get(&format!("/api/v1/search?q={}", "x".repeat(201))).await.problem(422, "invalid");
}

/// X06
#[tokio::test]
async fn nobody_finds_what_they_may_not_see() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let stranger = app.person("stranger").await;
    app.settle().await;
    assert_eq!(found(&stranger, "pets").await, [hit("api", "Pets")]);
    assert_eq!(found(&stranger, "shop").await, []);
    assert_eq!(found(&stranger, "guarded").await, []);
    assert_eq!(found(&stranger, "provider").await, []);
    assert_eq!(found(&story.provider, "provider").await, [hit("organization", "Provider")]);
    assert_eq!(found(&app.admin().await, "shop").await.len(), 2);
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), json!({"visibility": "private"})).await.is(200);
    assert_eq!(found(&stranger, "pets").await, []);
    assert!(stranger.get("/api/v1/apis?q=pets").await.is(200).items().is_empty());
    assert_eq!(found(&story.provider, "pets").await, [hit("api", "Pets")]);
}

#[tokio::test]
async fn words_follow_what_they_name_and_a_description_counts_less() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let body =
        json!({"organization": story.consumer_organization, "name": "Till", "description": "For the Shop floor"});
    let till = story.consumer.post("/api/v1/apps", body).await.is(201).str("id");
    app.settle().await;
    let all = [hit("app", "Shop"), hit("client", "Shop backend"), hit("app", "Till")];
    assert_eq!(found(&story.consumer, "shop").await, all);
    let renamed = json!({"name": "Kasse Größe", "description": ""});
    story.consumer.patch(&format!("/api/v1/apps/{till}"), renamed).await.is(200);
    app.settle().await;
    assert_eq!(found(&story.consumer, "shop").await, all[..2]);
    assert_eq!(found(&story.consumer, "GRÖSSE").await, []);
    assert_eq!(found(&story.consumer, "GRÖ").await, [hit("app", "Kasse Größe")]);
    story.consumer.delete(&format!("/api/v1/apps/{till}")).await.is(200);
    app.settle().await;
    assert_eq!(found(&story.consumer, "kasse").await, []);
}

#[tokio::test]
async fn a_list_narrowed_by_words_goes_on_page_by_page() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    for n in 0..7 {
        let name = if n % 2 == 0 { format!("Blue {n}") } else { format!("Green {n}") };
        let body = json!({"organization": story.consumer_organization, "name": name});
        let made = story.consumer.post("/api/v1/apps", body).await.is(201).str("id");
        story.consumer.post("/api/v1/clients", json!({"app": made, "name": format!("{name} client")})).await.is(201);
    }
    app.settle().await;
    for list in ["apps", "clients"] {
        let (mut names, mut after) = (Vec::new(), String::new());
        loop {
            let page = story.consumer.get(&format!("/api/v1/{list}?q=blue&limit=3{after}")).await.is(200);
            names.extend(page.items().iter().filter_map(|it| it["name"].as_str().map(|n| n[..6].to_owned())));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        // Ids of one instant sort by chance.
        names.sort();
        assert_eq!(names, ["Blue 0", "Blue 2", "Blue 4", "Blue 6"], "{list}");
    }
    let of_one = story.consumer.get(&format!("/api/v1/clients?app={}", story.app)).await.is(200);
    assert_eq!(of_one.items().len(), 1);
    story.consumer.post(&format!("/api/v1/clients/{}/disable", story.client), json!({})).await.is(200);
    let off = story.consumer.get("/api/v1/clients?enabled=false").await.is(200);
    assert_eq!(off.items()[0]["id"], story.client.as_str());
    assert!(app.person("stranger").await.get("/api/v1/clients").await.is(200).items().is_empty());
    assert_eq!(app.admin().await.get("/api/v1/clients").await.is(200).items().len(), 8);
}

/// Apps of the provider's, more than one request looks at; the last ones have a word that does not stand in few places.
async fn crowd(app: &TestApp, story: &Story) {
    const NUMBERS: &str =
        "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 15999)";
    // 26 symbols, as ids have.
    const ID: &str = "'app_000000000000000' || CAST(10000000000 + n AS TEXT)";
    let apps = format!(
        "INSERT INTO apps (id, version, organization_id, name, description, created_at) {NUMBERS} \
         SELECT {ID}, 1, '{}', 'Striped', '', 0 FROM numbers",
        story.provider_organization
    );
    let words = format!(
        "INSERT INTO search_terms (kind, resource_id, term, place) {NUMBERS} \
         SELECT 'app', {ID}, 'zebra', 0 FROM numbers WHERE n >= 10500"
    );
    let mut tx = app.server().platform.db.write().await.expect("a write");
    for statement in [apps, words] {
        store::sql(statement).run(&mut tx).await.expect("it is filled");
    }
    tx.commit_quiet(store::Quiet::ExpiredSwept).await.expect("it is kept");
}

#[tokio::test]
async fn whoever_sees_little_finds_it_among_however_much_others_have() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    crowd(&app, &story).await;
    let body = json!({"organization": story.consumer_organization, "name": "Zebra crossing"});
    let own = story.consumer.post("/api/v1/apps", body).await.is(201).str("id");
    app.settle().await;
    assert_eq!(found(&story.consumer, "zebra").await, [hit("app", "Zebra crossing")]);
    let page = story.consumer.get("/api/v1/apps?q=zebra").await.is(200);
    assert_eq!((page.items().len(), &page["items"][0]["id"], page["next"].is_null()), (1, &json!(own), true));
    // Whoever sees all of it goes on where one request has stopped, and comes to the end.
    let admin = app.admin().await;
    let (mut pages, mut ids, mut after) = (0, std::collections::BTreeSet::new(), String::new());
    loop {
        let page = admin.get(&format!("/api/v1/apps?q=zebra&limit=200{after}")).await.is(200);
        ids.extend(page.items().iter().filter_map(|it| it["id"].as_str().map(str::to_owned)));
        pages += 1;
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!((ids.len(), ids.contains(&own)), (5_501, true), "{pages} pages");
    // What is rare is found at once, however far behind it lies.
    let rare = admin.get("/api/v1/apps?q=zebra%20crossing&limit=1").await.is(200);
    assert_eq!((&rare["items"][0]["id"], rare["next"].is_null()), (&json!(own), true));
    assert_eq!(found(&admin, "crossing").await, [hit("app", "Zebra crossing")]);
}
