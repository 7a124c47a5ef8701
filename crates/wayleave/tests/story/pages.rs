//! Signing in, registering, setting up and signing out in a browser without scripts, and what attackers try there.

use crate::browser::{Browser, HTML, between, hidden};
use http::Method;
use testkit::TestApp;
use wayleave::first_login;

const PASSWORD: &str = "a long enough phrase";

/// C67 X09
#[tokio::test]
async fn a_person_signs_in_and_comes_to_where_they_wanted_to_go() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let mut browser = Browser::new(&app);
    let path = browser.open("/apps/app_1?state=active").await.is(303).header("location").to_owned();
    let wrong = browser.fill(&path, &[("username", &person.name), ("password", "a wrong phrase")]).await.is(422);
    assert!(wrong.text().contains("wrong, or the account is locked") && wrong.text().contains(&person.name));
    assert!(!wrong.text().contains("a wrong phrase"), "a password is never shown");
    assert!(!browser.cookies.contains_key(platform::user::SESSION_COOKIE));
    let entered =
        browser.answer(&wrong.text(), &[("username", &person.name.to_uppercase()), ("password", PASSWORD)]).await;
    assert_eq!(entered.is(303).header("location"), "/apps/app_1?state=active");
    assert_eq!(browser.actor().get("/api/v1/me").await.is(200)["username"], person.name);
    assert!(!browser.cookies.contains_key("__Host-wayleave-form"), "it is done with");
    // Whoever is in is not asked again.
    assert_eq!(browser.open("/login?return_to=%2Fapps").await.is(303).header("location"), "/apps");
    assert_eq!(browser.open("/register").await.is(303).header("location"), "/");
}

/// X06
#[tokio::test]
async fn nobody_is_sent_to_another_site_after_signing_in() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let inside = {
        let mut browser = Browser::new(&app);
        browser.sign_in(&person.name, PASSWORD).await;
        browser
    };
    for target in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/%5Cevil.example",
        "/%2F/evil.example",
        "/%252F%252Fevil.example",
        "/..//evil.example",
        "/\tevil.example",
        "/\r\nlocation: https://evil.example",
        "/apps\r\nset-cookie: x=1",
        "javascript:alert(1)",
        "/login",
        "/logout",
        "http:evil.example",
        " //evil.example",
        "/\u{2025}evil.example",
        "",
    ] {
        let query: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
        let reply = inside.actor().with("accept", HTML).get(&format!("/login?return_to={query}")).await.is(303);
        assert_eq!(reply.header("location"), "/", "{target:?}");
        assert!(reply.header("set-cookie").is_empty(), "{target:?}");
        let back = inside.actor().get(&format!("/pages/language?to=de&back={query}")).await.is(303);
        let allowed = matches!(target, "/login" | "/logout");
        assert_eq!(back.header("location"), if allowed { target } else { "/" }, "{target:?}");
        // Also where the form was tampered with, or opened with such a target.
        let mut browser = Browser::new(&app);
        let page = browser.open(&format!("/login?return_to={query}")).await.is(200).text();
        assert!(hidden(&page).contains(&("return_to".to_owned(), "/".to_owned())), "{target:?}: {page}");
        let fields = [("username", person.name.as_str()), ("password", PASSWORD), ("return_to", target)];
        assert_eq!(browser.answer(&page, &fields).await.is(303).header("location"), "/", "{target:?}");
    }
}

/// X06
#[tokio::test]
async fn a_form_counts_only_in_the_browser_that_it_was_opened_in() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let fields = [("username", person.name.as_str()), ("password", PASSWORD)];
    let (mut victim, mut attacker) = (Browser::new(&app), Browser::new(&app));
    let theirs = attacker.open("/login").await.is(200).text();
    // The attacker's own form, sent by the victim's browser: without cookie, and with the victim's.
    let stale = victim.answer(&theirs, &fields).await.is(403);
    assert!(stale.text().contains("open for too long"), "{}", stale.text());
    victim.open("/login").await.is(200);
    victim.answer(&theirs, &fields).await.is(403);
    assert!(!victim.cookies.contains_key(platform::user::SESSION_COOKIE), "nobody was signed in");
    // Nor one that another site sends with all that it could know; not even from another port of our own host.
    let page = victim.open("/login").await.is(200).text();
    let token = hidden(&page).into_iter().find(|(name, _)| name == "form_token").unwrap().1;
    let body = format!("form_token={token}&username={}&password=a+long+enough+phrase", person.name);
    for site in ["cross-site", "same-site", "same-origin", "none"] {
        let reply = victim.forged(Method::POST, "/login", site, &body).await.is(403);
        assert!(reply.header("set-cookie").is_empty() && reply.text().contains("cross-site"), "{}", reply.text());
    }
    // The form is stale, not lost: the same page sends it.
    let mut late = Browser::new(&app);
    let again = late.answer(&theirs, &fields).await.is(403).text();
    late.answer(&again, &fields).await.is(303);
}

/// X06
#[tokio::test]
async fn a_session_never_has_a_secret_that_was_known_before() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let mut browser = Browser::new(&app);
    let name = platform::user::SESSION_COOKIE;
    // One that somebody else has planted, alive or made up.
    let mut planted = Browser::new(&app);
    planted.sign_in(&app.person("attacker").await.name, PASSWORD).await;
    for value in [planted.cookies[name].clone(), "wlx_made_up".to_owned()] {
        browser.cookies.clear();
        let page = browser.open("/login").await.is(200).text();
        browser.cookies.insert(name.to_owned(), value.clone());
        // A living session binds the form; the form that is shown then has its token.
        let reply = browser.answer(&page, &[("username", &person.name), ("password", PASSWORD)]).await;
        let reply = if reply.status == 403 {
            browser.answer(&reply.text(), &[("username", &person.name), ("password", PASSWORD)]).await
        } else {
            reply
        };
        reply.is(303);
        assert_ne!(browser.cookies[name], value);
        assert_eq!(browser.actor().get("/api/v1/me").await.is(200)["username"], person.name);
    }
    planted.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
    let before = browser.cookies[name].clone();
    let mut again = Browser::new(&app);
    again.sign_in(&person.name, PASSWORD).await;
    assert_ne!(again.cookies[name], before);
}

#[tokio::test]
async fn guessing_is_slowed_down_in_the_form_too() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let mut browser = Browser::new(&app);
    let mut page = browser.open("/login").await.is(200).text();
    for _ in 0..10 {
        page =
            browser.answer(&page, &[("username", &person.name), ("password", "a wrong phrase")]).await.is(422).text();
    }
    let slow = browser.answer(&page, &[("username", &person.name), ("password", PASSWORD)]).await.is(429);
    assert!(slow.header("retry-after") == "300" && slow.text().contains("300 seconds"), "{}", slow.text());
    app.clock.advance_seconds(301);
    browser.answer(&slow.text(), &[("username", &person.name), ("password", PASSWORD)]).await.is(303);
}

/// X09
#[tokio::test]
async fn whoever_registers_is_in_at_once() {
    let app = TestApp::start().await;
    let taken = app.person("taken").await;
    let mut browser = Browser::new(&app);
    let fields = |name: &'static str, email: &'static str, password: &'static str| {
        [("username", name), ("email", email), ("password", password)]
    };
    let page = browser.open("/register?return_to=%2Fcatalog").await.is(200).text();
    for (name, email, password, message) in [
        ("ab", "a@example.com", PASSWORD, "This is no username"),
        ("service-account-x", "a@example.com", PASSWORD, "This is no username"),
        ("newcomer", "nowhere", PASSWORD, "This is no e-mail address"),
        ("newcomer", "a@example.com", "short", "Use 12 characters or more"),
        ("newcomer", "a@example.com", "the newcomer himself", "Use 12 characters or more"),
    ] {
        let reply = browser.answer(&page, &fields(name, email, password)).await.is(422);
        assert!(reply.text().contains(message) && reply.text().contains("aria-invalid"), "{message}: {}", reply.text());
        assert!(!reply.text().contains(&format!("value=\"{password}\"")), "a password is never shown");
    }
    let same = [("username", taken.name.as_str()), ("email", "a@example.com"), ("password", PASSWORD)];
    assert!(browser.answer(&page, &same).await.is(409).text().contains("This username is taken"));
    let reply = browser.answer(&page, &fields("newcomer", "n@example.com", PASSWORD)).await.is(303);
    assert_eq!(reply.header("location"), "/catalog");
    assert_eq!(browser.actor().get("/api/v1/me").await.is(200)["username"], "newcomer");

    let closed = TestApp::with(|config| config.registration = platform::Registration::Closed).await;
    let mut browser = Browser::new(&closed);
    assert!(browser.open("/register").await.is(403).text().contains("Registration is closed"));
    let login = browser.open("/login").await.is(200).text();
    assert!(!login.contains("/register"), "{login}");
    let forged = login.replace("action=\"/login\"", "action=\"/register\"");
    browser.answer(&forged, &fields("x12", "a@b.c", PASSWORD)).await.is(403);
}

/// F01
#[tokio::test]
async fn the_first_administrator_replaces_the_password_of_the_first_start() {
    let mut app = TestApp::start().await;
    let text = std::fs::read_to_string(first_login::path(app.folder.path())).unwrap();
    let (name, made) = text.trim().split_once(' ').unwrap();
    let mut browser = Browser::new(&app);
    assert_eq!(browser.sign_in(name, made).await.header("location"), "/setup");
    for path in ["/", "/apps", "/org/members"] {
        assert_eq!(browser.open(path).await.is(303).header("location"), "/setup", "{path}");
    }
    let page = browser.open("/setup").await.is(200).text();
    assert!(page.contains(&app.server().public_url) && page.contains(&app.server().gateway_url), "{page}");
    let good = [("display_name", "The operator"), ("email", "operator@example.com"), ("organization", "Operators")];
    let with = |password: &'static str| [&[("password", password)], &good[..]].concat();
    for (fields, message) in [
        (with("short"), "Use 12 characters or more"),
        ([&[("password", made)], &good[..]].concat(), "made for you; choose another"),
        ([&with(PASSWORD)[..], &[("email", "nowhere")]].concat(), "This is no e-mail address"),
        ([&with(PASSWORD)[..], &[("display_name", " ")]].concat(), "A name has 1 to 120"),
        ([&with(PASSWORD)[..], &[("organization", "two\nlines")]].concat(), "A name has 1 to 120"),
    ] {
        let mut last: Vec<(&str, &str)> = Vec::new();
        for (name, value) in fields {
            last.retain(|(known, _)| *known != name);
            last.push((name, value));
        }
        let reply = browser.answer(&page, &last).await.is(422);
        assert!(reply.text().contains(message), "{message}: {}", reply.text());
    }
    let before = browser.cookies[platform::user::SESSION_COOKIE].clone();
    let other = {
        let mut other = Browser::new(&app);
        other.sign_in(name, made).await;
        other
    };
    assert_eq!(browser.answer(&page, &with(PASSWORD)).await.is(303).header("location"), "/");
    assert_ne!(browser.cookies[platform::user::SESSION_COOKIE], before);
    browser.open("/").await.is(200);
    let me = browser.actor().get("/api/v1/me").await.is(200);
    assert_eq!((&me["display_name"], &me["email"]), (&"The operator".into(), &"operator@example.com".into()));
    let founded = browser.actor().get("/api/v1/organizations").await.is(200);
    assert_eq!(founded.items()[0]["name"], "Operators", "{}", founded.text());
    assert_eq!(browser.open("/setup").await.is(303).header("location"), "/", "once is enough");
    assert_eq!(browser.answer(&page, &with("another long phrase")).await.is(303).header("location"), "/");
    other.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
    let mut later = Browser::new(&app);
    later.fill("/login", &[("username", name), ("password", made)]).await.is(422);
    assert_eq!(later.sign_in(name, PASSWORD).await.header("location"), "/");
    app.restart().await;
    assert!(!first_login::path(app.folder.path()).exists(), "a password that is good for nothing is not kept");
}

#[tokio::test]
async fn signing_out_takes_a_form_and_ends_the_session_everywhere() {
    let app = TestApp::start().await;
    let person = app.person("person").await;
    let mut browser = Browser::new(&app);
    browser.sign_in(&person.name, PASSWORD).await;
    let kept = browser.actor();
    let page = browser.open("/logout").await.is(200).text();
    assert!(page.contains(&person.name), "{page}");
    for site in ["cross-site", "same-site"] {
        browser.forged(Method::POST, "/logout", site, "").await.is(403);
    }
    let forged = page.replace(&hidden(&page)[0].1, &"0".repeat(64));
    browser.answer(&forged, &[]).await.is(403);
    kept.get("/api/v1/me").await.is(200);
    assert_eq!(browser.answer(&page, &[]).await.is(303).header("location"), "/signed-out");
    assert!(!browser.cookies.contains_key(platform::user::SESSION_COOKIE));
    kept.get("/api/v1/me").await.problem(401, "unauthenticated");
    assert!(browser.open("/signed-out").await.is(200).text().contains("You have signed out"));
    assert_eq!(browser.open("/logout").await.is(303).header("location"), "/signed-out");
    assert_eq!(browser.open("/apps").await.is(303).header("location"), "/login?return_to=%2Fapps");
}

#[tokio::test]
async fn a_form_is_read_as_a_form_or_not_at_all() {
    let app = TestApp::start().await;
    let mut browser = Browser::new(&app);
    let page = browser.open("/login").await.is(200).text();
    let token = hidden(&page)[0].1.clone();
    for (media, body, status) in [
        ("application/json", "{}".to_owned(), 415),
        ("text/plain", format!("form_token={token}"), 415),
        ("multipart/form-data; boundary=x", "--x--".to_owned(), 415),
        ("application/x-www-form-urlencoded", format!("form_token={token}&username=a&username=b"), 400),
        ("application/x-www-form-urlencoded", format!("form_token={token}&username=%00"), 400),
        ("application/x-www-form-urlencoded", format!("form_token={token}&username={}", "a".repeat(20_000)), 413),
        ("application/x-www-form-urlencoded", String::new(), 403),
        ("application/x-www-form-urlencoded", format!("form_token={token}"), 422),
        (
            "Application/X-WWW-Form-URLencoded; charset=utf-8",
            format!("form_token={token}&username=%ff&password=%fe"),
            422,
        ),
    ] {
        let reply = browser.actor().with("accept", HTML).send(Method::POST, "/login", Some(media), body.into()).await;
        assert!(reply.is(status).header("content-type").starts_with("text/html"), "{media}");
    }
}

/// F38
#[tokio::test]
async fn every_page_is_there_in_german_too() {
    let app = TestApp::start().await;
    let mut browser = Browser::new(&app);
    let page = browser.open("/login?return_to=%2Fapps").await.is(200).text();
    let link = between(&page, "hreflang=\"de\" href=\"", "\"").expect("a link").replace("&amp;", "&");
    let back = browser.open(&link).await.is(303).header("location").to_owned();
    assert_eq!(back, "/login?return_to=%2Fapps");
    for (path, words) in [
        (back.as_str(), "Passwort"),
        ("/register", "Konto erstellen"),
        ("/signed-out", "Sie haben sich abgemeldet"),
        ("/problems/nothing", "Hier gibt es nichts"),
    ] {
        let text = browser.open(path).await.text();
        assert!(text.contains("<html lang=\"de\"") && text.contains(words), "{path}: {text}");
    }
}
