//! The audit trail: who did what to what, when, from where; found, exported and verified.

use crate::world::World;
use serde_json::{Value, json};
use testkit::{Actor, Reply, Story, TestApp};

async fn trail(who: &Actor, query: &str) -> Reply {
    who.get(&format!("/api/v1/trail?{query}")).await.is(200)
}

fn verbs(reply: &Reply) -> Vec<&str> {
    reply.items().iter().map(|entry| entry["verb"].as_str().expect("a verb")).collect()
}

fn numbers(reply: &Reply) -> Vec<i64> {
    reply.items().iter().map(|entry| entry["seq"].as_i64().expect("a number")).collect()
}

/// X07
#[tokio::test]
async fn an_entry_says_who_what_when_from_where_and_what_was_before() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let consumer = story.consumer.with("user-agent", "curl/8.1 \u{9}test");
    let path = format!("/api/v1/apps/{}", story.app);
    let before = consumer.get(&path).await.is(200).str("name");
    let edited = consumer.patch(&path, json!({"name": "Renamed"})).await.is(200);
    let request = edited.header("x-request-id").to_owned();
    let found = trail(&admin, &format!("request={request}")).await;
    let [entry] = found.items() else { panic!("{}", found.text()) };
    assert_eq!((&entry["verb"], &entry["actor"]["id"]), (&json!("app.edited"), &json!(story.consumer.id)));
    assert_eq!(entry["at"], app.clock.now().to_string());
    assert_eq!(
        (&entry["detail"]["before"]["name"], &entry["detail"]["after"]["name"]),
        (&json!(before), &json!("Renamed"))
    );
    assert_eq!(
        (&entry["origin"]["address"], &entry["origin"]["agent"]),
        (&json!("127.0.0.1"), &json!("curl/8.1 test"))
    );
    assert!(entry["origin"]["token"].as_str().is_some_and(|token| token.starts_with("pat_")), "{entry}");
    assert_eq!((&entry["verified"], &entry["whole"]), (&json!(true), &json!(true)));
    assert_eq!(entry["before"], trail(&admin, &format!("after={}&limit=1", entry["seq"])).await.items()[0]["hash"]);
}

/// X07
#[tokio::test]
async fn the_trail_is_searched_by_actor_verb_resource_time_words_and_both_ways() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let early = app.clock.now();
    app.clock.advance_seconds(3600);
    let subscription = story.requested().await;
    let comment = format!("/api/v1/subscriptions/{subscription}/comments");
    story.provider.post(&comment, json!({"comment": "Wofür braucht ihr das? ÄRGER"})).await.is(200);
    app.clock.advance_seconds(3600);
    story.act(&story.provider, &subscription, "approve").await.is(200);
    let by = |verb: &str| format!("verb={verb}&limit=200");
    let all = trail(&admin, &by("subscription.")).await;
    assert!(verbs(&all).contains(&"subscription.commented") && verbs(&all).contains(&"subscription.approved"));
    assert!(verbs(&all).iter().all(|verb| verb.starts_with("subscription.")));
    assert_eq!(verbs(&trail(&admin, &by("subscription.approved")).await), ["subscription.approved"]);
    assert_eq!(verbs(&trail(&admin, "text=%C3%A4rger").await), ["subscription.commented"]);
    assert!(trail(&admin, "text=nobody-said-this").await.items().is_empty());
    let provider = trail(&admin, &format!("actor={}&id={subscription}&kind=subscription", story.provider.id)).await;
    assert_eq!(verbs(&provider).last(), Some(&"subscription.commented"));
    let touched = trail(&admin, &format!("id={}&verb=subscription.", story.app)).await;
    assert_eq!(verbs(&touched).len(), verbs(&all).len(), "the app is touched by each");
    let subject = trail(&admin, &format!("id={}&subject_only=true", story.app)).await;
    assert_eq!(verbs(&subject), ["app.created"]);
    let from = early.plus_seconds(1);
    let later = trail(&admin, &format!("since={from}&limit=200")).await;
    let sooner = trail(&admin, &format!("until={from}&limit=200")).await;
    let whole = trail(&admin, "limit=200").await;
    assert_eq!(later.items().len() + sooner.items().len(), whole.items().len());
    assert!(
        later.items().len() >= 3 && verbs(&later).iter().all(|verb| !verb.starts_with("app.")),
        "{:?}",
        verbs(&later)
    );
    // Page by page, newest first and oldest first: the same entries.
    let mut ways = Vec::new();
    for order in ["newest", "oldest"] {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = trail(&admin, &format!("order={order}&limit=7&after={after}")).await;
            seen.extend(numbers(&page));
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut after),
                None => break,
            }
        }
        ways.push(seen);
    }
    ways[1].reverse();
    assert_eq!(ways[0], ways[1]);
    assert_eq!(ways[0], numbers(&whole));
    let wrong = admin.get("/api/v1/trail?kind=x&actor=y&after=z").await.problem(422, "invalid");
    let named: Vec<&Value> = wrong["errors"].as_array().expect("all").iter().map(|e| &e["pointer"]).collect();
    assert_eq!(named, ["kind", "actor", "after"]);
}

/// X06 X07
#[tokio::test]
async fn an_organization_sees_what_is_about_its_own_resources_and_no_more() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let subscription = story.requested().await;
    app.settle().await;
    let task = story.provider.get("/api/v1/tasks").await.is(200).items()[0]["id"].as_str().expect("one").to_owned();
    let comment = format!("/api/v1/tasks/{task}/comments");
    story.provider.post(&comment, json!({"comment": "Do we want them?"})).await.is(200);
    let of = |organization: &str, more: &str| format!("organization={organization}&limit=200{more}");
    let (consumer, provider) = (&story.consumer_organization, &story.provider_organization);
    let own = trail(&story.consumer, &of(consumer, "")).await;
    let theirs = trail(&story.provider, &of(provider, "")).await;
    let request = |reply: &Reply| reply.items().iter().find(|e| e["verb"] == "subscription.requested").cloned();
    let (mine, whole) = (request(&own).expect("seen"), request(&theirs).expect("seen"));
    assert_eq!((&mine["whole"], &whole["whole"]), (&json!(false), &json!(true)));
    assert!(mine["touches"].as_array().expect("a list").iter().all(|t| t["kind"] != "task"), "{mine}");
    assert!(verbs(&own).contains(&"client.created") && !verbs(&own).contains(&"api.created"));
    assert!(verbs(&theirs).contains(&"task.commented") && !verbs(&own).contains(&"task.commented"));
    assert!(!verbs(&theirs).contains(&"app.created"));
    // Where somebody else sits is not theirs to know.
    assert!(mine["origin"]["address"].is_string(), "one's own: {mine}");
    assert!(whole.get("origin").is_none(), "{whole}");
    assert!(request(&trail(&admin, &of(provider, "")).await).expect("seen")["origin"]["address"].is_string());
    // A resource of somebody else is as if there were none.
    let foreign = trail(&story.consumer, &of(consumer, &format!("&id={}", story.client))).await;
    assert!(!foreign.items().is_empty());
    let unseen = trail(&story.provider, &of(provider, &format!("&id={}", story.client))).await;
    assert!(unseen.items().is_empty(), "{}", unseen.text());
    let stranger = app.person("stranger").await;
    for who in [&story.provider, &stranger] {
        let refused = who.get(&format!("/api/v1/trail?organization={consumer}")).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["code"], "not_found");
        who.get(&format!("/api/v1/trail/export?organization={consumer}")).await.problem(422, "invalid");
        who.get("/api/v1/trail").await.problem(403, "forbidden");
        who.get("/api/v1/trail/export").await.problem(403, "forbidden");
    }
    let reader = format!("/api/v1/organizations/{consumer}/members/{}", stranger.id);
    story.consumer.put(&reader, json!({"role": "READ_ONLY"})).await.is(200);
    stranger.get(&format!("/api/v1/trail?organization={consumer}")).await.problem(403, "forbidden");
    assert!(verbs(&trail(&story.consumer, &of(consumer, &format!("&id={subscription}"))).await).len() == 1);
}

/// The names that a trail gives to one thing, of each of its entries that names it, in the order of the list.
fn names_of<'a>(reply: &'a Reply, id: &str) -> Vec<Option<&'a str>> {
    let touched = |entry: &'a Value| entry["touches"].as_array().into_iter().flatten();
    let named = reply.items().iter().flat_map(|entry| touched(entry).chain([&entry["subject"]]));
    named.filter(|one| one["id"] == id).map(|one| one["name"].as_str()).collect()
}

/// The first entry with this verb.
fn first<'a>(reply: &'a Reply, verb: &str) -> &'a Value {
    reply.items().iter().find(|entry| entry["verb"] == verb).unwrap_or_else(|| panic!("{verb}: {}", reply.text()))
}

/// X07
#[tokio::test]
async fn what_is_gone_is_called_as_it_was_last_and_a_version_by_its_api_too() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    story.subscribed().await;
    let shop = format!("/api/v1/apps/{}", story.app);
    story.consumer.patch(&shop, json!({"name": "Shop two"})).await.is(200);
    let alive = trail(&admin, "limit=200").await;
    assert!(first(&alive, "app.created").get("gone").is_none());
    story.consumer.delete(&shop).await.is(200);
    story.provider.delete(&format!("/api/v1/apis/{}", story.api)).await.is(200);
    let all = trail(&admin, "limit=200").await;
    for (id, name) in
        [(&story.app, "Shop two"), (&story.client, "Shop backend"), (&story.api, "Pets"), (&story.version, "v1")]
    {
        let names = names_of(&all, id);
        assert!(names.len() > 1 && names.iter().all(|given| *given == Some(name)), "{name}: {names:?}");
    }
    let (made, gone) = (first(&all, "app.created"), first(&all, "app.deleted"));
    assert!([made, gone].iter().all(|entry| entry["gone"] == json!([story.app])), "{made} {gone}");
    assert_eq!(first(&all, "subscription.cancelled")["subject"]["name"], "Shop two > Pets");
    let hint = first(&all, "credential.deleted")["subject"]["name"].as_str().expect("a hint");
    assert!(story.key.ends_with(hint) || story.secret.ends_with(hint), "{hint}");
    // Each entry about a version names its API, also when both are gone.
    let versions: Vec<&Value> = all.items().iter().filter(|entry| entry["subject"]["kind"] == "version").collect();
    let of_pets = |entry: &&&Value| {
        let touched = entry["touches"].as_array().expect("a list");
        touched.iter().any(|one| one["kind"] == "api" && one["name"] == "Pets")
    };
    assert!(versions.len() > 2 && versions.iter().all(|entry| of_pets(&entry)), "{versions:?}");
}

/// X06 X07
#[tokio::test]
async fn a_last_name_comes_from_no_entry_outside_of_the_organizations_trail() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    story.subscribed().await;
    story.consumer.delete(&format!("/api/v1/apps/{}", story.app)).await.is(200);
    story.provider.delete(&format!("/api/v1/apis/{}", story.api)).await.is(200);
    let of = |organization: &str| format!("organization={organization}&limit=200");
    let own = trail(&story.consumer, &of(&story.consumer_organization)).await;
    let theirs = trail(&story.provider, &of(&story.provider_organization)).await;
    let only = |reply: &Reply, id: &str, name: Option<&str>| {
        let names = names_of(reply, id);
        assert!(!names.is_empty() && names.iter().all(|given| *given == name), "{name:?}: {names:?}");
    };
    only(&own, &story.app, Some("Shop"));
    only(&own, &story.api, None);
    only(&theirs, &story.api, Some("Pets"));
    only(&theirs, &story.app, None);
    let cancelled = first(&own, "subscription.cancelled");
    assert!(cancelled["subject"].get("name").is_none(), "{cancelled}");
    assert!(cancelled["gone"].as_array().is_some_and(|gone| gone.contains(&json!(story.api))), "{cancelled}");
    // Whoever sees everything has a name for it in each organization's trail.
    only(&trail(&admin, &of(&story.provider_organization)).await, &story.app, Some("Shop"));
}

/// X07
#[tokio::test]
async fn an_export_is_verified_without_the_server_and_tells_what_was_altered() {
    let world = World::make().await;
    let (admin, story) = (&world.admin, &world.story);
    let file = world.app.folder.path().join("trail");
    let verify = |text: &str, head: Option<(i64, String)>| {
        std::fs::write(&file, text).expect("a file");
        wayleave::trail::verify_file(&file, head)
    };
    let seen = admin.get("/api/v1/trail/verification").await.is(200);
    let head = (seen["head"].as_i64().expect("a number"), seen.str("hash"));
    for (format, media) in [("jsonl", "application/jsonl"), ("csv", "text/csv; charset=utf-8")] {
        let export = admin.get(&format!("/api/v1/trail/export?format={format}")).await.is(200);
        assert_eq!(export.header("content-type"), media);
        assert!(export.header("content-disposition").contains(&format!("trail.{format}")));
        let text = export.text();
        let verdict = verify(&text, Some(head.clone())).expect("readable");
        assert!(verdict.intact && verdict.words.contains(&format!("{}:{}", head.0, head.1)), "{}", verdict.words);
        assert!(!verdict.words.contains("not exported"), "{}", verdict.words);
        let altered = text.replacen("app.created", "app.deleted", 1);
        let verdict = verify(&altered, None).expect("readable");
        assert!(!verdict.intact && verdict.words.starts_with("broken at entry"), "{}", verdict.words);
        let other = (head.0, "0".repeat(64));
        assert!(!verify(&text, Some(other)).expect("readable").intact, "another head");
        // Any entry whose hash was written down holds the file to it.
        let early = (1, "0".repeat(64));
        assert!(!verify(&text, Some(early)).expect("readable").intact, "another first entry");
        let cut: String =
            text.lines().rev().skip(1).collect::<Vec<_>>().into_iter().rev().map(|l| format!("{l}\n")).collect();
        let verdict = verify(&cut, Some(head.clone())).expect("readable");
        assert!(!verdict.intact && verdict.words.contains("is not in the file"), "{}", verdict.words);
        let part = admin
            .get(&format!("/api/v1/trail/export?format={format}&actor={}", story.consumer.id))
            .await
            .is(200)
            .text();
        let verdict = verify(&part, None).expect("readable");
        assert!(verdict.intact && verdict.words.contains("not exported"), "{}", verdict.words);
        let own = format!("/api/v1/trail/export?format={format}&organization={}", story.consumer_organization);
        let verdict = verify(&story.consumer.get(&own).await.is(200).text(), None).expect("readable");
        assert!(verdict.intact && verdict.words.contains("shown in part"), "{}", verdict.words);
    }
    assert!(verify("nothing of the kind", None).is_err());
}

/// X07
#[tokio::test]
async fn what_is_altered_in_the_database_is_named_by_its_number() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    story.subscribed().await;
    let db = &app.server().platform.db;
    let alter = async |text: &'static str| {
        db.quiet_batch(store::Quiet::ExpiredSwept, vec![store::sql(text)]).await.expect("written");
        store::log::verify(db).await.expect("read").broken.map(|broken| broken.seq)
    };
    assert_eq!(alter("UPDATE changes SET note = note WHERE seq = 5").await, None);
    alter(
        "UPDATE change_origins SET address = '192.0.2.9' WHERE request = (SELECT request FROM changes WHERE seq = 9)",
    )
    .await
    .expect("the address is not what the name of the request was made of");
    assert_eq!(alter("DELETE FROM change_origins").await, None, "what is forgotten breaks nothing");
    assert!(trail(&admin, "limit=1").await.items()[0].get("origin").is_none());
    assert_eq!(alter("UPDATE changes SET detail = '{}' WHERE seq = 7").await, Some(7));
    let shown = trail(&admin, "order=oldest&after=6&limit=2").await;
    assert_eq!((&shown.items()[0]["verified"], &shown.items()[1]["verified"]), (&json!(false), &json!(true)));
}
