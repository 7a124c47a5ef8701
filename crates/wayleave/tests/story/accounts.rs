//! A person's own account: name, address, password, and what the operator does for who lost theirs.

use serde_json::json;
use testkit::{Actor, Program, TestApp};

/// C66 C67
#[tokio::test]
async fn people_change_their_name_and_address_but_not_who_they_are() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let before = person.get("/api/v1/me").await.is(200);
    let body = json!({"display_name": "Somebody Else", "email": "else@example.com"});
    let after = person.patch("/api/v1/me", body).await.is(200);
    assert_eq!(after["display_name"], "Somebody Else");
    assert_eq!(after["email"], "else@example.com");
    assert_eq!(after["id"], before["id"]);
    assert_eq!(after["username"], before["username"]);
    for fixed in [json!({"id": "usr_0"}), json!({"username": "other"}), json!({"site_admin": true})] {
        person.patch("/api/v1/me", fixed).await.problem(422, "invalid");
    }
    let wrong = person.patch("/api/v1/me", json!({"email": "nowhere"})).await.problem(422, "invalid");
    assert_eq!(wrong["errors"][0]["pointer"], "/email");
    person.with("if-match", "\"1\"").patch("/api/v1/me", json!({})).await.problem(412, "stale");
}

async fn sign_in(who: &Actor, name: &str, password: &str) -> u16 {
    let body = json!({"username": name, "password": password});
    who.post("/api/v1/session", body).await.status.as_u16()
}

#[tokio::test]
async fn whoever_lost_a_password_gets_a_new_one_from_the_operator() {
    let database = testkit::database::fresh().await;
    let mut program = Program::new(env!("CARGO_BIN_EXE_wayleave"));
    if let store::DbUrl::Postgres(url) = database.url() {
        program.on_postgres(&url);
    }
    program.start().await;
    let text = std::fs::read_to_string(program.data().join("first-login.txt")).expect("the first log-in");
    let old = text.trim().split_once(' ').expect("name and password").1.to_owned();
    assert_eq!(sign_in(&program.nobody(), "admin", &old).await, 200);

    let ended = program.run(&["admin", "reset-password", "admin"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let new = ended.stdout.trim().split_once(' ').expect("name and password").1.to_owned();
    assert_eq!(sign_in(&program.nobody(), "admin", &old).await, 401);
    assert_eq!(sign_in(&program.nobody(), "admin", &new).await, 200);

    let ended = program.run(&["admin", "reset-password", "nobody-of-this-name"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("nobody-of-this-name"), "{}", ended.stderr);
    program.stop();
}
