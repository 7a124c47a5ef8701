//! People and their addresses: proving one, and coming into an organization by it.

use serde_json::json;
use testkit::{Actor, Reply, TestApp};

/// The token of the link that is sent to this person now, as the mail would carry it.
pub async fn token_of(app: &TestApp, who: &Actor) -> String {
    let platform = &app.server().platform;
    let id = base::id::Id::parse(&who.id).expect("an id of a user");
    let cx = platform::Cx::system(platform);
    let user = platform::user::find(&mut cx.read().await.unwrap(), &id).await.unwrap().expect("there is such a user");
    let link = platform::user::verification_link(platform, &user, cx.now);
    link.reveal().split_once("token=").expect("a token").1.to_owned()
}

async fn confirm(who: &Actor, token: &str) -> Reply {
    who.post("/api/v1/me/verification/confirm", json!({"token": token})).await
}

async fn verified(who: &Actor) -> bool {
    who.get("/api/v1/me").await.is(200)["email_verified"].as_bool().expect("one knows it of oneself")
}

/// C79
#[tokio::test]
async fn an_address_is_proven_by_its_own_link_before_it_ends_and_by_nobody_else() {
    let app = TestApp::start().await;
    let (owner, other) = (app.unproven_person("owner").await, app.unproven_person("other").await);
    let token = token_of(&app, &owner).await;
    assert!(!verified(&owner).await);
    app.nobody().post("/api/v1/me/verification/confirm", json!({"token": token})).await.problem(401, "unauthenticated");
    confirm(&other, &token).await.problem(403, "forbidden");
    let (front, proof) = token.rsplit_once('.').unwrap();
    let (user, until) = front.split_once('.').unwrap();
    let later = until.parse::<i64>().unwrap() + 1;
    for forged in [
        format!("{user}.{later}.{proof}"),
        format!("{user}.{until}.{}", "0".repeat(64)),
        format!("{user}.{until}.{proof}."),
        format!("{user}.{until}"),
        format!("{user}.-1.{proof}"),
        String::new(),
        "x".repeat(5_000),
    ] {
        let reply = confirm(&owner, &forged).await;
        assert_eq!(reply["errors"][0]["pointer"], "/token", "{forged}: {}", reply.text());
        reply.problem(422, "invalid");
    }
    assert!(!verified(&owner).await);
    // An address that has changed is not proven by the link to the old one.
    owner.patch("/api/v1/me", json!({"email": "new@example.com"})).await.is(200);
    confirm(&owner, &token).await.problem(422, "invalid");
    let token = token_of(&app, &owner).await;
    app.clock.advance_seconds(86_400);
    confirm(&owner, &token).await.problem(422, "invalid");
    let token = token_of(&app, &owner).await;
    assert_eq!(confirm(&owner, &token).await.is(200)["email_verified"], true);
    // Once more it changes nothing and says the same.
    let head = *app.server().platform.db.head().borrow();
    confirm(&owner, &token).await.is(200);
    assert_eq!(*app.server().platform.db.head().borrow(), head);
    // What is proven goes with the address.
    owner.patch("/api/v1/me", json!({"email": "NEW@example.com"})).await.is(200);
    assert!(verified(&owner).await, "the same address in another case");
    owner.patch("/api/v1/me", json!({"email": "newest@example.com"})).await.is(200);
    assert!(!verified(&owner).await);
}

/// C79
#[tokio::test]
async fn one_address_is_proven_by_one_account_and_a_site_administrator_can_vouch_for_it() {
    let app = TestApp::start().await;
    let (first, second, admin) =
        (app.unproven_person("first").await, app.unproven_person("second").await, app.admin().await);
    for who in [&first, &second] {
        who.patch("/api/v1/me", json!({"email": "shared@example.com"})).await.is(200);
    }
    let path = format!("/api/v1/users/{}/verify", first.id);
    second.post(&path, json!({})).await.problem(403, "forbidden");
    assert_eq!(admin.post(&path, json!({})).await.is(200)["email_verified"], true);
    let token = token_of(&app, &second).await;
    let taken = confirm(&second, &token).await.problem(409, "exists");
    assert_eq!(taken["errors"][0]["pointer"], "/email");
    assert!(!verified(&second).await);
    let none = format!("/api/v1/users/{}/verify", admin.id);
    admin.post(&none, json!({})).await.problem(409, "wrong-state");
}

/// C79
#[tokio::test]
async fn a_link_is_asked_for_again_but_not_in_a_flood_and_the_log_never_has_it() {
    let app = TestApp::start().await;
    let person = app.unproven_person("person").await;
    let soon = person.post("/api/v1/me/verification", json!({})).await.problem(429, "slow-down");
    assert_eq!(soon["retry_after_seconds"], 120);
    // Changing the address to and fro asks for no more mail either.
    let asked = async || {
        let path = "/api/v1/me/dashboard?verb=user.verification_requested";
        person.get(path).await.is(200).items().len()
    };
    person.patch("/api/v1/me", json!({"email": "a@example.com"})).await.is(200);
    assert_eq!(asked().await, 1);
    app.clock.advance_seconds(120);
    let again = person.post("/api/v1/me/verification", json!({})).await.is(200);
    assert_eq!((&again["email"], &again["sends_mail"]), (&json!("a@example.com"), &json!(false)));
    assert_eq!(asked().await, 2);
    let token = token_of(&app, &person).await;
    let proof = token.rsplit_once('.').unwrap().1;
    confirm(&person, &token).await.is(200);
    person.post("/api/v1/me/verification", json!({})).await.problem(409, "wrong-state");
    if let Some(bytes) = app.database_bytes() {
        assert!(!bytes.windows(proof.len()).any(|some| some == proof.as_bytes()), "the database has the proof");
    }
}
