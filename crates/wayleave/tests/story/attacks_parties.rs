//! Ways in which those who share an installation could harm one another, and that stay closed.

use serde_json::json;
use testkit::{Actor, Story, TestApp};

/// Founds an organization of this person's own; answers its id.
async fn found(who: &Actor, name: &str) -> String {
    who.post("/api/v1/organizations", json!({"name": name})).await.is(201).str("id")
}

/// X07
#[tokio::test]
async fn adding_somebody_to_ones_own_organization_tells_neither_their_address_nor_where_they_sit() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (admin, thief, victim) = (app.admin().await, app.person("thief").await, &story.provider);
    let trap = found(&thief, "Trap").await;
    let members = format!("/api/v1/organizations/{trap}/members");
    thief.put(&format!("{members}/{}", victim.id), json!({"role": "OWNER"})).await.is(200);
    let (address, own) = (format!("{}@example.com", victim.name), format!("{}@example.com", thief.name));

    let shown = thief.get(&members).await.is(200).text();
    assert!(shown.contains(&own) && !shown.contains(&address), "{shown}");
    assert!(admin.get(&members).await.is(200).text().contains(&address));
    assert!(victim.get(&members).await.is(200).text().contains(&address));
    // Nor is it found out letter by letter.
    let by_address = format!("{members}?q={}@", victim.name);
    assert!(thief.get(&by_address).await.is(200).items().is_empty());
    assert_eq!(admin.get(&by_address).await.is(200).items().len(), 1);

    victim.patch(&format!("/api/v1/organizations/{trap}"), json!({"description": "Lured"})).await.is(200);
    let trail = |verb: &str| format!("/api/v1/trail?organization={trap}&verb={verb}");
    let theirs = async |who: &Actor| who.get(&trail("organization.edited")).await.is(200).items()[0].clone();
    assert!(theirs(&thief).await.get("origin").is_none(), "{}", theirs(&thief).await);
    for allowed in [&admin, victim] {
        assert!(theirs(allowed).await["origin"]["address"].is_string(), "{}", theirs(allowed).await);
    }
    let mine = thief.get(&trail("organization.created")).await.is(200);
    assert!(mine.items()[0]["origin"]["address"].is_string(), "{}", mine.text());
    let export = thief.get(&format!("/api/v1/trail/export?organization={trap}")).await.is(200).text();
    let lines = export.lines().filter(|line| line.contains("organization.edited"));
    let found: Vec<&str> = lines.collect();
    assert!(found.len() == 1 && !found[0].contains("127.0.0.1"), "{found:?}");
}
