//! Ways around the rules that somebody found once, and that stay closed.

use serde_json::json;
use testkit::{Story, TestApp};
use tokio::task::JoinSet;

#[tokio::test]
async fn guessing_a_password_many_times_at_once_is_no_faster() {
    let app = TestApp::start().await;
    let victim = app.person("victim").await;
    let mut guesses = JoinSet::new();
    for n in 0..30 {
        let (nobody, name) = (app.nobody(), victim.name.clone());
        let body = json!({"username": name, "password": format!("a wrong phrase, number {n}")});
        guesses.spawn(async move { nobody.post("/api/v1/session", body).await.status.as_u16() });
    }
    let answers = guesses.join_all().await;
    let count = |status: u16| answers.iter().filter(|s| **s == status).count();
    assert_eq!((count(401), count(429)), (10, 20), "{answers:?}");
}

#[tokio::test]
async fn the_old_password_cannot_be_guessed_with_a_session_either() {
    let app = TestApp::start().await;
    let victim = app.person("victim").await;
    let guess = json!({"old_password": "a wrong phrase", "password": "the thief's own phrase"});
    for _ in 0..10 {
        victim.post("/api/v1/me/password", guess.clone()).await.problem(422, "invalid");
    }
    victim.post("/api/v1/me/password", guess).await.problem(429, "slow-down");
}

/// The gateway shows what upstreams answer under another port of the portal's host: for a browser that is the same site.
#[tokio::test]
async fn a_page_of_the_same_site_but_another_origin_signs_nobody_in() {
    let app = TestApp::start().await;
    let thief = app.person("thief").await;
    let body = json!({"username": thief.name, "password": "a long enough phrase"});
    for site in ["same-site", "cross-site"] {
        let page = app.nobody().with("sec-fetch-site", site);
        page.post("/api/v1/session", body.clone()).await.problem(403, "cross-site");
    }
    app.nobody().with("sec-fetch-site", "same-origin").post("/api/v1/session", body).await.is(200);
}

#[tokio::test]
async fn nobody_gives_their_own_client_a_look_at_tokens_of_others() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let client = format!("/api/v1/clients/{}", story.client);
    let wanted = json!({"allowed_scopes": ["pets.read", "token.introspect"]});
    let refused = story.consumer.patch(&client, wanted.clone()).await;
    assert_eq!(refused.problem(403, "forbidden")["errors"][0]["pointer"], "/allowed_scopes/1");
    let made = json!({"app": story.app, "name": "Nosy", "allowed_scopes": ["token.introspect"]});
    story.consumer.post("/api/v1/clients", made).await.problem(403, "forbidden");
    app.admin().await.patch(&client, wanted.clone()).await.is(200);
    // Once given it may stay while the owner changes the rest.
    story.consumer.patch(&client, wanted).await.is(200);
}

#[tokio::test]
async fn asking_again_is_no_way_around_a_plan_that_was_taken_back_or_terms_that_have_changed() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let plans = format!("/api/v1/apis/{}/plans", story.api);
    let offer = async |plans_now: &[&str]| story.provider.put(&plans, json!({"plans": plans_now})).await.is(200);
    let id = story.requested().await;
    story.act(&story.provider, &id, "reject").await.is(200);

    offer(&[&story.open_plan]).await;
    story.act(&story.consumer, &id, "resubmit").await.problem(409, "wrong-state");
    offer(&[&story.open_plan, &story.guarded_plan]).await;
    let terms = json!({"title": "Terms", "text": "New ones."});
    story.provider.post(&format!("/api/v1/apis/{}/agreements", story.api), terms).await.is(201);
    story.act(&story.consumer, &id, "resubmit").await.problem(409, "wrong-state");
    let seen = story.consumer.get(&format!("/api/v1/subscriptions/{id}")).await.is(200);
    assert_eq!(seen["state"], "rejected");
}

#[tokio::test]
async fn an_api_that_has_become_private_is_not_named_to_those_who_followed_it() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let fan = app.person("fan").await;
    fan.put(&format!("/api/v1/apis/{}/follow", story.api), json!({})).await.is(200);
    let hidden = json!({"visibility": "private", "name": "Project Nightfall"});
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), hidden).await.is(200);
    for path in ["/api/v1/me/connections", "/api/v1/me/follows", "/api/v1/me/notices"] {
        let seen = fan.get(path).await.is(200);
        assert!(!seen.text().contains("Nightfall"), "{path}: {}", seen.text());
    }
}

#[tokio::test]
async fn the_terms_of_a_private_api_are_there_only_for_those_who_have_to_do_with_it() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let stranger = app.person("stranger").await;
    let terms = [
        format!("/api/v1/plans/{}", story.guarded_plan),
        format!("/api/v1/limit_groups/{}", story.limit_group),
        format!("/api/v1/ceptor/subscription_plans/{}", story.guarded_plan),
        format!("/api/v1/ceptor/ratelimit_groups/{}", story.limit_group),
    ];
    for path in &terms {
        stranger.get(path).await.is(200);
    }
    story.requested().await;
    let hidden = json!({"visibility": "private"});
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), hidden).await.is(200);
    for path in &terms {
        assert!(stranger.get(path).await.problem(404, "not-found").text().contains("There is no"), "{path}");
        story.provider.get(path).await.is(200);
        story.consumer.get(path).await.is(200);
        app.admin().await.get(path).await.is(200);
    }
}

#[tokio::test]
async fn a_plan_that_no_api_offers_to_strangers_is_not_there_for_them() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (stranger, admin) = (app.person("stranger").await, app.admin().await);
    let (api, guarded) = (format!("/api/v1/apis/{}", story.api), format!("/api/v1/plans/{}", story.guarded_plan));
    // What the API may offer is narrowed by its profile afterwards.
    let profile = admin.post("/api/v1/profiles", json!({"name": "Narrow"})).await.is(201).str("id");
    story.provider.patch(&api, json!({"profile": profile})).await.is(200);
    stranger.get(&guarded).await.is(200);
    let narrowed = json!({"subscription_plans": [story.open_plan, story.guarded_plan]});
    admin.patch(&format!("/api/v1/profiles/{profile}"), narrowed).await.is(200);
    story.requested().await;
    let narrowed = json!({"subscription_plans": [story.open_plan]});
    admin.patch(&format!("/api/v1/profiles/{profile}"), narrowed).await.is(200);
    stranger.get(&guarded).await.problem(404, "not-found");
    stranger.get(&format!("/api/v1/plans/{}", story.open_plan)).await.is(200);
    for path in [guarded.clone(), format!("/api/v1/limit_groups/{}", story.limit_group)] {
        stranger.get(&path).await.problem(404, "not-found");
        story.consumer.get(&path).await.is(200);
    }
    // Nor is one that is retired, whoever had chosen to offer it.
    admin.patch(&api, json!({"profile": null})).await.is(200);
    story.provider.put(&format!("{api}/plans"), json!({"plans": [story.guarded_plan]})).await.is(200);
    stranger.get(&guarded).await.is(200);
    story.provider.post(&format!("{guarded}/retire"), json!({})).await.is(200);
    stranger.get(&guarded).await.problem(404, "not-found");
    story.consumer.get(&guarded).await.is(200);
}

#[tokio::test]
async fn a_profile_does_not_name_the_plans_of_others() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let stranger = app.person("stranger").await;
    stranger.post("/api/v1/organizations", json!({"name": "Of a stranger"})).await.is(201);
    let body = json!({"name": "Fence", "subscription_plans": [story.guarded_plan]});
    let profile = app.admin().await.post("/api/v1/profiles", body).await.is(201).str("id");
    let path = format!("/api/v1/profiles/{profile}");
    assert_eq!(stranger.get(&path).await.is(200)["plans"], json!([]));
    assert_eq!(story.provider.get(&path).await.is(200)["plans"][0]["name"], "Guarded");
}

/// C78
#[tokio::test]
async fn what_stands_behind_the_gateway_is_no_address_for_readers() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let mut document = testkit::petstore();
    document["servers"] = json!([{"url": "https://upstream.internal.example/v2"}]);
    document["paths"]["/pets"]["servers"] = json!([{"url": "https://pets.internal.example"}]);
    let version = format!("/api/v1/versions/{}", story.version);
    let public = json!({"visibility": "public"});
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), public).await.is(200);
    story.provider.put(&format!("{version}/document"), document).await.is(200);
    let publication = format!("{version}/publications/production");
    story.provider.put(&publication, json!({"destination": story.destination})).await.is(200);
    assert!(story.provider.get(&format!("{version}/document")).await.is(200).text().contains("upstream.internal"));
    for path in ["document", "reference", "reference?environment=production"] {
        for reader in [&app.nobody(), &story.consumer] {
            let read = reader.get(&format!("{version}/{path}")).await.is(200).text();
            assert!(!read.contains("internal.example") && read.contains("/pets/v1"), "{path}: {read}");
        }
    }
}

#[tokio::test]
async fn a_destination_does_not_lead_to_the_programs_own_listeners() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.subscribed().await;
    let destination = format!("/api/v1/destinations/{}", story.destination);
    for own in [app.server().operations, app.server().control] {
        for url in [format!("http://{own}"), format!("http://0.0.0.0:{}", own.port())] {
            story.provider.patch(&destination, json!({"url": url})).await.is(200);
            app.keyed(&story.key).get(testkit::PETS).await.problem(502, "upstream-unreachable");
        }
    }
    story.provider.patch(&destination, json!({"url": app.upstream.url()})).await.is(200);
    app.keyed(&story.key).get(testkit::PETS).await.is(200);
}
