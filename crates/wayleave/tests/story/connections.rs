//! Connections: what ties something, from either end.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Actor, Reply, Story, TestApp};

/// The kind of a tie, its id, and from where whom it is seen by.
type Ties<'a> = [(&'a str, &'a str, [(&'a Actor, &'a str); 2]); 7];

fn find<'a>(list: &'a Reply, id: &str) -> Option<&'a Value> {
    list.items().iter().find(|it| it["id"] == id)
}

#[track_caller]
fn at<'a>(list: &'a Reply, id: &str) -> &'a Value {
    find(list, id).unwrap_or_else(|| panic!("`{id}` is not in {}", list.text()))
}

async fn of(who: &Actor, resource: &str) -> Reply {
    who.get(&format!("/api/v1/{resource}/connections")).await.is(200)
}

/// A01 A02 A57
#[tokio::test]
async fn every_kind_of_resource_lists_what_ties_it_under_one_id_at_both_ends() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let fan = app.person("fan").await;
    let (organization, consumer) = (&story.consumer_organization, &story.consumer.id);
    let access = story.subscribed().await;
    let group = json!({"organization": organization, "name": "Desk"});
    let group = story.consumer.post("/api/v1/groups", group).await.is(201).str("id");
    story.consumer.put(&format!("/api/v1/groups/{group}/members/{consumer}"), json!({})).await.is(200);
    fan.put(&format!("/api/v1/apis/{}/follow", story.api), json!({})).await.is(200);
    let path = format!("/api/v1/organizations/{organization}/manager");
    story.consumer.put(&path, json!({"organization": story.provider_organization})).await.is(200);

    let (provider, api, apps) = (&story.provider, format!("apis/{}", story.api), format!("apps/{}", story.app));
    let (own, theirs) =
        (format!("organizations/{organization}"), format!("organizations/{}", story.provider_organization));
    let me = format!("users/{consumer}");
    let member = |of: &str| format!("mem_{consumer}_{of}");
    let follow = format!("fol_{}_{}", fan.id, story.api);
    let managed = format!("man_{}_{organization}", story.provider_organization);
    let ties: Ties<'_> = [
        ("access", &access, [(provider, &api), (&story.consumer, &apps)]),
        ("access", &access, [(&story.consumer, &format!("subscriptions/{access}")), (&story.consumer, "me")]),
        ("follow", &follow, [(provider, &api), (&fan, "me")]),
        ("membership", &member(&story.app), [(&story.consumer, &apps), (&story.consumer, &me)]),
        ("membership", &member(organization), [(&story.consumer, &own), (&story.consumer, "me")]),
        ("membership", &member(&group), [(&story.consumer, &format!("groups/{group}")), (&story.consumer, "me")]),
        ("management", &managed, [(provider, &theirs), (&story.consumer, &own)]),
    ];
    for (kind, id, ends) in ties {
        let mut seen = Vec::new();
        for (who, resource) in ends {
            let list = of(who, resource).await;
            let tie = at(&list, id);
            assert_eq!((&tie["type"], &tie["state"]), (&json!(kind), &json!("active")), "{resource}");
            for end in ["a", "b"] {
                let all = ["kind", "id", "name"].iter().all(|part| tie[end][*part].is_string());
                assert!(all, "{id} at {resource} names both ends: {tie}");
            }
            assert!(tie["actions"].as_array().is_some_and(|all| !all.is_empty()), "{tie}");
            seen.push((tie["a"].clone(), tie["b"].clone()));
        }
        assert_eq!(seen[0], seen[1], "{id}");
    }
    let administrator = format!("mem_{}_{}", story.provider.id, story.api);
    assert_eq!(
        at(&of(&story.consumer, &format!("subscriptions/{access}")).await, &administrator)["role"],
        "ADMINISTRATOR"
    );
}

/// A07 A08
#[tokio::test]
async fn a_pending_access_is_in_the_administrators_list_and_in_the_requesters_own() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let id = story.requested().await;
    let sandbox = story.request("sandbox", &story.open_plan).await.is(201)["items"][0]["id"].clone();
    let api = format!("/api/v1/apis/{}/connections", story.api);
    let pending = story.provider.get(&format!("{api}?state=pending")).await.is(200);
    assert_eq!(at(&pending, &id)["status"], "Access Requested");
    assert_eq!(pending.items().len(), 1, "{}", pending.text());
    let approve = at(&pending, &id)["actions"].as_array().unwrap().iter().find(|it| it["action"] == "approve").unwrap();
    assert_eq!(approve["allowed"], true);
    let mine = story.consumer.get("/api/v1/me/connections?state=requested").await.is(200);
    assert_eq!(at(&mine, &id)["requester"]["id"], story.consumer.id);
    let there = story.consumer.get("/api/v1/me/connections?environment=sandbox").await.is(200);
    assert_eq!(there.items().iter().map(|it| &it["id"]).collect::<Vec<_>>(), [&sandbox]);
    for bad in ["state=cancelled", "type=marriage", "kind=widget", "environment=moon", "after=x", "limit=0&state="] {
        let reply = story.provider.get(&format!("{api}?{bad}")).await;
        assert_eq!(reply.status.as_u16(), 422, "{bad}: {}", reply.text());
    }
}

/// A01
#[tokio::test]
async fn lists_page_without_gap_or_repetition_over_all_types() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let consumer = &story.consumer;
    story.subscribed().await;
    for n in 0..5 {
        let body = json!({"organization": story.consumer_organization, "name": format!("App {n}")});
        let made = consumer.post("/api/v1/apps", body).await.is(201).str("id");
        if n % 2 == 0 {
            for environment in ["sandbox", "production"] {
                let request =
                    json!({"apps": [made], "api": story.api, "environment": environment, "plan": story.open_plan});
                consumer.post("/api/v1/subscriptions", request).await.is(201);
            }
        }
        let fan = app.person("fan").await;
        fan.put(&format!("/api/v1/apis/{}/follow", story.api), json!({})).await.is(200);
    }
    consumer.put(&format!("/api/v1/apis/{}/follow", story.api), json!({})).await.is(200);
    // One follow, an organization and six apps, seven accesses; six follows, an administrator, seven accesses.
    for (who, path, expected) in [
        (consumer, "/api/v1/me/connections".to_owned(), 1 + 1 + 6 + 7),
        (&story.provider, format!("/api/v1/apis/{}/connections", story.api), 6 + 1 + 7),
    ] {
        for limit in [1, 2, 3, 50] {
            let (mut seen, mut after, mut pages) = (Vec::new(), String::new(), 0);
            loop {
                let page = who.get(&format!("{path}?limit={limit}{after}")).await.is(200);
                assert!(page.items().len() <= limit, "{}", page.text());
                seen.extend(page.items().iter().map(|it| it["id"].as_str().unwrap().to_owned()));
                pages += 1;
                match page["next"].as_str() {
                    Some(next) if pages < 100 => after = format!("&after={next}"),
                    _ => break,
                }
            }
            let distinct: BTreeSet<_> = seen.iter().collect();
            assert_eq!((seen.len(), distinct.len()), (expected, expected), "{path} by {limit}: {seen:#?}");
        }
    }
}

/// A57
#[tokio::test]
async fn of_other_people_one_learns_only_what_one_sees_anyway() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (colleague, stranger) = (app.person("colleague").await, app.person("stranger").await);
    let access = story.subscribed().await;
    let path = format!("/api/v1/organizations/{}/members/{}", story.consumer_organization, colleague.id);
    story.consumer.put(&path, json!({"role": "READ_ONLY"})).await.is(200);
    story.consumer.put(&format!("/api/v1/apis/{}/follow", story.api), json!({})).await.is(200);
    let them = format!("users/{}", story.consumer.id);
    let all = of(&app.admin().await, &them).await;
    assert_eq!(all.items().len(), 4, "{}", all.text());
    let seen = of(&colleague, &them).await;
    let types: Vec<_> = seen.items().iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["membership", "membership", "access"], "{}", seen.text());
    assert!(find(&seen, &access).is_some());
    assert!(of(&stranger, &them).await.items().is_empty());
    stranger.get("/api/v1/users/usr_01j9z0000000000000000000zz/connections").await.problem(404, "not-found");
    // Nobody ends what is not theirs: the offers say so.
    assert!(seen.items().iter().filter(|it| it["type"] == "membership").all(|it| it["actions"][0]["allowed"] == false));
    let own = of(&story.consumer, "me").await;
    assert!(own.items().iter().filter(|it| it["type"] != "access").all(|it| it["actions"][0]["allowed"] == true));
}

/// A23 A25
#[tokio::test]
async fn organizations_are_followed_and_administrators_remove_followers() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (reader, stranger) = (app.person("reader").await, app.person("stranger").await);
    let own = format!("/api/v1/organizations/{}", story.consumer_organization);
    story.consumer.put(&format!("{own}/members/{}", reader.id), json!({"role": "READ_ONLY"})).await.is(200);
    stranger.put(&format!("{own}/follow"), json!({})).await.problem(404, "not-found");
    reader.put(&format!("{own}/follow"), json!({})).await.is(200);
    story.consumer.patch(&own, json!({"description": "News"})).await.is(200);
    let invited = json!({"email": "somebody@example.com", "role": "READ_ONLY"});
    story.consumer.post(&format!("{own}/invitations"), invited).await.is(201);
    let heard = async |verb: &str| {
        let path = format!("/api/v1/me/dashboard?verb={verb}");
        reader.get(&path).await.is(200).items().len()
    };
    assert_eq!((heard("organization.edited").await, heard("organization.invited").await), (1, 0));
    assert!(!reader.get(&format!("{own}/board")).await.is(200).text().contains("organization.invited"));
    assert!(story.consumer.get(&format!("{own}/board")).await.is(200).text().contains("organization.invited"));
    let removal = format!("{own}/followers/{}", reader.id);
    stranger.delete(&removal).await.problem(404, "not-found");
    story.consumer.delete(&removal).await.is(200);
    assert!(story.consumer.get(&format!("{own}/followers")).await.is(200).items().is_empty());
    assert_eq!(heard("organization.edited").await, 0);
}
