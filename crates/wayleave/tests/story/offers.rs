//! What an answer offers is what succeeds, and what it does not offer is refused: for every object with `actions`, every
//! role and every action.

use crate::matrix::{ROLES, STALE, somebody};
use crate::world::World;
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Actor, Reply};

/// Where each kind of object with actions is read. Members and teams are lists of such objects.
const OBJECTS: [&str; 11] = [
    "apps",
    "apis",
    "organizations",
    "plans",
    "limit_groups",
    "environments",
    "destinations",
    "versions",
    "clients",
    "credentials",
    "subscriptions",
];

/// The actions of an object, wherever its answer has them.
fn offered(answer: &Value) -> Vec<(String, bool, String)> {
    let own = [&answer["actions"], &answer["my"]["actions"], &answer["ties"]["actions"]];
    let list = own.into_iter().find_map(Value::as_array).cloned().unwrap_or_default();
    let text = |one: &Value, member: &str| one[member].as_str().unwrap_or("").to_owned();
    list.iter().map(|one| (text(one, "action"), one["allowed"] == true, text(one, "reason"))).collect()
}

/// The request behind an action: how, where, with what.
fn request(world: &World, plural: &str, id: &str, action: &str) -> Option<(Method, String, Value)> {
    let story = &world.story;
    let at = |rest: &str| format!("/api/v1/{plural}/{id}{rest}");
    let someone = &world.stranger.id;
    Some(match (plural, action) {
        ("apps", "request") | ("apis", "request") => {
            let rules = json!({"agreement": world.ids["agreements"], "answer": "accepted"});
            let body = json!({"apps": [story.app], "api": story.api, "environment": "sandbox", "plan": story.open_plan, "agreement": rules});
            (Method::POST, "/api/v1/subscriptions".to_owned(), body)
        }
        ("apps", "add_client") => (Method::POST, "/api/v1/clients".to_owned(), json!({"app": id, "name": "Another"})),
        ("apps", "team") => (Method::PUT, at(&format!("/team/{someone}")), json!({"role": "READ_ONLY"})),
        ("apis", "upload") => (Method::POST, at("/versions?name=v9"), testkit::petstore()),
        ("apis", "administer") => (Method::PUT, at(&format!("/administrators/{someone}")), Value::Null),
        ("apis", "decide") => {
            (Method::POST, format!("/api/v1/subscriptions/{}/approve", world.ids["subscriptions"]), json!({}))
        }
        ("organizations", "members") => (Method::PUT, at(&format!("/members/{someone}")), json!({"role": "READ_ONLY"})),
        ("organizations", "business_admins") => (Method::PUT, at(&format!("/business_admins/{someone}")), Value::Null),
        ("organizations", "trail") => (Method::GET, format!("/api/v1/trail?organization={id}"), Value::Null),
        ("organizations", "provide") => {
            (Method::POST, at("/destinations"), json!({"name": "another", "url": world.app.upstream.url()}))
        }
        ("organizations", "consume") => {
            (Method::POST, "/api/v1/apps".to_owned(), json!({"organization": id, "name": "Another"}))
        }
        ("clients", "add_secret") => (Method::POST, at("/credentials"), json!({"kind": "client_secret"})),
        ("clients", "add_key") => (Method::POST, at("/credentials"), json!({"kind": "api_key"})),
        ("versions", "publish") => {
            (Method::PUT, at("/publications/sandbox"), json!({"destination": story.destination}))
        }
        ("credentials", "rotate") => (Method::POST, at("/rotate"), json!({"old_ends": "1h"})),
        ("subscriptions", "revise") => (Method::POST, at("/revisions"), json!({"plan": story.open_plan})),
        ("subscriptions", "modify") => (Method::PATCH, at(""), json!({"plan": story.open_plan})),
        (_, "follow") => (Method::PUT, at("/follow"), Value::Null),
        (_, "unfollow") => (Method::DELETE, at("/follow"), Value::Null),
        (_, "edit") => (Method::PATCH, at(""), json!({})),
        (_, "delete") => (Method::DELETE, at(""), Value::Null),
        _ => {
            // What is left is an action by its own name, if there is such an operation.
            let path = at(&format!("/{action}"));
            let known = world.operations().into_iter().any(|o| o.matches(&Method::POST, &path));
            return known.then(|| (Method::POST, path, json!({})));
        }
    })
}

async fn send(who: &Actor, (method, path, body): &(Method, String, Value)) -> Reply {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let media = (*method != Method::GET).then_some("application/json");
    who.send(method.clone(), path, media, text.into()).await
}

/// Tries every action of one object as somebody; answers what did not go as it was offered, and which were tried.
async fn try_all(world: &World, role: &str, who: &Actor, plural: &str, tried: &mut BTreeSet<String>) -> Vec<String> {
    let (id, mut wrong, mut done) = (&world.ids[plural], Vec::new(), BTreeSet::new());
    let path = format!("/api/v1/{plural}/{id}");
    loop {
        // Read again each time: what was done may have changed what can be.
        let seen = who.get(&path).await;
        if seen.status.as_u16() != 200 {
            return wrong;
        }
        let next = offered(&seen.json).into_iter().find(|(action, ..)| !done.contains(action));
        let Some((action, allowed, reason)) = next else { return wrong };
        done.insert(action.clone());
        let Some(request) = request(world, plural, id, &action) else { continue };
        let edits = matches!(request.0, Method::PATCH | Method::DELETE);
        let before = world.head();
        let reply = if allowed && edits {
            send(&who.with("if-match", STALE), &request).await
        } else {
            send(who, &request).await
        };
        let status = reply.status.as_u16();
        let fits = match allowed {
            // That some app may ask does not say that this one has not asked yet.
            true => {
                let asked = action == "request" && reply["code"] == "exists";
                // Nor does an offer answer for its terms: an agreement that is active by now wants an answer.
                let terms = action == "revise" && reply["errors"][0]["pointer"] == "/agreement";
                (200..300).contains(&status) || (edits && status == 412) || asked || terms
            }
            false => matches!(status, 403 | 404 | 409 | 422) && world.head() == before,
        };
        if !fits {
            let text: String = reply.text().chars().take(200).collect();
            wrong.push(format!("{plural} {action} by {role}: allowed {allowed} {reason}, answered {status} {text}"));
        }
        tried.insert(format!("{plural} {action} {}", if allowed { "allowed" } else { "refused" }));
    }
}

/// A50 X08
#[tokio::test]
async fn what_is_offered_succeeds_and_what_is_greyed_is_refused_for_every_object_and_role() {
    let (mut wrong, mut tried) = (Vec::new(), BTreeSet::new());
    for role in ROLES {
        let world = World::make().await;
        let who = somebody(&world, role).await;
        for plural in OBJECTS {
            wrong.extend(try_all(&world, role, &who, plural, &mut tried).await);
        }
    }
    assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
    // Both answers were met, for most of them.
    for pair in
        ["apps edit", "apis edit", "clients disable", "plans edit", "organizations members", "subscriptions activate"]
    {
        for answer in ["allowed", "refused"] {
            assert!(tried.contains(&format!("{pair} {answer}")), "{pair} {answer} was not met: {tried:#?}");
        }
    }
}
