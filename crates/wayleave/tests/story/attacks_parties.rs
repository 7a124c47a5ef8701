//! Ways in which those who share an installation could harm one another, and that stay closed.

use serde_json::json;
use testkit::{Actor, Postbox, Receiver, Reply, Story, TestApp};

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

/// A03
#[tokio::test]
async fn nobody_connects_the_apps_of_others_to_their_own_api_but_every_api_administrator_can_end_it() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    let path = format!("/api/v1/apis/{}/environments/production/auto_connect", story.api);
    let on = |plan: &str| json!({"enabled": true, "plan": plan});
    let actions = async |who: &Actor| {
        let api = who.get(&format!("/api/v1/apis/{}", story.api)).await.is(200);
        let all = api["admissions"].as_array().cloned().unwrap_or_default();
        let set = all.into_iter().find(|a| a["environment_slug"] == "production").expect("it is there");
        set["auto_connect"]["actions"].clone()
    };
    let refused = story.provider.put(&path, on(&story.open_plan)).await.problem(403, "forbidden");
    assert_eq!(refused["allowed_roles"], json!(["site_admin"]));
    assert_eq!(
        actions(&story.provider).await[0],
        json!({"action": "turn_on", "allowed": false, "reason": "site_administrator"})
    );
    assert_eq!(actions(&admin).await[0]["allowed"], true);
    assert_eq!(actions(&story.consumer).await[0]["reason"], "role");

    admin.put(&path, on(&story.open_plan)).await.is(200);
    story.provider.put(&path, on(&story.guarded_plan)).await.problem(403, "forbidden");
    assert_eq!(actions(&story.provider).await[1], json!({"action": "turn_off", "allowed": true}));
    story.provider.put(&path, json!({"enabled": false, "plan": story.open_plan})).await.is(200);
    story.provider.put(&path, on(&story.open_plan)).await.problem(403, "forbidden");
}

/// A03
#[tokio::test]
async fn no_more_than_fifty_apis_are_connected_when_somebody_creates_an_app() {
    let app = TestApp::start().await;
    let (story, admin) = (Story::tell(&app).await, app.admin().await);
    for n in 0..51 {
        let new = json!({"organization": story.provider_organization, "name": format!("API {n}")});
        let api = story.provider.post("/api/v1/apis", new).await.is(201).str("id");
        let plans = json!({"plans": [story.open_plan]});
        story.provider.put(&format!("/api/v1/apis/{api}/plans"), plans).await.is(200);
        let path = format!("/api/v1/apis/{api}/environments/production/auto_connect");
        let set = admin.put(&path, json!({"enabled": true, "plan": story.open_plan})).await;
        if n < 50 {
            set.is(200);
        } else {
            let refused = set.problem(422, "invalid");
            assert_eq!(refused["errors"][0]["pointer"], "/enabled");
            assert!(refused["detail"].as_str().is_some_and(|text| text.contains("50")), "{}", refused.text());
        }
    }
}

/// A program whose webhooks may lead to this machine, over plain HTTP.
async fn begin() -> TestApp {
    TestApp::with(|config| {
        config.webhook_allow_networks = vec!["127.0.0.0/8".to_owned()];
        config.webhook_allow_http = true;
    })
    .await
}

async fn hook(who: &Actor, organization: &str, receiver: &Receiver, event: &str) {
    let body = json!({"organization": organization, "url": receiver.url(), "events": [event]});
    who.post("/api/v1/webhooks", body).await.is(201);
}

/// A52
#[tokio::test]
async fn endpoints_that_never_answer_hold_back_nobody_elses() {
    let app = begin().await;
    let story = Story::tell(&app).await;
    let (thief, bad, good) = (app.person("thief").await, Receiver::start().await, Receiver::start().await);
    bad.hold(true);
    for name in ["One", "Other"] {
        let organization = found(&thief, name).await;
        for _ in 0..40 {
            hook(&thief, &organization, &bad, "organization.edited").await;
        }
        thief.patch(&format!("/api/v1/organizations/{organization}"), json!({"description": "Slow"})).await.is(200);
    }
    app.settle().await;
    app.clock.advance_seconds(1);
    hook(&story.provider, &story.provider_organization, &good, "plan.created").await;
    let plan = json!({"organization": story.provider_organization, "name": "Other"});
    story.provider.post("/api/v1/plans", plan).await.is(201);
    let watch = async {
        good.wait(1).await;
        let holding = bad.told().len();
        bad.hold(false);
        holding
    };
    let ((), holding) = tokio::join!(app.deliver(), watch);
    assert!(holding <= 32, "two organizations hold {holding} places");
    assert_eq!(bad.told().len(), 80, "in the end they have theirs too");
}

/// A12 X06
#[tokio::test]
async fn where_a_webhook_leads_to_is_on_no_board_of_those_who_do_not_manage_it() {
    let app = begin().await;
    let story = Story::tell(&app).await;
    let organization = format!("/api/v1/organizations/{}", story.provider_organization);
    let (reader, follower) = (app.person("reader").await, app.person("follower").await);
    for who in [&reader, &follower] {
        let path = format!("{organization}/members/{}", who.id);
        story.provider.put(&path, json!({"role": "READ_ONLY"})).await.is(200);
    }
    follower.put(&format!("{organization}/follow"), json!({})).await.is(200);
    let url = "https://hooks.example.com:8443/services/T0000/B0000/secretword?key=other";
    let body = json!({"organization": story.provider_organization, "url": url});
    let id = story.provider.post("/api/v1/webhooks", body).await.is(201).str("id");
    let edit = json!({"url": "https://hooks.example.com:8443/services/another-word"});
    story.provider.patch(&format!("/api/v1/webhooks/{id}"), edit).await.is(200);
    app.settle().await;

    let board = format!("{organization}/board?limit=200");
    for (who, path) in [(&reader, board.as_str()), (&follower, board.as_str()), (&follower, "/api/v1/me/dashboard")] {
        let seen = who.get(path).await.is(200);
        assert!(!seen.items().is_empty() && !seen.text().contains("hooks.example.com"), "{path}: {}", seen.text());
        assert!(seen.items().iter().all(|it| it["verb"] != "webhook.created"), "{path}: {}", seen.text());
    }
    let managed = story.provider.get(&format!("{board}&kind=webhook")).await.is(200);
    assert_eq!(managed.items().len(), 2);
    assert_eq!(managed.items()[1]["detail"]["after"]["url"], "https://hooks.example.com:8443");
    let trail = app.admin().await.get("/api/v1/trail?limit=200&verb=webhook.").await.is(200).text();
    assert!(!trail.contains("secretword") && !trail.contains("another-word"), "{trail}");
}

/// C79
#[tokio::test]
async fn nobody_has_somebody_elses_postbox_filled_with_links_to_confirm() {
    let postbox = Postbox::start().await;
    let app = TestApp::with(crate::mails::through(&postbox)).await;
    let to = |address: &str| {
        let is_there = |to: &String| to.eq_ignore_ascii_case(address);
        postbox.mails().iter().filter(|mail| mail.to.iter().any(is_there)).count()
    };
    let register = async |n: usize, email: &str| {
        let body = json!({"username": format!("newcomer-{n}"), "email": email, "password": "a long enough phrase"});
        app.nobody().post("/api/v1/users", body).await.is(201);
    };
    for n in 0..5 {
        register(n, if n % 2 == 0 { "victim@example.com" } else { "Victim@Example.com" }).await;
    }
    register(5, "other@example.com").await;
    app.deliver().await;
    assert_eq!((to("victim@example.com"), to("other@example.com")), (3, 1));
    // Nor by entering another address and the victim's again.
    let thief = app.person("thief").await;
    for email in ["elsewhere@example.com", "victim@example.com"] {
        app.clock.advance_seconds(121);
        thief.patch("/api/v1/me", json!({"email": email})).await.is(200);
        app.deliver().await;
    }
    assert_eq!((to("victim@example.com"), to("elsewhere@example.com")), (3, 1));
    app.clock.advance_seconds(3_600);
    register(6, "victim@example.com").await;
    app.deliver().await;
    assert_eq!(to("victim@example.com"), 4);
}

/// C72
#[tokio::test]
async fn who_only_reads_an_app_says_nothing_in_its_name() {
    let app = TestApp::start().await;
    let (story, reader) = (Story::tell(&app).await, app.person("reader").await);
    let seat = format!("/api/v1/apps/{}/team/{}", story.app, reader.id);
    story.consumer.put(&seat, json!({"role": "READ_ONLY"})).await.is(200);
    let id = story.requested().await;
    let path = format!("/api/v1/subscriptions/{id}/comments");
    reader.get(&format!("/api/v1/subscriptions/{id}")).await.is(200);
    reader.post(&path, json!({"comment": "We withdraw"})).await.problem(403, "forbidden");
    story.consumer.put(&seat, json!({"role": "DEVELOPER"})).await.is(200);
    reader.post(&path, json!({"comment": "We wait"})).await.is(200);
}

/// X06
#[tokio::test]
async fn nobody_finds_an_api_by_the_words_of_a_draft() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let titled = |title: &str| {
        let mut document = testkit::petstore();
        document["info"]["title"] = json!(title);
        document
    };
    let path = format!("/api/v1/versions/{}/document", story.version);
    story.provider.put(&path, titled("Nightfall")).await.is(200);
    story.provider.post(&format!("/api/v1/apis/{}/versions?name=v9", story.api), titled("Daybreak")).await.is(201);
    app.settle().await;
    for word in ["nightfall", "daybreak"] {
        assert!(story.consumer.get(&format!("/api/v1/search?q={word}")).await.is(200).items().is_empty(), "{word}");
        assert!(story.consumer.get(&format!("/api/v1/apis?q={word}")).await.is(200).items().is_empty(), "{word}");
    }
    let publish = format!("/api/v1/versions/{}/publications/production", story.version);
    story.provider.put(&publish, json!({"destination": story.destination})).await.is(200);
    app.settle().await;
    assert_eq!(story.consumer.get("/api/v1/search?q=nightfall").await.is(200).items().len(), 1);
}

#[tokio::test]
async fn no_name_looks_like_another_by_characters_that_nobody_sees() {
    let app = TestApp::start().await;
    let (story, somebody) = (Story::tell(&app).await, app.person("somebody").await);
    for name in ["Ad\u{200b}min", "nimdA\u{202e}", "\u{2067}Shop", "Sh\u{feff}op"] {
        for (path, pointer) in
            [("/api/v1/me".to_owned(), "display_name"), (format!("/api/v1/apps/{}", story.app), "name")]
        {
            let who = if pointer == "name" { &story.consumer } else { &somebody };
            let refused = who.patch(&path, json!({pointer: name})).await.problem(422, "invalid");
            assert_eq!(refused["errors"][0]["pointer"], format!("/{pointer}"));
        }
    }
    somebody.patch("/api/v1/me", json!({"display_name": "👩\u{200d}🚀 Ägnes"})).await.is(200);
}

/// Puts somebody on the team of the story's app, or elsewhere in it.
async fn seat(story: &Story, who: &Actor, role: &str) {
    let path = format!("/api/v1/apps/{}/team/{}", story.app, who.id);
    story.consumer.put(&path, json!({"role": role})).await.is(200);
}

/// The notices and the dashboard of this person.
async fn feeds(who: &Actor) -> [Reply; 2] {
    let read = async |path: &str| who.get(path).await.is(200);
    [read("/api/v1/me/notices?limit=200").await, read("/api/v1/me/dashboard?limit=200").await]
}

fn verbs(reply: &Reply) -> Vec<String> {
    reply.items().iter().filter_map(|it| it["verb"].as_str().map(str::to_owned)).collect()
}

/// A52 A13
#[tokio::test]
async fn who_has_left_a_team_hears_nothing_more_of_what_they_once_asked_for() {
    let postbox = Postbox::start().await;
    let app = TestApp::with(crate::mails::through(&postbox)).await;
    let story = Story::tell(&app).await;
    let (leaver, member) = (app.person("leaver").await, app.person("member").await);
    for who in [&leaver, &member] {
        seat(&story, who, "OWNER").await;
    }
    let ask = async |who: &Actor, environment: &str| {
        let body =
            json!({"apps": [story.app], "api": story.api, "environment": environment, "plan": story.guarded_plan});
        who.post("/api/v1/subscriptions", body).await.is(201)["items"][0]["id"].as_str().expect("an id").to_owned()
    };
    let (left, kept) = (ask(&leaver, "production").await, ask(&member, "sandbox").await);
    let say = async |id: &str, words: &str| {
        let path = format!("/api/v1/subscriptions/{id}/comments");
        story.provider.post(&path, json!({"comment": words})).await.is(200);
    };
    say(&left, "Which volume do you expect?").await;
    app.settle().await;
    assert!(feeds(&leaver).await.iter().all(|feed| feed.text().contains("Which volume")));

    story.consumer.delete(&format!("/api/v1/apps/{}/team/{}", story.app, leaver.id)).await.is(200);
    for id in [&left, &kept] {
        say(id, "The price is secret").await;
        story.act(&story.provider, id, "approve").await.is(200);
    }
    let edit = json!({"description": "Another one"});
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), edit).await.is(200);
    app.deliver().await;
    leaver.get(&format!("/api/v1/subscriptions/{left}")).await.problem(404, "not-found");
    let told = feeds(&leaver).await;
    for feed in &told {
        assert!(!feed.text().contains("The price is secret"), "{}", feed.text());
        assert!(!verbs(feed).contains(&"subscription.approved".to_owned()), "{}", feed.text());
        assert!(!verbs(feed).contains(&"api.edited".to_owned()), "{}", feed.text());
    }
    // What happened to the person is still told, and what they did.
    for own in ["app.member_set", "app.member_removed", "subscription.requested"] {
        assert!(verbs(&told[1]).contains(&own.to_owned()), "{own}: {}", told[1].text());
    }
    for feed in feeds(&member).await {
        assert!(feed.text().contains("The price is secret"), "{}", feed.text());
    }
    let mut mailed = postbox.mails();
    mailed.retain(|mail| mail.text().contains("The price is secret"));
    assert!(!mailed.is_empty() && mailed.iter().flat_map(|mail| &mail.to).all(|to| to != "leaver@example.com"));
    // The owners hear of the API in place of whoever has left.
    assert!(verbs(&feeds(&story.consumer).await[0]).contains(&"api.edited".to_owned()));
}

/// A52
#[tokio::test]
async fn who_reads_an_app_with_its_organization_or_until_it_is_deleted_goes_on_hearing_of_it() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.requested().await;
    let other = app.person("other").await;
    seat(&story, &other, "OWNER").await;
    story.consumer.delete(&format!("/api/v1/apps/{}/team/{}", story.app, story.consumer.id)).await.is(200);
    story.act(&story.provider, &id, "approve").await.is(200);
    app.settle().await;
    for feed in feeds(&story.consumer).await {
        assert!(verbs(&feed).contains(&"subscription.approved".to_owned()), "{}", feed.text());
    }
    seat(&story, &story.consumer, "DEVELOPER").await;
    other.delete(&format!("/api/v1/apps/{}", story.app)).await.is(200);
    app.settle().await;
    for feed in feeds(&story.consumer).await {
        assert!(verbs(&feed).contains(&"subscription.cancelled".to_owned()), "{}", feed.text());
    }
}

/// A23 X06
#[tokio::test]
async fn what_one_may_not_see_any_more_has_no_name_in_ones_own_feeds() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (fan, former) = (app.person("fan").await, app.person("former").await);
    fan.put(&format!("/api/v1/apis/{}/follow", story.api), json!({})).await.is(200);
    let seats = [
        format!("/api/v1/apis/{}/administrators/{}", story.api, former.id),
        format!("/api/v1/organizations/{}/members/{}", story.provider_organization, former.id),
        format!("/api/v1/apps/{}/team/{}", story.app, former.id),
    ];
    story.provider.put(&seats[0], json!(null)).await.is(200);
    story.provider.put(&seats[1], json!({"role": "READ_ONLY"})).await.is(200);
    story.consumer.put(&seats[2], json!({"role": "READ_ONLY"})).await.is(200);
    let todo = json!({"api": story.api, "title": "Renew the key", "assignee": former.id});
    let todo = story.provider.post("/api/v1/tasks", todo).await.is(201).str("id");
    story.requested().await;
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), json!({"description": "News"})).await.is(200);
    app.settle().await;
    let before = feeds(&former).await;
    for name in ["Pets", "Provider", "Shop", "Renew the key"] {
        assert!(before.iter().any(|feed| feed.text().contains(&format!("\"name\":\"{name}\""))), "{name}");
    }

    for (who, path) in [(&story.provider, &seats[0]), (&story.provider, &seats[1]), (&story.consumer, &seats[2])] {
        who.delete(path).await.is(200);
    }
    let hidden = json!({"visibility": "private", "name": "Nightfall API"});
    for (who, path, body) in [
        (&story.provider, format!("apis/{}", story.api), hidden),
        (&story.provider, format!("tasks/{todo}"), json!({"title": "Nightfall to-do"})),
        (&story.provider, format!("organizations/{}", story.provider_organization), json!({"name": "Nightfall Ltd"})),
        (&story.consumer, format!("apps/{}", story.app), json!({"name": "Nightfall app"})),
    ] {
        who.patch(&format!("/api/v1/{path}"), body).await.is(200);
    }
    app.settle().await;
    for who in [&fan, &former] {
        for feed in feeds(who).await {
            assert!(!feed.items().is_empty() && !feed.text().contains("Nightfall"), "{}", feed.text());
        }
    }
    assert_eq!(verbs(&feeds(&former).await[0]), verbs(&before[0]));
    let followed = feeds(&fan).await[1].items().iter().find(|it| it["verb"] == "follow.started").cloned();
    let followed = followed.expect("the entry stays");
    assert_eq!(followed["subject"], json!({"kind": "api", "id": story.api}));
}

/// A13 X06
#[tokio::test]
async fn the_two_ends_of_a_subscription_are_named_to_one_another() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.requested().await;
    let hidden = json!({"visibility": "private", "name": "Nightfall"});
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), hidden).await.is(200);
    story.act(&story.provider, &id, "approve").await.is(200);
    app.settle().await;
    for who in [&story.provider, &story.consumer] {
        for feed in feeds(who).await {
            let about = feed.items().iter().find(|it| it["subject"]["id"] == *id).cloned().expect("it is there");
            assert_eq!(about["subject"]["name"], "Shop > Nightfall", "{about}");
        }
    }
    let news = json!({"description": "News"});
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), news).await.is(200);
    app.settle().await;
    let notices = &feeds(&story.consumer).await[0];
    let edited = notices.items().iter().find(|it| it["verb"] == "api.edited").expect("a subscriber is told");
    assert_eq!(edited["subject"]["name"], "Nightfall");
}
