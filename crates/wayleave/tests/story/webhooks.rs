//! Webhooks: what is told to whom, signed how, in which order, and what becomes of it when an endpoint fails.

use serde_json::{Value, json};
use std::net::SocketAddr;
use testkit::{Actor, Answer, Authority, Receiver, Reply, Story, TestApp, Told};

/// A program whose webhooks may lead to this machine, over plain HTTP.
async fn begin() -> TestApp {
    TestApp::with(|config| {
        config.webhook_allow_networks = vec!["127.0.0.0/8".to_owned(), "::1".to_owned()];
        config.webhook_allow_http = true;
    })
    .await
}

/// Makes a webhook of this organization; answers it with its secret.
async fn hook(who: &Actor, organization: &str, receiver: &Receiver, events: &[&str]) -> Reply {
    let body = json!({"organization": organization, "url": receiver.url(), "events": events});
    who.post("/api/v1/webhooks", body).await.is(201)
}

/// The deliveries of a webhook, newest first.
async fn deliveries(who: &Actor, webhook: &str) -> Reply {
    who.get(&format!("/api/v1/webhooks/{webhook}/deliveries?limit=200")).await.is(200)
}

/// Whether a list of actions allows this one.
fn offers(view: &Value, action: &str) -> bool {
    let all = view["actions"].as_array().expect("actions");
    all.iter().any(|offered| offered["action"] == action && offered["allowed"] == true)
}

/// What an endpoint was told about this subject, as verbs.
fn about(told: &[Told], subject: &str) -> Vec<String> {
    told.iter().filter(|one| one.json()["data"]["subject"]["id"] == subject).map(Told::verb).collect()
}

/// A52 X06
#[tokio::test]
async fn each_side_is_told_of_what_happens_to_a_subscription_signed_and_with_what_it_may_see() {
    let app = begin().await;
    let story = Story::tell(&app).await;
    let (theirs, ours, everything) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
    let provider = hook(&story.provider, &story.provider_organization, &theirs, &["subscription.*"]).await;
    let consumer = hook(&story.consumer, &story.consumer_organization, &ours, &["subscription.*", "client.*"]).await;
    let body = json!({"url": everything.url()});
    app.admin().await.post("/api/v1/webhooks", body).await.is(201);

    let id = story.requested().await;
    let path = format!("/api/v1/subscriptions/{id}/approve");
    story.provider.post(&path, json!({"comment": "Welcome"})).await.is(200);
    app.deliver().await;

    for (receiver, webhook) in [(&theirs, &provider), (&ours, &consumer)] {
        let told = receiver.told();
        assert_eq!(about(&told, &id), ["subscription.requested", "subscription.approved"]);
        let last = told.last().expect("it was told");
        assert!(last.is_signed_by(&webhook.str("secret")), "{last:?}");
        assert!(last.header("webhook-id").starts_with("dlv_"));
        assert_eq!(last.header("webhook-timestamp"), app.clock.now().seconds().to_string());
        assert_eq!(last.header("content-type"), "application/json");
        let body = last.json();
        assert_eq!((&body["type"], &body["data"]["note"]), (&json!("subscription.approved"), &json!("Welcome")));
        assert_eq!(body["timestamp"], app.clock.now().to_string());
        assert_eq!(body["data"]["subject"]["name"], "Shop > Pets");
        assert_eq!(body["data"]["actor"]["id"], story.provider.id);
        let kinds: Vec<&str> =
            body["data"]["resources"].as_array().expect("a list").iter().filter_map(|r| r["kind"].as_str()).collect();
        assert!(kinds.contains(&"app") && kinds.contains(&"api"), "{body}");
    }
    // The task is between the people of the API side alone, here as on the boards.
    let names_task = |told: &[Told]| told.iter().any(|one| one.body.contains("\"task\""));
    assert!(names_task(&theirs.told()) && !names_task(&ours.told()));
    // The platform is told of everything, also of what neither of them was.
    let all = everything.verbs();
    assert!(all.contains(&"subscription.approved".to_owned()) && all.len() > ours.told().len(), "{all:?}");
    assert!(!all.contains(&"app.created".to_owned()), "nothing is told that happened before: {all:?}");
}

/// X06
#[tokio::test]
async fn an_organization_is_told_of_nothing_that_is_not_its_own() {
    let app = begin().await;
    let story = Story::tell(&app).await;
    let stranger = app.person("stranger").await;
    let own = stranger.post("/api/v1/organizations", json!({"name": "Elsewhere"})).await.is(201).str("id");
    let (far, near) = (Receiver::start().await, Receiver::start().await);
    // The clock of tests stands still: what came before a webhook must have been read before it is there.
    app.settle().await;
    hook(&stranger, &own, &far, &["*"]).await;
    hook(&story.consumer, &story.consumer_organization, &near, &["*"]).await;
    story.subscribed().await;
    let body = json!({"organization": story.provider_organization, "name": "Secret plan"});
    story.provider.post("/api/v1/plans", body).await.is(201);
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), json!({"description": "New"})).await.is(200);
    app.deliver().await;
    assert_eq!(far.verbs(), ["webhook.created"], "of itself it may know");
    let told = near.verbs();
    assert!(told.contains(&"subscription.activated".to_owned()), "{told:?}");
    assert!(!told.iter().any(|verb| verb.starts_with("plan.") || verb.starts_with("api.")), "{told:?}");
}

/// X06
#[tokio::test]
async fn only_the_owners_of_an_organization_manage_its_webhooks_and_others_do_not_learn_of_them() {
    let app = begin().await;
    let story = Story::tell(&app).await;
    let receiver = Receiver::start().await;
    let (reader, stranger) = (app.person("reader").await, app.person("stranger").await);
    let organization = &story.provider_organization;
    let path = format!("/api/v1/organizations/{organization}/members/{}", reader.id);
    story.provider.put(&path, json!({"role": "READ_ONLY"})).await.is(200);
    let made = hook(&story.provider, organization, &receiver, &["*"]).await;
    let (id, secret) = (made.str("id"), made.str("secret"));
    assert!(secret.starts_with("whsec_"));
    let tested = story.provider.post(&format!("/api/v1/webhooks/{id}/test"), json!({})).await.is(200).str("id");
    app.deliver().await;

    let paths = [
        format!("/api/v1/webhooks/{id}"),
        format!("/api/v1/webhooks/{id}/deliveries"),
        format!("/api/v1/webhooks/{id}/deliveries/{tested}"),
    ];
    let acts =
        ["enable", "disable", "rotate_secret", "test", "replay"].map(|act| format!("/api/v1/webhooks/{id}/{act}"));
    let replay = format!("/api/v1/webhooks/{id}/deliveries/{tested}/replay");
    for (who, status, code) in
        [(&stranger, 404, "not-found"), (&story.consumer, 404, "not-found"), (&reader, 403, "forbidden")]
    {
        for path in &paths {
            who.get(path).await.problem(status, code);
        }
        for path in acts.iter().chain([&replay]) {
            who.post(path, json!({})).await.problem(status, code);
        }
        who.patch(&paths[0], json!({"url": "https://example.com/"})).await.problem(status, code);
        who.delete(&paths[0]).await.problem(status, code);
        assert!(who.get("/api/v1/webhooks").await.is(200).items().is_empty());
    }
    reader.get(&format!("/api/v1/webhooks?organization={organization}")).await.problem(403, "forbidden");
    stranger.get(&format!("/api/v1/webhooks?organization={organization}")).await.problem(404, "not-found");
    let body = json!({"organization": organization, "url": receiver.url()});
    stranger.post("/api/v1/webhooks", body.clone()).await.problem(422, "invalid");
    reader.post("/api/v1/webhooks", body).await.problem(403, "forbidden");
    story.provider.post("/api/v1/webhooks", json!({"url": receiver.url()})).await.problem(403, "forbidden");
    // A delivery of one webhook is none of another's.
    let other = hook(&story.provider, organization, &receiver, &["app.*"]).await.str("id");
    let crossed = format!("/api/v1/webhooks/{other}/deliveries/{tested}/replay");
    story.provider.post(&crossed, json!({})).await.problem(404, "not-found");

    // The secret was in one answer, and is nowhere else.
    let whole = story.provider.get(&paths[0]).await.is(200).text();
    let list = story.provider.get("/api/v1/webhooks").await.is(200);
    let trail = app.admin().await.get("/api/v1/trail?limit=200").await.is(200).text();
    assert_eq!(list.items().len(), 2);
    for text in [whole, list.text(), trail] {
        assert!(!text.contains(&secret[6..]), "{text}");
    }
    if let Some(bytes) = app.database_bytes() {
        assert!(!bytes.windows(20).any(|w| w == &secret.as_bytes()[6..26]), "the database has the secret in the clear");
    }
}

/// A52
#[tokio::test]
async fn a_failing_delivery_is_tried_again_later_and_holds_back_only_what_is_about_the_same() {
    let app = begin().await;
    let story = Story::tell(&app).await;
    let (bad, good) = (Receiver::start().await, Receiver::start().await);
    let webhook =
        hook(&story.provider, &story.provider_organization, &bad, &["subscription.*", "plan.*"]).await.str("id");
    hook(&story.provider, &story.provider_organization, &good, &["subscription.*", "plan.*"]).await;
    bad.answers(|told| match told.verb().starts_with("subscription.") {
        true => Answer::status(503).saying("closed\u{1b}[31m for lunch"),
        false => Answer::status(200),
    });
    let id = story.requested().await;
    story.act(&story.provider, &id, "approve").await.is(200);
    story.act(&story.provider, &id, "activate").await.is(200);
    let body = json!({"organization": story.provider_organization, "name": "Other"});
    story.provider.post("/api/v1/plans", body).await.is(201);
    app.deliver().await;

    let steps = ["subscription.requested", "subscription.approved", "subscription.activated"];
    assert_eq!(about(&good.told(), &id), steps, "another endpoint has everything");
    assert_eq!(about(&bad.told(), &id), steps[..1], "the first was tried, the others wait for it");
    assert!(bad.verbs().contains(&"plan.created".to_owned()), "what is about something else does not");
    let seen = deliveries(&story.provider, &webhook).await;
    let first = seen.items().iter().find(|d| d["verb"] == steps[0]).expect("it is there");
    assert_eq!(
        (&first["state"], &first["tries"], &first["last"]["status"]),
        (&json!("waiting"), &json!(1), &json!(503))
    );
    assert_eq!(first["last"]["excerpt"], "closed [31m for lunch");
    let held = seen.items().iter().filter(|d| d["held"] == true).count();
    assert_eq!(held, 2, "{}", seen.text());
    let looked = story.provider.get(&format!("/api/v1/webhooks/{webhook}")).await.is(200);
    assert_eq!(looked["waiting"], 3);

    // Before its time nothing is tried again; afterwards it is, under the same id, and the rest follows in order.
    app.clock.advance_seconds(4);
    app.deliver().await;
    assert_eq!(about(&bad.told(), &id).len(), 1);
    app.clock.advance_seconds(3);
    bad.answers(|_| Answer::status(200));
    app.deliver().await;
    assert_eq!(about(&bad.told(), &id), [steps[0], steps[0], steps[1], steps[2]]);
    let ids: Vec<String> = bad.told().iter().map(|told| told.header("webhook-id").to_owned()).collect();
    assert_eq!(ids.iter().filter(|id| **id == first["id"].as_str().expect("an id")).count(), 2, "{ids:?}");
    let looked = story.provider.get(&format!("/api/v1/webhooks/{webhook}")).await.is(200);
    assert_eq!((&looked["waiting"], &looked["dead"]), (&json!(0), &json!(0)));
}

/// A52
#[tokio::test]
async fn what_an_endpoint_asks_for_is_granted_and_what_was_given_up_can_be_replayed() {
    let app = begin().await;
    let story = Story::tell(&app).await;
    let receiver = Receiver::start().await;
    let webhook = hook(&story.provider, &story.provider_organization, &receiver, &["plan.*"]).await.str("id");
    let path = format!("/api/v1/webhooks/{webhook}");
    receiver.answers(|_| Answer::status(429).with("retry-after", "600"));
    let plan = async |name: &str| {
        let body = json!({"organization": story.provider_organization, "name": name});
        story.provider.post("/api/v1/plans", body).await.is(201).str("id")
    };
    plan("One").await;
    app.deliver().await;
    app.clock.advance_seconds(599);
    app.deliver().await;
    assert_eq!(receiver.told().len(), 1, "it asked for ten minutes");
    app.clock.advance_seconds(1);
    receiver.answers(|_| Answer::status(500));
    app.deliver().await;
    assert_eq!(receiver.told().len(), 2);
    // Twelve tries, then it is given up.
    for _ in 0..12 {
        app.clock.advance_seconds(7 * 3_600);
        app.deliver().await;
    }
    assert_eq!(receiver.told().len(), 12);
    let dead = story.provider.get(&format!("{path}/deliveries?state=dead")).await.is(200);
    let [one] = dead.items() else { panic!("{}", dead.text()) };
    assert!(offers(one, "replay"));
    let looked = story.provider.get(&path).await.is(200);
    assert_eq!((&looked["dead"], &looked["waiting"]), (&json!(1), &json!(0)));

    receiver.answers(|_| Answer::status(200));
    let replayed = story.provider.post(&format!("{path}/replay"), json!({})).await.is(200);
    assert_eq!(replayed["deliveries"], 1);
    app.deliver().await;
    let told = receiver.told();
    assert_eq!(told.len(), 13);
    assert_eq!(told[12].header("webhook-id"), told[0].header("webhook-id"));
    assert_eq!(told[12].body, told[0].body);
    story.provider.post(&format!("{path}/replay"), json!({})).await.problem(409, "wrong-state");
    // One that arrived can be sent once more, too.
    let id = one["id"].as_str().expect("an id");
    story.provider.post(&format!("{path}/deliveries/{id}/replay"), json!({})).await.is(200);
    app.deliver().await;
    assert_eq!(receiver.told().len(), 14);
}

/// A52
#[tokio::test]
async fn a_webhook_that_is_gone_or_fails_for_days_is_switched_off_and_its_owners_are_told() {
    let app = begin().await;
    let story = Story::tell(&app).await;
    let (gone, silent) = (Receiver::start().await, Receiver::start().await);
    let organization = &story.provider_organization;
    let first = hook(&story.provider, organization, &gone, &["plan.*"]).await.str("id");
    let second = hook(&story.provider, organization, &silent, &["plan.*"]).await.str("id");
    gone.answers(|_| Answer::status(410));
    silent.answers(|_| Answer::status(302).with("location", "http://127.0.0.1:1/"));
    let plan = async |name: &str| {
        let body = json!({"organization": organization, "name": name});
        story.provider.post("/api/v1/plans", body).await.is(201);
    };
    plan("One").await;
    app.deliver().await;
    let looked = story.provider.get(&format!("/api/v1/webhooks/{first}")).await.is(200);
    assert_eq!((&looked["state"], &looked["fault"]), (&json!("disabled"), &json!("gone")));
    assert!(offers(&looked.json, "enable") && !offers(&looked.json, "test"));
    let told = silent.told();
    assert_eq!(told.len(), 1, "redirects are not followed");
    let seen = deliveries(&story.provider, &second).await;
    let error = seen.items()[0]["last"]["error"].as_str().expect("an error");
    assert!(error.contains("redirects"), "{error}");

    for _ in 0..6 {
        app.clock.advance_seconds(86_400);
        plan("More").await;
        app.deliver().await;
    }
    let looked = story.provider.get(&format!("/api/v1/webhooks/{second}")).await.is(200);
    assert_eq!((&looked["state"], &looked["fault"]), (&json!("disabled"), &json!("failing")));
    let inbox = story.provider.get("/api/v1/me/notices").await.is(200);
    let alerts: Vec<&str> = inbox
        .items()
        .iter()
        .filter(|n| n["verb"] == "webhook.disabled" && n["actor"]["kind"] == "system")
        .filter_map(|n| n["subject"]["id"].as_str())
        .collect();
    assert_eq!(alerts, [second.as_str(), first.as_str()]);
    // What happens while it is off is not told; what waited is, once it is on again.
    let before = gone.told().len();
    plan("Unheard").await;
    gone.answers(|_| Answer::status(200));
    story.provider.post(&format!("/api/v1/webhooks/{first}/enable"), json!({})).await.is(200);
    app.deliver().await;
    assert_eq!(gone.told().len(), before, "{:?}", gone.verbs());
    plan("Heard").await;
    app.deliver().await;
    assert_eq!(gone.told().last().expect("told").json()["data"]["subject"]["name"], "Heard");
}

/// A52
#[tokio::test]
async fn one_endpoint_that_hangs_or_cannot_be_reached_delays_no_other() {
    let app = begin().await;
    let story = Story::tell(&app).await;
    let (slow, good) = (Receiver::start().await, Receiver::start().await);
    let organization = &story.provider_organization;
    slow.hold(true);
    hook(&story.provider, organization, &slow, &["plan.*"]).await;
    let nobody: SocketAddr = testkit::free_address();
    let body = json!({"organization": organization, "url": format!("http://{nobody}/"), "events": ["plan.*"]});
    let dead = story.provider.post("/api/v1/webhooks", body).await.is(201).str("id");
    hook(&story.provider, organization, &good, &["plan.*"]).await;
    for name in ["One", "Two", "Three"] {
        let body = json!({"organization": organization, "name": name});
        story.provider.post("/api/v1/plans", body).await.is(201);
    }
    // Nobody asks for it: what runs by itself has told the good one, while the slow one has yet to answer.
    good.wait(3).await;
    slow.wait(1).await;
    assert_eq!(slow.told().len(), 1);
    slow.hold(false);
    slow.wait(3).await;
    app.deliver().await;
    // Where nobody is, one try is enough to know, whatever else happens meanwhile.
    let seen = deliveries(&story.provider, &dead).await;
    let tries: i64 = seen.items().iter().filter_map(|d| d["tries"].as_i64()).sum();
    assert!(seen.items().iter().all(|d| d["state"] == "waiting") && tries == 1, "{}", seen.text());
}

/// X06
#[tokio::test]
async fn a_new_secret_signs_beside_the_old_one_for_a_day() {
    let app = begin().await;
    let story = Story::tell(&app).await;
    let receiver = Receiver::start().await;
    let made = hook(&story.provider, &story.provider_organization, &receiver, &["plan.*"]).await;
    let (path, old) = (format!("/api/v1/webhooks/{}", made.str("id")), made.str("secret"));
    let new = story.provider.post(&format!("{path}/rotate_secret"), json!({})).await.is(200).str("secret");
    assert_ne!(old, new);
    let test = async || {
        story.provider.post(&format!("{path}/test"), json!({})).await.is(200);
        app.deliver().await;
        receiver.told().pop().expect("it was told")
    };
    let told = test().await;
    assert_eq!(told.verb(), "webhook.test", "a test is delivered whatever the webhook is told of");
    assert!(told.is_signed_by(&old) && told.is_signed_by(&new));
    assert!(story.provider.get(&path).await.is(200)["old_secret_until"].is_string());
    app.clock.advance_seconds(86_400);
    let told = test().await;
    assert!(!told.is_signed_by(&old) && told.is_signed_by(&new));
    assert!(story.provider.get(&path).await.is(200)["old_secret_until"].is_null());
}

/// X06
#[tokio::test]
async fn nothing_is_sent_to_this_machine_its_networks_or_the_program_itself() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let create = async |app: &TestApp, url: &str| {
        let story_organization = &story.provider_organization;
        let body = json!({"organization": story_organization, "url": url});
        let _own = app;
        story.provider.post("/api/v1/webhooks", body).await
    };
    // What is an address is refused at once, however it is spelled.
    for url in [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "https://192.168.0.1/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[64:ff9b::7f00:1]/",
        "http://example.com/",
        "https://user:pass@example.com/",
        "https://example.com/#fragment",
        "file:///etc/passwd",
        "gopher://example.com/",
        "//example.com",
        "",
    ] {
        let refused = create(&app, url).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], "/url", "{url}: {}", refused.text());
    }
    // A name is judged by the address that it leads to, when it is used.
    // One that leads nowhere is answered alike: which names mean something in here cannot be found out.
    let mut errors = Vec::new();
    for name in ["localhost", "nowhere.invalid"] {
        let made = create(&app, &format!("https://{name}:1/")).await.is(201).str("id");
        let tested = story.provider.post(&format!("/api/v1/webhooks/{made}/test"), json!({})).await.is(200).str("id");
        app.deliver().await;
        // What happened before may have shown that it cannot be reached, which gives it a pause.
        app.clock.advance_seconds(60);
        app.deliver().await;
        let seen = story.provider.get(&format!("/api/v1/webhooks/{made}/deliveries/{tested}")).await.is(200);
        assert!(seen["last"]["status"].is_null(), "{}", seen.text());
        errors.push(seen["last"]["error"].as_str().expect("an error").replace(name, "it"));
    }
    assert!(errors[0].contains("no address that is public"), "{errors:?}");
    assert_eq!(errors[0], errors[1]);
}

/// X06
#[tokio::test]
async fn a_private_network_that_is_allowed_still_does_not_lead_to_our_own_listeners() {
    let app = begin().await;
    let story = Story::tell(&app).await;
    let organization = &story.provider_organization;
    let own = [app.server().control, app.server().gateway, app.server().operations];
    for address in own {
        let body = json!({"organization": organization, "url": format!("http://{address}/")});
        let refused = story.provider.post("/api/v1/webhooks", body).await.problem(422, "invalid");
        assert!(refused.text().contains("this program itself"), "{}", refused.text());
        let body = json!({"organization": organization, "url": format!("http://localhost:{}/", address.port())});
        let made = story.provider.post("/api/v1/webhooks", body).await.is(201).str("id");
        story.provider.post(&format!("/api/v1/webhooks/{made}/test"), json!({})).await.is(200);
        app.deliver().await;
        // What happened before may have shown that nobody is there, which gives it a pause.
        app.clock.advance_seconds(60);
        app.deliver().await;
        let seen = deliveries(&story.provider, &made).await;
        let newest = seen.items().iter().find(|d| d["verb"] == "webhook.test").expect("the test");
        assert!(newest["last"]["status"].is_null() && newest["last"]["error"].is_string(), "{}", seen.text());
    }
}

/// X06
#[tokio::test]
async fn an_endpoint_behind_tls_is_believed_only_with_a_certificate_of_a_known_authority() {
    let authority = Authority::make();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).expect("a file");
    let app = TestApp::with(|config| {
        config.webhook_allow_networks = vec!["127.0.0.0/8".to_owned(), "::1".to_owned()];
        config.ca_file = Some(file);
    })
    .await;
    let story = Story::tell(&app).await;
    let organization = &story.provider_organization;
    let (known, unknown) = (Receiver::with(Some(&authority)).await, Receiver::with(Some(&Authority::make())).await);
    for (receiver, arrives) in [(&known, true), (&unknown, false)] {
        let made = hook(&story.provider, organization, receiver, &["plan.*"]).await.str("id");
        story.provider.post(&format!("/api/v1/webhooks/{made}/test"), json!({})).await.is(200);
        app.deliver().await;
        let seen = deliveries(&story.provider, &made).await;
        assert_eq!(seen.items()[0]["state"] == "delivered", arrives, "{}", seen.text());
        assert_eq!(receiver.told().len(), usize::from(arrives));
    }
    // Plain HTTP is not allowed here.
    let body = json!({"organization": organization, "url": "http://127.0.0.1:9/"});
    story.provider.post("/api/v1/webhooks", body).await.problem(422, "invalid");
}

/// X06
#[tokio::test]
async fn an_answer_without_end_is_cut_and_a_delivery_survives_a_restart() {
    let mut app = begin().await;
    let story = Story::tell(&app).await;
    let receiver = Receiver::start().await;
    let made = hook(&story.provider, &story.provider_organization, &receiver, &["plan.*"]).await.str("id");
    receiver.answers(|_| Answer::status(500).saying(&"x".repeat(3_000_000)));
    story.provider.post(&format!("/api/v1/webhooks/{made}/test"), json!({})).await.is(200);
    app.deliver().await;
    let seen = deliveries(&story.provider, &made).await;
    assert_eq!(seen.items()[0]["last"]["excerpt"].as_str().map(str::len), Some(500));
    receiver.answers(|_| Answer::status(200));
    app.restart().await;
    app.clock.advance_seconds(60);
    app.deliver().await;
    let told = receiver.told();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].header("webhook-id"), told[1].header("webhook-id"));
}
