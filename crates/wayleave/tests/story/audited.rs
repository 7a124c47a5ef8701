//! What the trail keeps of every write: what was before it, and what is after.

use crate::surface;
use crate::world::World;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use testkit::TestApp;

/// The last word of what makes something: there was nothing before it.
const MAKES: [&str; 6] = ["created", "registered", "added", "uploaded", "requested", "invited"];

/// The last word of what ends something for good: there is nothing after it.
const ENDS: [&str; 2] = ["deleted", "removed"];

/// These change nothing that could be compared, and so say neither; and why.
const SAYS_NEITHER: [(&str, &str); 5] = [
    ("mail.tested", "a mail is sent, and nothing else is another"),
    ("subscription.commented", "what was said is the note"),
    ("task.commented", "what was said is the note"),
    ("user.password_changed", "both are secrets"),
    ("webhook.tested", "an event is sent, and nothing else is another"),
];

/// There is none of it: no value, or no membership.
fn nothing(value: &Value) -> bool {
    value.is_null() || *value == json!(false)
}

/// What is wrong with what an entry says of before and after.
fn fault(entry: &Value) -> Option<&'static str> {
    let verb = entry["verb"].as_str().expect("a verb");
    let last = verb.rsplit(['.', '_']).next().expect("a word");
    let detail = &entry["detail"];
    let (before, after) = (&detail["before"], &detail["after"]);
    let said = |key| detail.get(key).is_some();
    if SAYS_NEITHER.iter().any(|(exempt, _)| *exempt == verb) {
        return (said("before") || said("after")).then_some("is listed as saying neither, and says one");
    }
    match last {
        _ if MAKES.contains(&last) => (!nothing(before) || nothing(after)).then_some("makes: it has an after only"),
        _ if ENDS.contains(&last) => (nothing(before) || !nothing(after)).then_some("ends: it has a before only"),
        _ if !said("before") || !said("after") => Some("changes: it has both"),
        _ => (before == after).then_some("says that nothing changed"),
    }
}

/// The whole trail, oldest first.
async fn trail(world: &World) -> Vec<Value> {
    let (mut entries, mut after) = (Vec::new(), String::new());
    loop {
        let page = world.admin.get(&format!("/api/v1/trail?limit=200&after={after}")).await.is(200);
        entries.extend(page.items().iter().cloned());
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => return entries,
        }
    }
}

/// What answers to people write beside what they were asked for: a decision is read, the terms are declined.
async fn answers(world: &World) {
    let (s, c) = (&world.story, &world.story.consumer);
    let app = json!({"organization": s.consumer_organization, "name": "Third"});
    let app = c.post("/api/v1/apps", app).await.is(201).str("id");
    let request = |answer: &str| {
        json!({"apps": [app], "api": s.api, "environment": "sandbox", "plan": s.guarded_plan,
               "agreement": {"agreement": world.ids["agreements"], "answer": answer}})
    };
    c.post("/api/v1/subscriptions", request("declined")).await.problem(422, "invalid");
    let asked = c.post("/api/v1/subscriptions", request("accepted")).await.is(201);
    let asked = format!("/api/v1/subscriptions/{}", asked["items"][0]["id"].as_str().expect("an id"));
    s.provider.post(&format!("{asked}/reject"), json!({"comment": "No"})).await.is(200);
    c.post(&format!("{asked}/read"), json!({})).await.is(200);
}

/// X07
#[tokio::test]
async fn every_entry_says_what_was_before_and_what_is_after() {
    let world = World::make().await;
    surface::everything(&world).await;
    answers(&world).await;
    let entries = trail(&world).await;
    let mut wrong = BTreeMap::new();
    for entry in &entries {
        assert!(entry["actor"]["kind"].is_string() && entry["at"].is_string(), "who and when: {entry}");
        if let Some(fault) = fault(entry) {
            wrong.insert(format!("{} {fault}", entry["verb"]), entry["detail"].to_string());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let gone: Vec<&Value> =
        entries.iter().filter(|entry| entry["verb"].as_str().is_some_and(|verb| verb.ends_with(".deleted"))).collect();
    let nameless: Vec<_> = gone.iter().filter(|entry| entry["subject"]["name"].is_null()).collect();
    assert!(gone.len() > 5 && nameless.is_empty(), "what was it called? {nameless:?}");
    let verbs: BTreeSet<&str> = entries.iter().filter_map(|e| e["verb"].as_str()).collect();
    for (verb, _) in SAYS_NEITHER {
        assert!(verbs.contains(verb), "{verb} is listed, and nobody has written it");
    }
    for word in MAKES.iter().chain(&ENDS) {
        assert!(verbs.iter().any(|verb| verb.ends_with(word)), "{word} is listed, and nobody has written it");
    }
    for answer in ["agreement.declined", "subscription.read", "subscription.modified", "version.unpublished"] {
        assert!(verbs.contains(answer), "nobody has written {answer}");
    }
}

/// X07
#[tokio::test]
async fn what_ends_with_a_password_is_in_the_trail_too() {
    let app = TestApp::start().await;
    let person = app.person("forgetful").await;
    let token = person.post("/api/v1/me/tokens", json!({"name": "script"})).await.is(201).str("id");
    let password = json!({"old_password": "a long enough phrase", "password": "another long phrase"});
    person.post("/api/v1/me/password", password).await.is(200);
    let path = format!("/api/v1/trail?verb=user.token_revoked&actor={}", person.id);
    let found = app.admin().await.get(&path).await.is(200);
    let ended = found.items().iter().find(|entry| entry["detail"]["token"] == token.as_str());
    let detail = &ended.unwrap_or_else(|| panic!("{}", found.text()))["detail"];
    assert_eq!((&detail["before"]["name"], &detail["after"]), (&json!("script"), &Value::Null));
}
