//! Agreements: the states of a text, what is accepted in which version, and the platform's own text at sign-in.

use crate::browser::{Browser, hidden};
use crate::requests::allowed;
use serde_json::{Value, json};
use testkit::{Actor, PETS, Reply, Story, TestApp};

async fn act(who: &Actor, agreement: &str, action: &str) -> Reply {
    who.post(&format!("/api/v1/agreements/{agreement}/{action}"), json!({})).await
}

/// A text of the API in this state; answers its id.
async fn text(story: &Story, title: &str, state: &str) -> String {
    let path = format!("/api/v1/apis/{}/agreements", story.api);
    let body = json!({"title": title, "text": format!("# {title}\n\nBe kind."), "state": state});
    let made = story.provider.post(&path, body).await.is(201);
    assert_eq!(made["state"], state);
    made.str("id")
}

/// A18
#[tokio::test]
async fn a_text_is_uploaded_published_activated_and_retired_and_nobody_reads_it_before_its_time() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let draft = text(&story, "First", "uploaded").await;
    let path = format!("/api/v1/agreements/{draft}");
    let seen = story.provider.get(&path).await.is(200);
    assert_eq!(allowed(&seen.json), ["edit", "publish", "delete"]);
    for outsider in [&story.consumer, &app.person("stranger").await] {
        outsider.get(&path).await.problem(404, "not-found");
        for action in ["publish", "activate", "retire"] {
            act(outsider, &draft, action).await.problem(404, "not-found");
        }
        assert!(outsider.get(&format!("/api/v1/apis/{}/agreements", story.api)).await.is(200).items().is_empty());
    }
    act(&story.provider, &draft, "activate").await.problem(409, "wrong-state");
    story.provider.patch(&path, json!({"title": "First, mended", "text": "Be very kind."})).await.is(200);
    act(&story.provider, &draft, "publish").await.is(200);
    let public = story.consumer.get(&path).await.is(200);
    assert_eq!((&public["title"], &public["state"]), (&json!("First, mended"), &json!("published")));
    assert_eq!(allowed(&public.json), [""; 0]);
    // What could be read never changes, and is not thrown away.
    story.provider.patch(&path, json!({"text": "Pay"})).await.problem(409, "wrong-state");
    story.provider.delete(&path).await.problem(409, "wrong-state");
    for action in ["activate", "retire"] {
        act(&story.consumer, &draft, action).await.problem(403, "forbidden");
    }
    // It is not answered before it is active.
    let asked = |agreement: Value| {
        json!({"apps": [story.app], "api": story.api, "environment": "production", "plan": story.open_plan,
               "agreement": agreement})
    };
    let early = asked(json!({"agreement": draft, "answer": "accepted"}));
    story.consumer.post("/api/v1/subscriptions", early.clone()).await.problem(422, "invalid");
    app.clock.advance_seconds(60);
    let active = act(&story.provider, &draft, "activate").await.is(200);
    assert_eq!((&active["active"], &active["activated_at"]), (&json!(true), &json!(app.clock.now().to_string())));
    story.consumer.post("/api/v1/subscriptions", early).await.is(201);
    act(&story.provider, &draft, "retire").await.is(200);
    assert_eq!(story.consumer.get(&path).await.is(200)["state"], "retired");
    for action in ["publish", "activate", "retire"] {
        act(&story.provider, &draft, action).await.problem(409, "wrong-state");
    }
    story.request("sandbox", &story.open_plan).await.is(201);
    let second = text(&story, "Thrown away", "uploaded").await;
    story.provider.delete(&format!("/api/v1/agreements/{second}")).await.is(200);
    story.provider.get(&format!("/api/v1/agreements/{second}")).await.problem(404, "not-found");
}

/// A18 A19
#[tokio::test]
async fn a_new_version_leaves_subscriptions_as_they_are_and_other_terms_need_the_new_one() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let first = text(&story, "First", "active").await;
    let body = json!({"apps": [story.app], "api": story.api, "environment": "production", "plan": story.open_plan,
                      "agreement": {"agreement": first, "answer": "accepted"}});
    let made = story.consumer.post("/api/v1/subscriptions", body).await.is(201);
    let id = made["items"][0]["id"].as_str().unwrap().to_owned();
    let (path, revisions) = (format!("/api/v1/subscriptions/{id}"), format!("/api/v1/subscriptions/{id}/revisions"));
    assert_eq!(made["items"][0]["agreement_is_current"], true);
    app.clock.advance_seconds(60);
    let second = text(&story, "Second", "active").await;
    assert_eq!(story.provider.get(&format!("/api/v1/agreements/{first}")).await.is(200)["state"], "retired");
    let kept = story.consumer.get(&path).await.is(200);
    assert_eq!((&kept["agreement"]["number"], &kept["agreement_is_current"]), (&json!(1), &json!(false)));
    app.keyed(&story.key).get(PETS).await.is(200);
    // Whoever asks for other terms answers the text of today; a no is recorded and asks for nothing.
    let wish = json!({"plan": story.guarded_plan});
    let reply = story.consumer.post(&revisions, wish.clone()).await.problem(422, "invalid");
    assert_eq!(reply["agreement"], second);
    let answered =
        |answer: &str| json!({"plan": story.guarded_plan, "agreement": {"agreement": second, "answer": answer}});
    story.consumer.post(&revisions, answered("declined")).await.problem(422, "invalid");
    assert!(story.consumer.get(&revisions).await.is(200).items().is_empty());
    app.clock.advance_seconds(60);
    let asked = story.consumer.post(&revisions, answered("accepted")).await.is(201);
    assert_eq!(asked["agreement"]["number"], 1, "until the new terms hold");
    let revision = asked["revision"]["id"].as_str().unwrap().to_owned();
    for action in ["approve", "activate"] {
        story.provider.post(&format!("{revisions}/{revision}/{action}"), json!({})).await.is(200);
    }
    let now = story.consumer.get(&path).await.is(200);
    assert_eq!((&now["agreement"]["number"], &now["agreement_is_current"]), (&json!(2), &json!(true)));

    // Who answered what, in which version, filtered and as a table.
    let answers = format!("/api/v1/agreements/{second}/acceptances");
    let all = story.provider.get(&answers).await.is(200);
    let said: Vec<&str> = all.items().iter().filter_map(|a| a["answer"].as_str()).collect();
    assert_eq!(said, ["declined", "accepted"]);
    assert!(all.items().iter().all(|a| a["number"] == 2 && a["user"]["id"] == story.consumer.id));
    let yes = story.provider.get(&format!("{answers}?answer=accepted&user={}", story.consumer.id)).await.is(200);
    assert_eq!(yes.items().len(), 1);
    assert!(story.provider.get(&format!("{answers}?user={}", story.provider.id)).await.is(200).items().is_empty());
    story.provider.get(&format!("{answers}?answer=maybe")).await.problem(422, "invalid");
    let table = story.provider.get(&format!("{answers}.csv")).await.is(200);
    assert!(table.header("content-type").starts_with("text/csv"));
    let lines: Vec<String> = table.text().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(
        lines[1].contains("\"declined\"") && lines[2].contains(&format!("\"{}\"", story.consumer.name)),
        "{lines:?}"
    );
    for path in [&answers, &format!("{answers}.csv")] {
        story.consumer.get(path).await.problem(403, "forbidden");
        app.nobody().get(path).await.problem(401, "unauthenticated");
    }
}

/// A18 X06
#[tokio::test]
async fn a_name_that_a_spreadsheet_would_run_is_words_in_the_table() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let first = text(&story, "First", "active").await;
    story.consumer.patch("/api/v1/me", json!({"display_name": "=cmd|' /C calc'!\"A1\""})).await.is(200);
    let body = json!({"apps": [story.app], "api": story.api, "environment": "production", "plan": story.open_plan,
                      "agreement": {"agreement": first, "answer": "accepted"}});
    story.consumer.post("/api/v1/subscriptions", body).await.is(201);
    let table = story.provider.get(&format!("/api/v1/agreements/{first}/acceptances.csv")).await.is(200).text();
    assert!(table.contains("\"'=cmd|' /C calc'!\"\"A1\"\"\""), "{table}");
}

/// Over the interface as well, once, and only the active one.
async fn answers_once(who: &Actor, retired: &str, active: &str) {
    let answer = |id: &str| format!("/api/v1/agreements/{id}/answer");
    who.post(&answer(retired), json!({"answer": "accepted"})).await.problem(409, "wrong-state");
    who.post(&answer(active), json!({"answer": "maybe"})).await.problem(422, "invalid");
    who.post(&answer(active), json!({"answer": "accepted"})).await.is(200);
    who.post(&answer(active), json!({"answer": "declined"})).await.problem(409, "wrong-state");
}

/// A18 X08
#[tokio::test]
async fn everybody_accepts_the_text_of_the_platform_at_sign_in_and_again_when_it_changes() {
    let app = TestApp::start().await;
    let (admin, person) = (app.admin().await, app.person("person").await);
    let (other, newcomer) = (app.person("other").await, app.person("newcomer").await);
    let mut browser = Browser::new(&app);
    browser.sign_in(&person.name, "a long enough phrase").await;
    browser.actor().get("/api/v1/me").await.is(200);
    let upload = async |title: &str| {
        let body = json!({"title": title, "text": "No **harm**. <script>alert(1)</script>"});
        person.post("/api/v1/agreements", body.clone()).await.problem(403, "forbidden");
        admin.post("/api/v1/agreements", body).await.is(201).str("id")
    };
    let first = upload("House rules").await;
    // The session that is open meets it, too; it can read and answer it, and nothing else.
    let stopped = browser.actor().get("/api/v1/me").await.problem(403, "agreement-required");
    assert_eq!(stopped["agreement"], first);
    browser.actor().get(&format!("/api/v1/agreements/{first}")).await.is(200);
    person.get("/api/v1/me").await.is(200);

    let asked = browser.open("/apps?state=active").await.is(303).header("location").to_owned();
    assert_eq!(asked, "/agreement?return_to=%2Fapps%3Fstate%3Dactive");
    let page = browser.open(&asked).await.is(200).text();
    assert!(page.contains("House rules") && page.contains("<strong>harm</strong>"), "{page}");
    assert!(!page.contains("<script>"), "{page}");
    assert!(hidden(&page).contains(&("agreement".to_owned(), first.clone())));
    // Another version meanwhile: an answer to the old one counts for nothing.
    let second = upload("House rules, mended").await;
    let moved = browser.answer(&page, &[("answer", "accepted")]).await.is(409).text();
    assert!(moved.contains("House rules, mended"));
    let done = browser.answer(&moved, &[("answer", "accepted")]).await.is(303);
    assert_eq!(done.header("location"), "/apps?state=active");
    browser.actor().get("/api/v1/me").await.is(200);
    let kept = admin.get(&format!("/api/v1/agreements/{second}/acceptances")).await.is(200);
    let [answer] = kept.items() else { panic!("one answer: {}", kept.text()) };
    assert_eq!((&answer["user"]["id"], &answer["answer"]), (&json!(person.id), &json!("accepted")));
    assert_eq!((&answer["request"], &answer["answered_at"]), (&Value::Null, &json!(app.clock.now().to_string())));
    assert!(admin.get(&format!("/api/v1/agreements/{first}/acceptances")).await.is(200).items().is_empty());
    person.get(&format!("/api/v1/agreements/{second}/acceptances")).await.problem(403, "forbidden");

    // Somebody new declines: it is recorded, and they are out.
    let mut browser = Browser::new(&app);
    browser.sign_in(&other.name, "a long enough phrase").await;
    let page = browser.open("/agreement").await.is(200).text();
    let out = browser.answer(&page, &[("answer", "declined")]).await.is(303);
    assert_eq!(out.header("location"), "/signed-out");
    browser.actor().get("/api/v1/me").await.problem(401, "unauthenticated");
    let kept = admin.get(&format!("/api/v1/agreements/{second}/acceptances?answer=declined")).await.is(200);
    assert_eq!(kept.items().len(), 1);
    answers_once(&other, &first, &second).await;
    // Without a text nobody is asked.
    admin.post(&format!("/api/v1/agreements/{second}/retire"), json!({})).await.is(200);
    let mut browser = Browser::new(&app);
    browser.sign_in(&newcomer.name, "a long enough phrase").await;
    browser.actor().get("/api/v1/me").await.is(200);
    assert_eq!(browser.open("/agreement").await.is(303).header("location"), "/");
}

/// A18
#[tokio::test]
async fn whoever_is_asked_to_agree_reads_the_text_although_the_api_has_become_private() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    story.requested().await;
    let asked = format!("/api/v1/agreements/{}", text(&story, "New terms", "active").await);
    let draft = format!("/api/v1/agreements/{}", text(&story, "Next terms", "uploaded").await);
    let hidden = json!({"visibility": "private"});
    story.provider.patch(&format!("/api/v1/apis/{}", story.api), hidden).await.is(200);
    assert!(story.consumer.get(&asked).await.is(200).str("text").contains("Be kind."));
    story.consumer.get(&draft).await.problem(404, "not-found");
    app.person("stranger").await.get(&asked).await.problem(404, "not-found");
    app.nobody().get(&asked).await.problem(401, "unauthenticated");
}
