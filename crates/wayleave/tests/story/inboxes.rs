//! Inboxes: to-dos among colleagues, alerts, what one has read, and who sees what.

use crate::requests::{allowed, find, item};
use serde_json::{Value, json};
use testkit::{Actor, Reply, Story, TestApp};

async fn inbox(who: &Actor, query: &str) -> Reply {
    who.get(&format!("/api/v1/tasks?{query}")).await.is(200)
}

/// Another administrator of the API.
async fn colleague(app: &TestApp, story: &Story) -> Actor {
    let colleague = app.person("colleague").await;
    let path = format!("/api/v1/apis/{}/administrators/{}", story.api, colleague.id);
    story.provider.put(&path, json!(null)).await.is(200);
    colleague
}

/// C59
#[tokio::test]
async fn a_colleague_writes_a_to_do_and_another_one_does_it() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let colleague = colleague(&app, &story).await;
    let body = json!({"api": story.api, "title": "Renew the certificate", "text": "It ends in <b>May</b>.",
                      "assignee": colleague.id});
    let made = story.provider.post("/api/v1/tasks", body).await.is(201);
    let id = made.str("id");
    assert_eq!(made.header("location"), format!("/api/v1/tasks/{id}"));
    let seen = item(&inbox(&colleague, "kind=todo&mine=true").await, &id).clone();
    assert_eq!((&seen["title"], &seen["author"]["id"]), (&json!("Renew the certificate"), &json!(story.provider.id)));
    assert_eq!((&seen["assignee"]["id"], &seen["inbox"]["kind"]), (&json!(colleague.id), &json!("api")));
    assert_eq!(seen["subscription"], Value::Null);
    // What looks like markup is words.
    assert!(seen["text_blocks"].to_string().contains("<b>May</b>"), "{seen}");
    assert_eq!(allowed(&seen), ["done", "edit"]);
    assert!(inbox(&story.provider, "mine=true").await.items().is_empty());

    let edited = colleague.patch(&format!("/api/v1/tasks/{id}"), json!({"assignee": null, "title": "Renew it"})).await;
    assert_eq!((&edited.is(200)["assignee"], &json!("Renew it")), (&Value::Null, &json!("Renew it")));
    app.clock.advance_seconds(60);
    let done = colleague.post(&format!("/api/v1/tasks/{id}/done"), json!({"comment": "It is renewed"})).await.is(200);
    assert_eq!((&done["state"], &done["decision"]["what"]), (&json!("done"), &json!("done")));
    assert_eq!(done["decision"]["comment"], "It is renewed");
    colleague.post(&format!("/api/v1/tasks/{id}/done"), json!({})).await.problem(409, "wrong-state");
    colleague.patch(&format!("/api/v1/tasks/{id}"), json!({"title": "X"})).await.problem(409, "wrong-state");
    assert!(find(&inbox(&story.provider, "").await, &id).is_none());
    assert!(find(&inbox(&story.provider, "state=done").await, &id).is_some());
    story.provider.post(&format!("/api/v1/tasks/{id}/reopen"), json!({})).await.is(200);
    assert!(find(&inbox(&story.provider, "").await, &id).is_some());
    app.settle().await;
    let notices = story.provider.get("/api/v1/me/notices").await.is(200);
    let told: Vec<&str> = notices.items().iter().filter_map(|n| n["verb"].as_str()).collect();
    assert!(told.contains(&"task.done") && !told.contains(&"task.created"), "{told:?}");
}

/// X06 X08
#[tokio::test]
async fn an_inbox_is_closed_to_everybody_else() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (stranger, admin) = (app.person("stranger").await, app.admin().await);
    let own = json!({"organization": story.provider_organization, "title": "For us"});
    let todo = story.provider.post("/api/v1/tasks", own.clone()).await.is(201).str("id");
    let task =
        story.provider.get(&format!("/api/v1/subscriptions/{}", story.requested().await)).await.is(200).str("task");
    for outsider in [&story.consumer, &stranger] {
        for id in [&todo, &task] {
            let path = format!("/api/v1/tasks/{id}");
            outsider.get(&path).await.problem(404, "not-found");
            outsider.patch(&path, json!({"title": "Mine"})).await.problem(404, "not-found");
            outsider.put(&format!("{path}/read"), json!({})).await.problem(404, "not-found");
            outsider.post(&format!("{path}/comments"), json!({"comment": "Hi"})).await.problem(404, "not-found");
            for action in ["done", "reopen"] {
                outsider.post(&format!("{path}/{action}"), json!({})).await.problem(404, "not-found");
            }
        }
        assert!(inbox(outsider, "").await.items().is_empty());
        let reply = outsider.post("/api/v1/tasks", own.clone()).await.problem(422, "invalid");
        assert_eq!(reply["errors"][0]["pointer"], "/organization");
        let foreign = json!({"api": story.api, "title": "Do it"});
        assert_eq!(
            outsider.post("/api/v1/tasks", foreign).await.problem(422, "invalid")["errors"][0]["pointer"],
            "/api"
        );
    }
    admin.get(&format!("/api/v1/tasks/{todo}")).await.is(200);
    // A request is decided where it was made, never by ticking it off.
    for action in ["done", "reopen"] {
        story.provider.post(&format!("/api/v1/tasks/{task}/{action}"), json!({})).await.problem(409, "wrong-state");
    }
    story.provider.patch(&format!("/api/v1/tasks/{task}"), json!({"title": "X"})).await.problem(409, "wrong-state");
    let both = json!({"api": story.api, "organization": story.provider_organization, "title": "Which?"});
    for bad in [
        both,
        json!({"title": "Whose?"}),
        json!({"api": story.api, "title": ""}),
        json!({"api": story.api, "title": "For a stranger", "assignee": stranger.id}),
        json!({"api": story.api, "title": "Done", "state": "done"}),
        json!({"api": story.api, "title": "An alert", "kind": "alert"}),
    ] {
        story.provider.post("/api/v1/tasks", bad).await.problem(422, "invalid");
    }
    assert_eq!(inbox(&story.provider, "kind=subscription_request").await.items().len(), 1);
    story.provider.get("/api/v1/tasks?kind=odd").await.problem(422, "invalid");
}

/// C63
#[tokio::test]
async fn each_reader_has_a_mark_of_their_own_and_what_happens_later_is_unread_again() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let colleague = colleague(&app, &story).await;
    let id = story.requested().await;
    let task = story.provider.get(&format!("/api/v1/subscriptions/{id}")).await.is(200).str("task");
    let path = format!("/api/v1/tasks/{task}");
    let unread = async |who: &Actor| who.get(&path).await.is(200)["unread"].clone();
    assert_eq!((unread(&story.provider).await, unread(&colleague).await), (json!(true), json!(true)));
    story.provider.put(&format!("{path}/read"), json!({})).await.is(200);
    assert_eq!((unread(&story.provider).await, unread(&colleague).await), (json!(false), json!(true)));
    app.clock.advance_seconds(1);
    colleague.post(&format!("{path}/comments"), json!({"comment": "Do we know them?"})).await.is(200);
    assert_eq!((unread(&story.provider).await, unread(&colleague).await), (json!(true), json!(false)));
    story.provider.put(&format!("{path}/read"), json!({})).await.is(200);
    assert_eq!(unread(&story.provider).await, json!(false));
    story.provider.delete(&format!("{path}/read")).await.is(200);
    assert_eq!(unread(&story.provider).await, json!(true));
}

/// C64
#[tokio::test]
async fn what_is_done_stays_in_the_history_newest_first_page_by_page() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let mut made = Vec::new();
    for n in 0..5 {
        app.clock.advance_seconds(1);
        let body = json!({"api": story.api, "title": format!("To do {n}")});
        made.push(story.provider.post("/api/v1/tasks", body).await.is(201).str("id"));
    }
    let first = inbox(&story.provider, "limit=2").await;
    let ids = |reply: &Reply| -> Vec<String> {
        reply.items().iter().filter_map(|t| t["id"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(ids(&first), made[..2]);
    assert_eq!(ids(&inbox(&story.provider, &format!("limit=2&after={}", first.str("next"))).await), made[2..4]);
    for id in &made {
        story.provider.post(&format!("/api/v1/tasks/{id}/done"), json!({})).await.is(200);
    }
    made.reverse();
    let first = inbox(&story.provider, "state=done&limit=2").await;
    assert_eq!(ids(&first), made[..2]);
    let second = inbox(&story.provider, &format!("state=done&limit=2&after={}", first.str("next"))).await;
    assert_eq!(ids(&second), made[2..4]);
    assert_eq!(ids(&inbox(&story.provider, &format!("state=done&after={}", second.str("next"))).await), made[4..]);
    // An API that is deleted takes what was open along.
    let body = json!({"api": story.api, "title": "Too late"});
    let open = story.provider.post("/api/v1/tasks", body).await.is(201).str("id");
    story.provider.delete(&format!("/api/v1/apis/{}", story.api)).await.is(200);
    assert!(inbox(&story.provider, "").await.items().is_empty());
    story.provider.get(&format!("/api/v1/tasks/{open}")).await.problem(404, "not-found");
}
