//! The catalogue: tags, API groups, pages of documentation, and finding things by what is written about them.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Actor, Story, TestApp};

async fn ids(who: &Actor, path: &str) -> BTreeSet<String> {
    let list = who.get(path).await.is(200);
    list.items().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

fn only(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|id| (*id).to_owned()).collect()
}

async fn api(story: &Story, name: &str, visibility: &str, tags: Value) -> String {
    let body =
        json!({"organization": story.provider_organization, "name": name, "visibility": visibility, "tags": tags});
    story.provider.post("/api/v1/apis", body).await.is(201).str("id")
}

#[tokio::test]
async fn tags_narrow_the_catalogue_and_count_only_what_the_caller_may_see() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let open = api(&story, "Open", "public", json!(["pets", "beta"])).await;
    let inner = api(&story, "Inner", "registered", json!(["pets"])).await;
    let secret = api(&story, "Secret", "private", json!(["pets", "secret"])).await;
    let counts = async |who: &Actor| {
        let list = who.get("/api/v1/tags").await.is(200);
        list.items().iter().map(|it| format!("{} {}", it["tag"].as_str().unwrap(), it["apis"])).collect::<Vec<_>>()
    };
    assert_eq!(counts(&app.nobody()).await, ["beta 1", "pets 1"]);
    assert_eq!(counts(&story.consumer).await, ["beta 1", "pets 2"]);
    assert_eq!(counts(&story.provider).await, ["beta 1", "pets 3", "secret 1"]);
    assert_eq!(ids(&app.nobody(), "/api/v1/apis?tag=pets").await, only(&[&open]));
    assert_eq!(ids(&story.consumer, "/api/v1/apis?tag=pets").await, only(&[&open, &inner]));
    app.settle().await;
    assert_eq!(ids(&story.provider, "/api/v1/apis?tag=pets&q=Secret").await, only(&[&secret]));
    assert_eq!(ids(&story.consumer, "/api/v1/apis?tag=secret").await, only(&[]));
    // One page after the other.
    let first = story.provider.get("/api/v1/tags?limit=2").await.is(200);
    assert_eq!((first.items().len(), &first["next"]), (2, &json!("pets")));
    let rest = story.provider.get("/api/v1/tags?after=pets").await.is(200);
    assert_eq!(rest["items"], json!([{"tag": "secret", "apis": 1}]));
    // Tags are replaced as a whole, and by those who may change the API.
    let path = format!("/api/v1/apis/{open}");
    let edited = story.provider.patch(&path, json!({"tags": ["new", "new"]})).await.is(200);
    assert_eq!(edited["tags"], json!(["new"]));
    assert_eq!(story.consumer.get(&path).await.is(200)["tags"], json!(["new"]));
    story.consumer.patch(&path, json!({"tags": ["mine"]})).await.problem(403, "forbidden");
    for odd in [json!(["Upper"]), json!(["<script>"]), json!(vec!["x"; 21])] {
        story.provider.patch(&path, json!({"tags": odd})).await.problem(422, "invalid");
    }
}

/// C31
#[tokio::test]
async fn an_api_group_holds_any_number_of_apis_of_its_own_organization() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let body = json!({"organization": story.provider_organization, "name": "Animals", "description": "Of all kinds"});
    let made = story.provider.post("/api/v1/api_groups", body.clone()).await.is(201);
    assert_eq!((&made["apis"], &made["name"]), (&json!([]), &json!("Animals")), "an empty group is valid");
    let path = format!("/api/v1/api_groups/{}", made.str("id"));
    assert_eq!(made.header("location"), path);
    story.provider.post("/api/v1/api_groups", body).await.problem(409, "exists");
    // Empty, it is for its organization alone.
    story.consumer.get(&path).await.problem(404, "not-found");
    let public = api(&story, "Birds", "public", json!([])).await;
    let secret = api(&story, "Bats", "private", json!([])).await;
    for id in [&public, &secret] {
        story.provider.put(&format!("{path}/apis/{id}"), Value::Null).await.is(200);
    }
    let filter = format!("/api/v1/apis?group={}", made.str("id"));
    for (who, expected) in [
        (&app.nobody(), only(&[&public])),
        (&story.consumer, only(&[&public])),
        (&story.provider, only(&[&public, &secret])),
    ] {
        let shown = who.get(&path).await.is(200);
        let apis = shown["apis"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned());
        assert_eq!(apis.collect::<BTreeSet<_>>(), expected);
        assert_eq!(ids(who, &filter).await, expected);
        assert_eq!(ids(who, "/api/v1/api_groups").await, only(&[&made.str("id")]));
    }
    let groups = story.consumer.get(&format!("/api/v1/apis/{public}")).await.is(200);
    assert_eq!(groups["groups"][0]["name"], "Animals");
    assert_eq!(ids(&story.consumer, &format!("/api/v1/api_groups?api={secret}")).await, only(&[]));
    // Both boards tell it.
    let board = story.provider.get(&format!("/api/v1/apis/{public}/board")).await.is(200);
    assert_eq!(board.items()[0]["verb"], "api_group.api_added", "{}", board.text());
    story.provider.delete(&format!("{path}/apis/{public}")).await.is(200);
    story.provider.delete(&format!("{path}/apis/{public}")).await.problem(404, "not-found");
    assert_eq!(ids(&story.provider, &filter).await, only(&[&secret]));
    story.consumer.get(&path).await.problem(404, "not-found");
    story.provider.delete(&path).await.is(200);
    story.provider.get(&format!("/api/v1/apis/{secret}")).await.is(200);
}

/// C31
#[tokio::test]
async fn a_group_is_written_by_those_who_provide_its_apis_and_takes_no_others() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let group = async |who: &Actor, organization: &str| {
        let body = json!({"organization": organization, "name": "Group"});
        who.post("/api/v1/api_groups", body).await.is(201).str("id")
    };
    let (own, other) = (
        group(&story.provider, &story.provider_organization).await,
        group(&story.consumer, &story.consumer_organization).await,
    );
    let (own, other) = (format!("/api/v1/api_groups/{own}"), format!("/api/v1/api_groups/{other}"));
    // An API of somebody else cannot be taken, and a group of somebody else does not exist.
    story.consumer.put(&format!("{other}/apis/{}", story.api), Value::Null).await.problem(422, "invalid");
    story.provider.put(&format!("{other}/apis/{}", story.api), Value::Null).await.problem(404, "not-found");
    story.provider.put(&format!("{own}/apis/{}", story.api), Value::Null).await.is(200);
    for (method, path, body) in [
        (http::Method::PATCH, own.clone(), json!({"name": "Mine"})),
        (http::Method::DELETE, own.clone(), Value::Null),
        (http::Method::DELETE, format!("{own}/apis/{}", story.api), Value::Null),
    ] {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let reply = story.consumer.send(method, &path, Some("application/json"), text.into()).await;
        reply.problem(403, "forbidden");
    }
    let moved = json!({"organization": story.consumer_organization});
    story.provider.patch(&own, moved).await.problem(422, "invalid");
    let foreign = json!({"organization": story.provider_organization, "name": "Theirs"});
    story.consumer.post("/api/v1/api_groups", foreign).await.problem(422, "invalid");
    let hidden = api(&story, "Hidden", "private", json!([])).await;
    story.consumer.put(&format!("{other}/apis/{hidden}"), Value::Null).await.problem(404, "not-found");
}

#[tokio::test]
async fn documentation_is_markdown_that_never_becomes_markup() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let pages = format!("/api/v1/apis/{}/pages", story.api);
    let text =
        "# Hello\n\n<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[go](javascript:alert(1)) **now**";
    let made = story.provider.post(&pages, json!({"title": "Getting started", "text": text})).await.is(201);
    assert_eq!((&made["slug"], &made["text"]), (&json!("getting-started"), &json!(text)));
    let path = format!("{pages}/getting-started");
    let read = story.consumer.get(&path).await.is(200);
    assert!(read["text"].is_null(), "only those who may change it see how it was written");
    let blocks = read["blocks"].to_string();
    assert!(!blocks.contains("javascript:"), "{blocks}");
    assert!(blocks.contains("Hello") && blocks.contains("now"), "{blocks}");
    let preview = story.consumer.post("/api/v1/markdown", json!({"text": text})).await.is(200);
    assert_eq!(preview["blocks"], read["blocks"]);
    story.consumer.patch(&path, json!({"text": "Mine"})).await.problem(403, "forbidden");
    story.provider.patch(&path, json!({"slug": "else"})).await.problem(422, "invalid");
    story.provider.post(&pages, json!({"title": "X", "slug": "getting-started"})).await.problem(409, "exists");
    for (body, pointer) in [
        (json!({"title": " "}), "/title"),
        (json!({"title": "X", "position": -1}), "/position"),
        (json!({"title": "X", "slug": "../x"}), "/slug"),
        (json!({"title": "X", "text": "x".repeat(256 * 1024 + 1)}), "/text"),
        (json!({"title": "X", "text": "bell\u{7}"}), "/text"),
    ] {
        let refused = story.provider.post(&pages, body).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    let long = json!({"title": "Long", "text": "\u{e9} ".repeat(85_000), "position": 0});
    story.provider.post(&pages, long).await.is(201);
    let order = async || {
        let list = story.consumer.get(&pages).await.is(200);
        list.items().iter().map(|it| it["slug"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    story.provider.patch(&path, json!({"position": 5})).await.is(200);
    assert_eq!(order().await, ["long", "getting-started"]);
    story.provider.patch(&format!("{pages}/long"), json!({"position": 9})).await.is(200);
    assert_eq!(order().await, ["getting-started", "long"]);
    story.provider.delete(&format!("{pages}/long")).await.is(200);
    story.consumer.get(&format!("{pages}/long")).await.problem(404, "not-found");
    // Who may not see the API does not see its pages either.
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), json!({"visibility": "private"})).await.is(200);
    for path in [&pages, &path] {
        story.consumer.get(path).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn apis_are_found_by_tags_documentation_and_operations_of_what_is_published() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let path = format!("/api/v1/apis/{}", story.api);
    story.provider.patch(&path, json!({"tags": ["menagerie"], "visibility": "registered"})).await.is(200);
    let page = json!({"title": "Feeding", "text": "Give the **walrus** its herring."});
    story.provider.post(&format!("{path}/pages"), page).await.is(201);
    let draft = json!({"openapi": "3.1.0", "info": {"title": "Drafts", "version": "9"},
                       "paths": {"/x": {"get": {"summary": "Unicorn husbandry", "responses": {"200": {"description": "ok"}}}}}});
    story.provider.post(&format!("{path}/versions?name=v9"), draft.clone()).await.is(201);
    let found = async |who: &Actor, word: &str| {
        let hits = who.get(&format!("/api/v1/search?q={word}")).await.is(200);
        assert_eq!(ids(who, &format!("/api/v1/apis?q={word}")).await.len(), hits.items().len(), "{word}");
        hits.items().iter().any(|hit| hit["id"] == story.api.as_str())
    };
    app.settle().await;
    for word in ["menag", "feeding", "walrus", "herring"] {
        assert!(found(&story.consumer, word).await, "{word}");
    }
    assert!(!found(&story.provider, "unicorn").await, "what is published nowhere is not found by its operations");
    story.provider.patch(&format!("{path}/pages/feeding"), json!({"text": "Nothing."})).await.is(200);
    story.provider.patch(&path, json!({"tags": []})).await.is(200);
    app.settle().await;
    for word in ["menag", "walrus"] {
        assert!(!found(&story.consumer, word).await, "{word} is gone");
    }
    assert!(found(&story.consumer, "feeding").await);
    story.provider.patch(&path, json!({"visibility": "private"})).await.is(200);
    assert!(!found(&story.consumer, "feeding").await, "what one may not see is absent");
    assert!(found(&story.provider, "feeding").await);
}

#[tokio::test]
async fn a_site_administrator_finds_people_by_name_with_their_roles() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let admin = app.admin().await;
    admin.put(&format!("/api/v1/users/{}/roles/designer", story.provider.id), Value::Null).await.is(200);
    story.provider.patch("/api/v1/me", json!({"display_name": "Quentin Provider"})).await.is(200);
    app.settle().await;
    let found = admin.get("/api/v1/people?q=quentin").await.is(200);
    assert_eq!(found.items().len(), 1, "{}", found.text());
    assert_eq!(found.items()[0]["id"], story.provider.id.as_str());
    assert_eq!(found.items()[0]["roles"][0]["role"], "designer");
    assert_eq!(found.items()[0]["roles"][0]["granted_by"]["id"], admin.id.as_str());
    let all = admin.get("/api/v1/people?limit=2").await.is(200);
    assert_eq!(all.items().len(), 2);
    let rest = admin.get(&format!("/api/v1/people?after={}", all["next"].as_str().unwrap())).await.is(200);
    assert!(all.items().iter().chain(rest.items()).all(|it| it["kind"] == "human"));
    assert!(rest.items().iter().all(|it| it["id"] != all.items()[0]["id"]));
    story.provider.get("/api/v1/people").await.problem(403, "forbidden");
}
