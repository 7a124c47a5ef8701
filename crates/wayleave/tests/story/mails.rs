//! Mails: who gets which, in which language, when, and what becomes of them when the mail server does not take them.

use platform::notice::mail::Security;
use serde_json::json;
use testkit::{Actor, Authority, Postbox, Protection, Received, Story, TestApp};
use wayleave::Config;

/// Sends mail through this postbox.
pub fn through(postbox: &Postbox) -> impl FnOnce(&mut Config) + use<> {
    let address = postbox.address;
    move |config| {
        config.smtp_host = Some(address.ip().to_string());
        config.smtp_port = Some(address.port());
        config.smtp_security = Security::None;
        config.mail_from = Some("Wayleave <portal@example.com>".to_owned());
        config.mail_footer = "The portal team".to_owned();
        config.public_url = Some("https://portal.example.com".to_owned());
    }
}

/// The mails for this person, in the order of their arrival.
fn mails_of(postbox: &Postbox, who: &Actor) -> Vec<Received> {
    let address = format!("{}@example.com", who.name);
    postbox.mails().into_iter().filter(|mail| mail.to == [address.clone()]).collect()
}

/// The subjects of the mails for this person, without that which proves the address.
fn subjects(postbox: &Postbox, who: &Actor) -> Vec<String> {
    let all = mails_of(postbox, who);
    all.iter().map(|mail| mail.header("Subject")).filter(|subject| !subject.starts_with("Confirm")).collect()
}

async fn settings(who: &Actor, body: serde_json::Value) {
    who.patch("/api/v1/me/notification_settings", body).await.is(200);
}

/// A06 A52
#[tokio::test]
async fn a_request_and_its_decision_come_by_mail_with_a_link_the_words_and_how_to_stop_it() {
    let postbox = Postbox::start().await;
    let app = TestApp::with(through(&postbox)).await;
    let story = Story::tell(&app).await;
    story.consumer.patch("/api/v1/me", json!({"language": "de", "display_name": "Frau Öhm"})).await.is(200);
    let id = story.requested().await;
    let path = format!("/api/v1/subscriptions/{id}/approve");
    story.provider.post(&path, json!({"comment": "Willkommen.\n-- \nBitte zahlen"})).await.is(200);
    app.deliver().await;

    assert_eq!(subjects(&postbox, &story.provider), ["Shop asks for access to Pets"]);
    assert_eq!(subjects(&postbox, &story.consumer), ["Der Zugriff von Shop auf Pets wurde genehmigt"]);
    let mail = mails_of(&postbox, &story.consumer).pop().expect("a mail");
    assert_eq!(mail.header("From"), "Wayleave <portal@example.com>");
    assert!(mail.header("To").starts_with("Frau Öhm <") || mail.header("To").starts_with("\"Frau Öhm\" <"));
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert_eq!(mail.header("Content-Language"), "de");
    let text = mail.text();
    for line in [
        "Guten Tag Frau Öhm,",
        &format!("https://portal.example.com/subscriptions/{id}"),
        "Shop",
        "Pets",
        "Umgebung:",
        &story.provider.name,
        "  > Willkommen.",
        "  > Bitte zahlen",
        "https://portal.example.com/me/notifications",
        "The portal team",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    // The Message-ID follows from the change and the receiver.
    let trail = app.admin().await.get("/api/v1/trail?limit=1&verb=subscription.approved").await.is(200);
    let seq = trail.items()[0]["seq"].as_i64().expect("a number");
    assert_eq!(mail.header("Message-ID"), format!("<{seq}.{}@portal.example.com>", story.consumer.id));
    // What is the same is not sent twice, however often somebody looks.
    let before = postbox.mails().len();
    app.deliver().await;
    assert_eq!(postbox.mails().len(), before);
}

/// A52 X06
#[tokio::test]
async fn an_address_is_told_of_nothing_before_it_is_proven_but_how_to_prove_it() {
    let postbox = Postbox::start().await;
    let app = TestApp::with(through(&postbox)).await;
    let story = Story::tell(&app).await;
    let unproven = app.unproven_person("unproven").await;
    let path = format!("/api/v1/apps/{}/follow", story.app);
    unproven.put(&path, json!({})).await;
    app.deliver().await;
    let mails = mails_of(&postbox, &unproven);
    let [mail] = mails.as_slice() else { panic!("{mails:#?}") };
    assert_eq!(mail.header("Subject"), "Confirm your e-mail address");
    let text = mail.text();
    let link = text.split_whitespace().find(|word| word.contains("/verify-email?token=")).expect("a link");
    let token = link.split("token=").nth(1).expect("a token");
    assert!(link.starts_with("https://portal.example.com/"), "{link}");
    // The token is in the mail and nowhere else.
    if let Some(bytes) = app.database_bytes() {
        let proof = token.rsplit('.').next().expect("a proof").as_bytes();
        assert!(!bytes.windows(proof.len()).any(|window| window == proof), "the database has the proof");
    }
    let settings = unproven.get("/api/v1/me/notification_settings").await.is(200);
    assert_eq!((&settings["email_verified"], &settings["mail_configured"]), (&json!(false), &json!(true)));
}

/// A52
#[tokio::test]
async fn everybody_chooses_what_comes_by_mail_and_when_and_the_inbox_has_it_all() {
    let postbox = Postbox::start().await;
    let app = TestApp::with(through(&postbox)).await;
    let story = Story::tell(&app).await;
    settings(&story.consumer, json!({"muted": ["decisions"]})).await;
    settings(&story.provider, json!({"mail": "off"})).await;
    let first = story.requested().await;
    story.act(&story.provider, &first, "approve").await.is(200);
    let path = format!("/api/v1/subscriptions/{first}/comments");
    story.provider.post(&path, json!({"comment": "Well?"})).await.is(200);
    app.deliver().await;
    assert_eq!(subjects(&postbox, &story.consumer), ["A comment on the access of Shop to Pets"]);
    assert!(subjects(&postbox, &story.provider).is_empty());
    for who in [&story.consumer, &story.provider] {
        assert!(!who.get("/api/v1/me/notices").await.is(200).items().is_empty(), "{}", who.name);
    }

    // Once a day: nothing at once, everything in one at the hour, and what happens then goes into the next.
    settings(&story.consumer, json!({"mail": "daily", "muted": []})).await;
    for action in ["activate", "suspend", "resume"] {
        story.act(&story.provider, &first, action).await.is(200);
    }
    app.deliver().await;
    assert_eq!(subjects(&postbox, &story.consumer).len(), 1);
    // It begins at 09:30; the hour is 06:00.
    app.clock.advance_seconds(20 * 3_600 + 1_799);
    app.deliver().await;
    assert_eq!(subjects(&postbox, &story.consumer).len(), 1);
    app.clock.advance_seconds(1);
    app.deliver().await;
    assert_eq!(subjects(&postbox, &story.consumer)[1..], ["3 notices"]);
    let text = mails_of(&postbox, &story.consumer).pop().expect("a mail").text();
    for line in ["is active", "was suspended", "was resumed"] {
        assert_eq!(text.matches(&format!("* Access of Shop to Pets {line}")).count(), 1, "{text}");
    }
    story.act(&story.provider, &first, "cancel").await.is(200);
    app.deliver().await;
    assert_eq!(subjects(&postbox, &story.consumer).len(), 2);
    app.clock.advance_seconds(86_400);
    app.deliver().await;
    assert_eq!(subjects(&postbox, &story.consumer)[2..], ["1 notice"]);
    // Others' settings are nobody's, and words that mean nothing are refused.
    let path = "/api/v1/me/notification_settings";
    app.nobody().get(path).await.problem(401, "unauthenticated");
    for wrong in [json!({"mail": "sometimes"}), json!({"muted": ["everything"]}), json!({"email": "x@example.com"})] {
        story.consumer.patch(path, wrong).await.problem(422, "invalid");
    }
    story.consumer.with("if-match", "\"1\"").patch(path, json!({"mail": "off"})).await.problem(412, "stale");
}

/// A52
#[tokio::test]
async fn a_mail_server_that_is_down_delays_mails_and_nothing_else() {
    let postbox = Postbox::start().await;
    let app = TestApp::with(through(&postbox)).await;
    let story = Story::tell(&app).await;
    app.deliver().await;
    let admin = app.admin().await;
    postbox.close("421 Too busy");
    let first = story.requested().await;
    story.act(&story.provider, &first, "approve").await.is(200);
    app.deliver().await;
    assert_eq!(story.consumer.get("/api/v1/me/notices").await.is(200)["unread"], 1, "the inbox has it already");
    let visits = postbox.visits();
    app.deliver().await;
    assert_eq!(postbox.visits(), visits, "the server is left alone for a while");
    let state = admin.get("/api/v1/mail").await.is(200);
    assert_eq!((&state["configured"], &state["waiting"]), (&json!(true), &json!(2)));
    assert!(state["error"]["detail"].as_str().is_some_and(|said| said.contains("421")), "{}", state.text());
    story.provider.get("/api/v1/mail").await.problem(403, "forbidden");

    postbox.close("");
    app.clock.advance_seconds(120);
    app.deliver().await;
    assert_eq!(subjects(&postbox, &story.provider).len(), 1);
    assert_eq!(subjects(&postbox, &story.consumer).len(), 1);
    let state = admin.get("/api/v1/mail").await.is(200);
    assert_eq!((&state["waiting"], state["error"].is_null()), (&json!(0), true), "{}", state.text());
}

/// A52
#[tokio::test]
async fn a_mail_that_nobody_takes_is_given_up_and_the_site_administrator_sees_it_and_can_try_again() {
    let postbox = Postbox::start().await;
    let app = TestApp::with(through(&postbox)).await;
    let story = Story::tell(&app).await;
    app.deliver().await;
    let admin = app.admin().await;
    let (never, later) =
        (format!("{}@example.com", story.provider.name), format!("{}@example.com", story.consumer.name));
    postbox.refuse(&never, "550 No such user");
    postbox.refuse(&later, "451 Try later");
    let id = story.requested().await;
    story.act(&story.provider, &id, "approve").await.is(200);
    app.deliver().await;
    let state = admin.get("/api/v1/mail").await.is(200);
    assert_eq!((&state["failed"], &state["waiting"]), (&json!(1), &json!(1)), "{}", state.text());
    // Three days later the other is given up, too.
    for _ in 0..4 {
        app.clock.advance_seconds(86_400);
        app.deliver().await;
    }
    let state = admin.get("/api/v1/mail").await.is(200);
    assert_eq!((&state["failed"], &state["waiting"]), (&json!(2), &json!(0)), "{}", state.text());
    postbox.refuse(&never, "");
    postbox.refuse(&later, "");
    admin.post("/api/v1/mail/retry", json!({})).await.is(200);
    app.deliver().await;
    assert_eq!(subjects(&postbox, &story.provider).len() + subjects(&postbox, &story.consumer).len(), 2);
    admin.post("/api/v1/mail/retry", json!({})).await.problem(409, "wrong-state");
    // A mail to oneself shows whether it works.
    admin.patch("/api/v1/me", json!({"email": "admin@example.com"})).await.is(200);
    admin.post("/api/v1/mail/test", json!({})).await.is(200);
    app.deliver().await;
    let last = postbox.mails().into_iter().find(|mail| mail.header("Subject") == "Mail works");
    assert_eq!(last.expect("the test").to, ["admin@example.com"]);
    story.provider.post("/api/v1/mail/test", json!({})).await.problem(403, "forbidden");
}

/// X06
#[tokio::test]
async fn nothing_that_people_write_can_become_a_header_or_another_receiver() {
    let postbox = Postbox::start().await;
    let app = TestApp::with(through(&postbox)).await;
    let story = Story::tell(&app).await;
    let evil = "Shop\u{2028}Bcc: victim@example.com =?utf-8?q?x?= <b>";
    for name in ["Shop\r\nBcc: victim@example.com", "Shop\nSubject: won", "a\u{0}b"] {
        story
            .consumer
            .patch(&format!("/api/v1/apps/{}", story.app), json!({"name": name}))
            .await
            .problem(422, "invalid");
        story.consumer.patch("/api/v1/me", json!({"display_name": name})).await.problem(422, "invalid");
    }
    for email in ["a@example.com\r\nBcc: b@example.com", "a b@example.com", "a@b@example.com", "@", ""] {
        let body = json!({"username": "somebody-new", "email": email, "password": "a long enough phrase"});
        app.nobody().post("/api/v1/users", body).await.problem(422, "invalid");
    }
    story.consumer.patch(&format!("/api/v1/apps/{}", story.app), json!({"name": evil})).await.is(200);
    let body = json!({"apps": [story.app], "api": story.api, "environment": "production", "plan": story.guarded_plan,
                      "comment": "Hello\r\n.\r\nMAIL FROM:<x@example.com>\r\nBcc: victim@example.com\r\n"});
    story.consumer.post("/api/v1/subscriptions", body).await.is(201);
    app.deliver().await;
    let mails = mails_of(&postbox, &story.provider);
    let mail = mails.iter().find(|mail| mail.header("Subject").contains("asks for access")).expect("the mail");
    assert!(mail.header("Subject").contains("Bcc: victim"), "as text it may stand there: {}", mail.header("Subject"));
    assert!(!mail.headers().iter().any(|name| name.eq_ignore_ascii_case("bcc")), "{:?}", mail.headers());
    assert!(mail.text().contains("  > MAIL FROM:<x@example.com>"), "{}", mail.text());
    assert!(postbox.mails().iter().all(|mail| !mail.to.contains(&"victim@example.com".to_owned())));
}

/// X06
#[tokio::test]
async fn a_login_and_the_mails_go_through_tls_only_and_the_password_is_shown_nowhere() {
    let authority = Authority::make();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).expect("a file");
    let password = folder.path().join("password");
    std::fs::write(&password, "ein geheimes Wort\n").expect("a file");
    for (protection, security) in [(Protection::Starttls, Security::Starttls), (Protection::Tls, Security::Tls)] {
        let postbox = Postbox::with(protection, Some(&authority), Some(("portal", "ein geheimes Wort"))).await;
        let set = through(&postbox);
        let (file, password) = (file.clone(), password.clone());
        let app = TestApp::with(|config| {
            set(config);
            // The certificate is for the name.
            config.smtp_host = Some("localhost".to_owned());
            config.smtp_security = security;
            config.smtp_user = Some("portal".to_owned());
            config.smtp_password_file = Some(password);
            config.ca_file = Some(file);
        })
        .await;
        let story = Story::tell(&app).await;
        story.requested().await;
        app.deliver().await;
        let mails = mails_of(&postbox, &story.provider);
        let mail = mails.last().expect("a mail");
        assert!(mail.protected && mail.user.as_deref() == Some("portal"), "{mail:?}");
        let admin = app.admin().await;
        let state = admin.get("/api/v1/mail").await.is(200).text();
        assert!(state.contains(security.as_str()) && !state.contains("geheim"), "{state}");
    }
    // A server that nobody vouches for gets neither.
    let stranger = Postbox::with(Protection::Starttls, Some(&Authority::make()), Some(("portal", "x"))).await;
    let set = through(&stranger);
    let app = TestApp::with(|config| {
        set(config);
        config.smtp_host = Some("localhost".to_owned());
        config.smtp_security = Security::Starttls;
        config.ca_file = Some(file);
    })
    .await;
    let story = Story::tell(&app).await;
    story.requested().await;
    app.deliver().await;
    assert!(stranger.visits() > 0 && stranger.mails().is_empty());
    let state = app.admin().await.get("/api/v1/mail").await.is(200);
    assert!(state["error"]["detail"].is_string(), "{}", state.text());
}

/// C79
#[tokio::test]
async fn an_invitation_reaches_the_invited_address_and_its_link_is_in_the_mail_alone() {
    let postbox = Postbox::start().await;
    let app = TestApp::with(through(&postbox)).await;
    let story = Story::tell(&app).await;
    let path = format!("/api/v1/organizations/{}/invitations", story.consumer_organization);
    let body = json!({"email": "guest@example.com", "role": "READ_ONLY"});
    let made = story.consumer.post(&path, body).await.is(201);
    app.deliver().await;
    let mail = postbox.mails().into_iter().find(|mail| mail.to == ["guest@example.com"]).expect("an invitation");
    assert!(mail.header("Subject").ends_with("invites you to Consumer"), "{}", mail.header("Subject"));
    let text = mail.text();
    let link = text.split_whitespace().find(|word| word.contains("/register?invitation=")).expect("a link");
    let proof = link.rsplit('.').next().expect("a proof");
    assert!(!made.text().contains(proof));
    let trail = app.admin().await.get("/api/v1/trail?limit=200").await.is(200).text();
    assert!(!trail.contains(proof));
}

/// F33
#[tokio::test]
async fn the_end_of_a_version_is_announced_reminded_of_and_told_by_mail() {
    let postbox = Postbox::start().await;
    let app = TestApp::with(through(&postbox)).await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    app.deliver().await;
    let before = subjects(&postbox, &story.consumer).len();
    let path = format!("/api/v1/versions/{}/deprecate", story.version);
    let sunset = app.clock.now().plus_seconds(20 * 86_400);
    story.provider.post(&path, json!({"sunset_at": sunset, "note": "Please move to v2."})).await.is(200);
    app.deliver().await;
    for days in [13, 7] {
        app.clock.advance_seconds(days * 86_400);
        platform::version::keep_time(&app.server().platform).await.expect("the clock");
        app.deliver().await;
    }
    let told = subjects(&postbox, &story.consumer).split_off(before);
    assert_eq!(told, ["Pets v1 is deprecated", "Pets v1 ends soon", "Pets v1 has ended"]);
    let mails = mails_of(&postbox, &story.consumer);
    let first = mails.iter().find(|mail| mail.header("Subject") == told[0]).expect("that mail");
    assert!(first.text().contains("  > Please move to v2."), "{}", first.text());
}
