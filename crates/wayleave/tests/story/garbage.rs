//! Garbage, for every operation and every member of every body, built from the interface's own description of itself.

use crate::world::{Operation, World};
use serde_json::{Value, json};
use testkit::{Actor, Reply};

/// What stands in no path.
const NOT_IDS: [&str; 6] = ["x", "%00", "..%2f..%2fetc", "'%20OR%201=1--", "%ff", "app_00000000000000000000000000"];

/// Wrong in one way or another wherever they stand.
fn wrong_values() -> Vec<Value> {
    vec![
        json!(null),
        json!(-1),
        json!(1.5),
        json!(i64::MAX),
        json!(true),
        json!([]),
        json!([null]),
        json!({}),
        json!({"x": {"y": []}}),
        json!(""),
        json!("'; DROP TABLE users; --"),
        json!("a\u{0}b"),
        json!("\u{feff}\u{202e}\u{10ffff}"),
        json!("x".repeat(50_000)),
    ]
}

/// Whatever it is, it is answered properly: no fault of ours, and refusals are problems.
#[track_caller]
fn proper(operation: &Operation, what: &str, reply: &Reply) {
    let shown = what.chars().take(200).collect::<String>();
    assert!(!reply.status.is_server_error(), "{}: {shown}: {} {}", operation.id, reply.status, reply.text());
    if reply.status.is_client_error() && !operation.is_oauth() {
        let whole = ["type", "title", "code", "detail", "request_id"].iter().all(|m| reply[*m].is_string());
        assert!(whole && reply["status"] == reply.status.as_u16(), "{}: {shown}: {}", operation.id, reply.text());
        assert_eq!(reply.header("content-type"), "application/problem+json", "{}", operation.id);
    }
}

/// Whoever is likely to get furthest with it.
fn whoever<'a>(world: &'a World, operation: &Operation) -> [&'a Actor; 2] {
    let consumers = ["app", "client", "credential", "subscription_request", "me", "token"];
    let consumer = consumers.iter().any(|noun| operation.id.starts_with(noun));
    [if consumer { &world.story.consumer } else { &world.story.provider }, &world.admin]
}

async fn send(who: &Actor, operation: &Operation, path: &str, media: &str, body: impl Into<bytes::Bytes>) -> Reply {
    who.send(operation.method.clone(), path, Some(media), body.into()).await
}

/// Every body that differs from this one in a single value.
fn mutants(body: &Value) -> Vec<Value> {
    let mut out = Vec::new();
    let mut each = |key: &str, inner: &Value| {
        for wrong in wrong_values().into_iter().chain(mutants(inner)) {
            let mut mutant = body.clone();
            match &mut mutant {
                Value::Array(items) => items[0] = wrong,
                object => object[key] = wrong,
            }
            out.push(mutant);
        }
    };
    match body {
        Value::Object(members) => members.iter().for_each(|(key, inner)| each(key, inner)),
        Value::Array(items) => items.iter().take(1).for_each(|inner| each("", inner)),
        _ => {}
    }
    out
}

#[tokio::test]
async fn bodies_of_wrong_values_are_refused_without_a_fault_of_ours() {
    let world = World::make().await;
    for operation in world.operations() {
        let Some(schema) = operation.body() else { continue };
        // A password takes long to hash, and a document is a text of its own kind.
        let (costly, document) = (operation.id.contains("password"), operation.id == "version_upload");
        let (path, body) = (world.path(&operation), world.sample(schema, ""));
        for mutant in mutants(&body).into_iter().chain(wrong_values()).filter(|_| !document) {
            for who in whoever(&world, &operation).into_iter().take(if costly { 1 } else { 2 }) {
                let reply = send(who, &operation, &path, "application/json", mutant.to_string()).await;
                proper(&operation, &mutant.to_string(), &reply);
            }
        }
    }
    let verified = world.admin.get("/api/v1/trail/verification").await.is(200);
    assert_eq!(verified["intact"], true, "{}", verified.text());
}

#[tokio::test]
async fn no_operation_takes_a_member_it_does_not_know_another_media_type_or_half_a_body() {
    let world = World::make().await;
    let before = world.head();
    for operation in world.operations().iter().filter(|o| o.body().is_some() && o.id != "version_upload") {
        let (path, who) = (world.path(operation), whoever(&world, operation)[0]);
        let schema = operation.body().unwrap();
        assert_eq!(world.resolve(schema)["additionalProperties"], false, "{} says so", operation.id);
        let mut body = world.sample(schema, "");
        let half = body.to_string();
        let half = half[..half.len() - 1].to_owned();
        send(who, operation, &path, "application/json", half).await.problem(400, "unreadable");
        send(who, operation, &path, "text/html", body.to_string()).await.problem(415, "media-type");
        body["site_admin"] = json!(true);
        let reply = send(who, operation, &path, "application/json", body.to_string()).await.problem(422, "invalid");
        assert_eq!(reply["errors"][0]["pointer"], "/site_admin", "{}: {}", operation.id, reply.text());
        let long = format!("{{\"x\": \"{}\"}}", "x".repeat(6 << 20));
        send(who, operation, &path, "application/json", long).await.problem(413, "too-large");
    }
    assert_eq!(world.head(), before, "nothing was written");
}

#[tokio::test]
async fn ids_of_nothing_and_of_something_else_are_not_found() {
    let world = World::make().await;
    let before = world.head();
    for operation in world.operations().iter().filter(|o| o.path.contains("{id}")) {
        let body = operation.body().map(|schema| world.sample(schema, "")).unwrap_or_default().to_string();
        for who in whoever(&world, operation) {
            let other_kind =
                if operation.path.starts_with("/api/v1/apps") { &world.story.api } else { &world.story.app };
            let unknown = |value: String| match value.char_indices().rev().nth(6) {
                Some((at, c)) => format!("{}{}{}", &value[..at], if c == 'a' { 'b' } else { 'a' }, &value[at + 1..]),
                None => value,
            };
            let mut paths = vec![
                world.path_with(operation, |place, value| if place == 0 { unknown(value) } else { value }),
                world.path_with(operation, |place, value| if place == 0 { other_kind.clone() } else { value }),
                world.path_with(operation, |place, value| if place == 0 { "x".repeat(5000) } else { value }),
            ];
            paths.extend(
                NOT_IDS.map(|bad| world.path_with(operation, |n, value| if n == 0 { bad.into() } else { value })),
            );
            for path in paths {
                let reply = send(who, operation, &path, "application/json", body.clone()).await;
                proper(operation, &path, &reply);
                // Environments go by name too, and a name with NUL in it is wrong rather than unknown.
                let status = reply.status.as_u16();
                let expected = match status {
                    404 => true,
                    422 => path.contains("%00"),
                    // Only a site administrator learns which there are not.
                    403 => {
                        operation.id.starts_with("environment_")
                            || ["user_act", "user_verify"].contains(&&*operation.id)
                    }
                    _ => false,
                };
                assert!(expected, "{} {path}: {status} {}", operation.id, reply.text());
            }
        }
    }
    assert_eq!(world.head(), before, "nothing was written");
}

#[tokio::test]
async fn second_parameters_of_paths_are_checked_too() {
    let world = World::make().await;
    let before = world.head();
    // A role is any word, so what is no id is a role.
    let several = |o: &&Operation| o.path.matches('{').count() > 1 && !o.path.contains("{role}");
    for operation in world.operations().iter().filter(several) {
        let body = operation.body().map(|schema| world.sample(schema, "")).unwrap_or_default().to_string();
        for bad in NOT_IDS.into_iter().chain([world.story.app.as_str(), &"x".repeat(5000)]) {
            let path = world.path_with(operation, |place, value| if place == 1 { bad.to_owned() } else { value });
            for who in whoever(&world, operation) {
                let reply = send(who, operation, &path, "application/json", body.clone()).await;
                proper(operation, &path, &reply);
                let status = reply.status.as_u16();
                assert!(matches!(status, 403 | 404 | 422), "{} {path}: {status} {}", operation.id, reply.text());
            }
        }
    }
    assert_eq!(world.head(), before, "nothing was written");
}

#[tokio::test]
async fn odd_parameters_are_answered_properly() {
    let world = World::make().await;
    let odd =
        ["", "x", "-1", "0", "%00", "%ff", "99999999999999999999", "'%20OR%201=1--", "true", "2026-13-45T99:99:99Z"];
    for operation in world.operations().iter().filter(|o| o.reads() && !o.is_oauth()) {
        let path = world.path(operation);
        let join = if path.contains('?') { '&' } else { '?' };
        for name in operation.parameters() {
            for value in odd.into_iter().chain([world.story.app.as_str(), &"y".repeat(5000)]) {
                for who in whoever(&world, operation) {
                    let reply = who.get(&format!("{path}{join}{name}={value}")).await;
                    proper(operation, &format!("{name}={value}"), &reply);
                }
            }
        }
    }
}
