//! Browser sessions: how long they live, who sees and ends them, and when the password is asked for again.

use crate::browser::Browser;
use serde_json::json;
use testkit::{Actor, Story, TestApp};

const PASSWORD: &str = "a long enough phrase";

async fn signed_in(app: &TestApp, name: &str) -> Browser {
    let mut browser = Browser::new(app);
    browser.sign_in(name, PASSWORD).await;
    browser
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_when_it_is_old() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let idle = signed_in(&app, &person.name).await;
    app.clock.advance_seconds(30 * 60 - 1);
    let used = signed_in(&app, &person.name).await;
    idle.actor().get("/api/v1/me").await.is(200);
    app.clock.advance_seconds(30 * 60);
    idle.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
    used.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
    let busy = signed_in(&app, &person.name).await;
    for _ in 0..24 {
        app.clock.advance_seconds(29 * 60);
        busy.actor().get("/api/v1/me").await.is(200);
    }
    // Twelve hours after signing in it ends in the middle of its use.
    app.clock.advance_seconds(24 * 60);
    busy.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
}

/// A page that asks by itself keeps nobody signed in.
#[tokio::test]
async fn the_pulse_of_an_open_page_is_no_use_of_the_session() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let browser = signed_in(&app, &person.name).await;
    for _ in 0..3 {
        app.clock.advance_seconds(9 * 60);
        browser.actor().get("/api/v1/me/pulse").await;
    }
    app.clock.advance_seconds(4 * 60);
    browser.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn people_see_their_sessions_and_end_them() {
    let app = TestApp::start().await;
    let (person, other) = (app.person("person").await, app.person("other").await);
    let (first, second) = (signed_in(&app, &person.name).await, signed_in(&app, &person.name).await);
    signed_in(&app, &other.name).await;
    app.clock.advance_seconds(120);
    let listed = first.session().await.with("user-agent", "unused").get("/api/v1/me/sessions").await.is(200);
    // The test kit has signed in once to make a token.
    assert_eq!(listed.items().len(), 3, "{}", listed.text());
    let current: Vec<bool> = listed.items().iter().map(|item| item["current"] == true).collect();
    assert_eq!(current, [true, false, false], "the last used first: {}", listed.text());
    assert!(!listed.text().contains("wlx_"), "no secret");
    for member in ["id", "created_at", "last_seen_at", "authenticated_at", "expires_at", "user_agent"] {
        assert!(listed.items()[0][member].is_string(), "{member}");
    }
    let own = second.session().await.get("/api/v1/me/sessions").await.is(200);
    let id = own.items().iter().find(|item| item["current"] == true).unwrap()["id"].as_str().unwrap().to_owned();
    other.delete(&format!("/api/v1/me/sessions/{id}")).await.problem(404, "not-found");
    let path = format!("/api/v1/me/sessions/{id}");
    first.actor().delete(&path).await.problem(403, "cross-site");
    first.session().await.delete(&path).await.is(200);
    second.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
    first.session().await.delete(&path).await.problem(404, "not-found");
    let kept = first.session().await;
    let id = kept.get("/api/v1/me/sessions").await.items()[0]["id"].as_str().unwrap().to_owned();
    let ended = kept.delete(&format!("/api/v1/me/sessions/{id}")).await.is(200);
    assert!(ended.header("set-cookie").contains("Max-Age=0"), "its own cookie goes");
    kept.get("/api/v1/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_new_password_ends_every_other_session_and_changes_the_secret_of_this_one() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let (mut mine, other) = (signed_in(&app, &person.name).await, signed_in(&app, &person.name).await);
    let (old, session) = (mine.actor(), mine.session().await);
    let body = json!({"old_password": PASSWORD, "password": "another long phrase"});
    let reply = session.post("/api/v1/me/password", body).await.is(200);
    assert!(reply["change"].is_i64());
    mine.keep(&reply);
    other.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
    old.get("/api/v1/me").await.problem(401, "unauthenticated");
    person.get("/api/v1/me").await.problem(401, "unauthenticated");
    // Open pages go on: their token is still good.
    let token = mine.session().await;
    token.post("/api/v1/organizations", json!({"name": "Mine"})).await.is(201);
}

/// Asks for something that could do lasting harm.
async fn harmful(who: &Actor) -> testkit::Reply {
    who.post("/api/v1/me/tokens", json!({"name": "terminal"})).await
}

/// X08
#[tokio::test]
async fn what_could_do_harm_takes_a_password_that_was_checked_lately() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let mut browser = signed_in(&app, &person.name).await;
    let session = browser.session().await;
    app.clock.advance_seconds(599);
    harmful(&session).await.is(201);
    app.clock.advance_seconds(1);
    let refused = harmful(&session).await.problem(401, "reauthenticate");
    assert!(refused.header("www-authenticate").contains("insufficient_user_authentication"));
    // Everyday work goes on, and so do programs.
    session.post("/api/v1/organizations", json!({"name": "Mine"})).await.is(201);
    harmful(&person).await.is(201);

    let ask = async |who: &Actor, password: &str| {
        who.post("/api/v1/session/reauthenticate", json!({"password": password})).await
    };
    ask(&session, "a wrong phrase").await.problem(401, "sign-in-failed");
    ask(&browser.actor(), PASSWORD).await.problem(403, "cross-site");
    ask(&person, PASSWORD).await.problem(403, "forbidden");
    ask(&app.nobody(), PASSWORD).await.problem(401, "unauthenticated");
    harmful(&session).await.problem(401, "reauthenticate");
    let shown = ask(&session, PASSWORD).await.is(200);
    let (old, token) = (session.clone(), shown.str("csrf_token"));
    browser.keep(&shown);
    harmful(&browser.actor().with("x-csrf-token", &token)).await.is(201);
    // The same page goes on with the token that it has; whoever copied the old cookie has gained nothing.
    assert_eq!(browser.session().await.get("/api/v1/session").await["csrf_token"], token.as_str());
    harmful(&old).await.problem(401, "reauthenticate");
    old.get("/api/v1/me").await.is(200);
    app.clock.advance_seconds(31);
    old.get("/api/v1/me").await.problem(401, "unauthenticated");
    assert_eq!(browser.session().await.get("/api/v1/me/sessions").await.items().len(), 2, "it is one session");
}

#[tokio::test]
async fn signing_out_ends_what_the_session_was_before_it_was_asked_again() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let mut browser = signed_in(&app, &person.name).await;
    let old = browser.session().await;
    browser.keep(&old.post("/api/v1/session/reauthenticate", json!({"password": PASSWORD})).await.is(200));
    old.get("/api/v1/me").await.is(200);
    browser.session().await.delete("/api/v1/session").await.is(200);
    old.get("/api/v1/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_session_that_may_idle_for_a_minute_lives_while_it_is_used() {
    let app = TestApp::with(|config| config.session_seconds = 60).await;
    let person = app.person("person").await;
    let browser = signed_in(&app, &person.name).await;
    for _ in 0..5 {
        app.clock.advance_seconds(40);
        browser.actor().get("/api/v1/me").await.is(200);
    }
    app.clock.advance_seconds(60);
    browser.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn asking_again_does_not_make_guessing_free_or_a_session_live_longer() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let mut browser = signed_in(&app, &person.name).await;
    let session = browser.session().await;
    for _ in 0..10 {
        let guess = json!({"password": "a wrong phrase"});
        session.post("/api/v1/session/reauthenticate", guess).await.problem(401, "sign-in-failed");
    }
    let right = json!({"password": PASSWORD});
    session.post("/api/v1/session/reauthenticate", right.clone()).await.problem(429, "slow-down");
    // Asked again every quarter of an hour, it still ends after twelve.
    for _ in 0..47 {
        app.clock.advance_seconds(15 * 60);
        let shown = browser.session().await.post("/api/v1/session/reauthenticate", right.clone()).await.is(200);
        browser.keep(&shown);
    }
    app.clock.advance_seconds(15 * 60);
    browser.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn other_rights_take_a_new_session() {
    let app = TestApp::start().await;
    let (admin, person) = (app.admin().await, app.person("person").await);
    for action in ["appoint", "dismiss", "lock"] {
        let browser = signed_in(&app, &person.name).await;
        admin.post(&format!("/api/v1/users/{}/{action}", person.id), json!({})).await.is(200);
        browser.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
    }
}

/// X08
#[tokio::test]
async fn every_harmful_write_asks_again() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let other = app.person("other").await.id;
    let consumer = signed_in(&app, &story.consumer.name).await;
    let provider = signed_in(&app, &story.provider.name).await;
    let (consumer, provider) = (consumer.session().await, provider.session().await);
    app.clock.advance_seconds(900);
    let (client, kind) = (&story.client, json!({"kind": "api_key"}));
    let listed = consumer.get(&format!("/api/v1/clients/{client}/credentials")).await.is(200);
    let credential = listed.items()[0]["id"].as_str().unwrap().to_owned();
    for (path, body) in [
        (format!("clients/{client}/credentials"), kind),
        (format!("clients/{client}/disable"), json!({})),
        (format!("credentials/{credential}/deactivate"), json!({})),
        ("me/tokens".to_owned(), json!({"name": "terminal"})),
    ] {
        let reply = consumer.post(&format!("/api/v1/{path}"), body).await;
        assert_eq!(reply["code"], "reauthenticate", "{path}: {}", reply.text());
    }
    for path in [format!("credentials/{credential}"), format!("apps/{}/team/{other}", story.app)] {
        let reply = consumer.delete(&format!("/api/v1/{path}")).await;
        assert_eq!(reply["code"], "reauthenticate", "{path}: {}", reply.text());
    }
    let (organization, role) = (&story.provider_organization, || json!({"role": "READ_ONLY"}));
    for path in [
        format!("organizations/{organization}/members/{other}"),
        format!("organizations/{organization}/roles/business_admin/{other}"),
        format!("apis/{}/administrators/{other}", story.api),
    ] {
        for reply in
            [provider.put(&format!("/api/v1/{path}"), role()).await, provider.delete(&format!("/api/v1/{path}")).await]
        {
            assert_eq!(reply["code"], "reauthenticate", "{path}: {}", reply.text());
        }
    }
    let team = format!("/api/v1/apps/{}/team/{other}", story.app);
    assert_eq!(consumer.put(&team, role()).await["code"], "reauthenticate");
}
