//! Who may do what: every operation by every role, as a table that is committed.

use crate::world::{Operation, World};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use testkit::Actor;

/// The roles, in the order of the columns.
pub const ROLES: [&str; 12] = [
    "nobody",
    "stranger",
    "app_reader",
    "app_dev",
    "app_owner",
    "org_reader",
    "org_owner",
    "api_admin",
    "biz_admin",
    "designer",
    "site_admin",
    "other_org",
];

/// Somebody in this role towards the resources of the world. The organization is the provider's, the app the consumer's.
pub async fn somebody(world: &World, role: &str) -> Actor {
    let story = &world.story;
    if let Some(known) = match role {
        "nobody" => Some(world.app.nobody()),
        "stranger" => Some(world.stranger.clone()),
        "app_owner" => Some(story.consumer.clone()),
        "site_admin" => Some(world.admin.clone()),
        _ => None,
    } {
        return known;
    }
    let person = world.app.person(&role.replace('_', "-")).await;
    let put = async |who: &Actor, path: String, body: Value| who.put(&path, body).await.is(200);
    let (app, api, own) = (&story.app, &story.api, &story.provider_organization);
    let team = |role: &str| (format!("/api/v1/apps/{app}/team/{}", person.id), json!({"role": role}));
    let member = |role: &str| (format!("/api/v1/organizations/{own}/members/{}", person.id), json!({"role": role}));
    let (who, (path, body)) = match role {
        "app_reader" => (&story.consumer, team("READ_ONLY")),
        "app_dev" => (&story.consumer, team("DEVELOPER")),
        "org_reader" => (&story.provider, member("READ_ONLY")),
        "org_owner" => (&story.provider, member("OWNER")),
        "api_admin" => (&story.provider, (format!("/api/v1/apis/{api}/administrators/{}", person.id), json!({}))),
        "biz_admin" => {
            (&world.admin, (format!("/api/v1/organizations/{own}/roles/business_admin/{}", person.id), json!({})))
        }
        "designer" => {
            (&world.admin, (format!("/api/v1/organizations/{own}/roles/api_designer/{}", person.id), json!({})))
        }
        _ => {
            // The OWNER of an organization that has nothing to do with any of it.
            person.post("/api/v1/organizations", json!({"name": "Elsewhere"})).await.is(201);
            return person;
        }
    };
    put(who, path, body).await;
    person
}

/// A version that nothing has: whoever may write meets it, and changes nothing.
pub const STALE: &str = "\"987654321\"";

async fn send(who: &Actor, operation: &Operation, path: &str, body: &Value) -> u16 {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let media = if operation.is_oauth() { "application/x-www-form-urlencoded" } else { "application/json" };
    let media = (!operation.reads()).then_some(media);
    who.send(operation.method.clone(), path, media, text.into()).await.status.as_u16()
}

/// What every operation answers to this role, in a world of its own: reading first, taking away last.
async fn column(role: &str) -> BTreeMap<String, u16> {
    let world = World::make().await;
    world.show("private").await;
    let who = somebody(&world, role).await.with("if-match", STALE);
    let mut operations = world.operations();
    let rank = |operation: &Operation| match operation.method {
        Method::GET => 0,
        Method::PATCH | Method::PUT => 1,
        Method::POST => 2,
        _ => 3,
    };
    operations.sort_by_key(|operation| (rank(operation), operation.id == "session_end", operation.id.clone()));
    let mut found = BTreeMap::new();
    for operation in &operations {
        let body = operation.body().map(|schema| world.sample(schema, "")).unwrap_or_default();
        let status = send(&who, operation, &world.path(operation), &body).await;
        found.insert(operation.id.clone(), status);
    }
    found
}

/// The word for a status: whether somebody gets in, and if not, why.
fn word(status: u16) -> String {
    match status {
        200..=299 => "yes".to_owned(),
        401 => "401".to_owned(),
        403 | 404 => status.to_string(),
        // The role was enough; the state, the version or the value was not.
        409 | 412 | 422 | 400 | 415 | 429 => format!("({status})"),
        other => other.to_string(),
    }
}

/// X06 X08
#[tokio::test]
async fn every_operation_lets_in_the_roles_of_the_committed_table_and_no_others() {
    let mut columns = Vec::new();
    for role in ROLES {
        columns.push(column(role).await);
    }
    let mut table = format!("{:36}", "operation");
    for role in ROLES {
        let _ = write!(table, "{role:11}");
    }
    for operation in columns[0].keys() {
        let _ = write!(table, "\n{operation:36}");
        for column in &columns {
            let _ = write!(table, "{:11}", word(column[operation]));
        }
    }
    let table: Vec<&str> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!("role_matrix", table.join("\n"));
}

/// X06
#[tokio::test]
async fn whoever_belongs_to_another_organization_is_as_far_from_ours_as_a_stranger() {
    let (stranger, other) = (column("stranger").await, column("other_org").await);
    // Whoever may create APIs anywhere may look at the profiles that they can be created under.
    let own = |id: &str| ["profile_get", "profile_list", "ceptor_profile_get", "ceptor_profile_list"].contains(&id);
    let differing: Vec<_> = stranger.iter().filter(|(id, status)| !own(id) && other[*id] != **status).collect();
    assert!(differing.is_empty(), "{differing:?}");
}

/// X08
#[tokio::test]
async fn a_stale_version_is_never_written() {
    let world = World::make().await;
    let before = world.head();
    let (provider, consumer) = (&world.story.provider, &world.story.consumer);
    for operation in world.operations().iter().filter(|o| matches!(o.method, Method::PATCH)) {
        let body = operation.body().map(|schema| world.sample(schema, "")).unwrap_or_default();
        let mut statuses = Vec::new();
        for who in [provider, consumer, &world.admin] {
            let who = who.with("if-match", STALE);
            statuses.push(send(&who, operation, &world.path(operation), &body).await);
        }
        assert!(!statuses.iter().any(|status| (200..300).contains(status)), "{}: {statuses:?}", operation.id);
    }
    assert_eq!(world.head(), before, "nothing was written");
}

/// The members that nobody may set by themselves, wherever a body takes others.
const FORBIDDEN: [&str; 14] = [
    "id",
    "version",
    "state",
    "status",
    "created_at",
    "requester",
    "site_admin",
    "owner",
    "approved_by",
    "suspended_by",
    "hash",
    "secret",
    "change",
    "actions",
];

/// X08
#[tokio::test]
async fn no_body_takes_a_member_that_is_not_the_callers_to_set() {
    let world = World::make().await;
    let before = world.head();
    for operation in world.operations().iter().filter(|o| o.body().is_some()) {
        let schema = world.resolve(operation.body().expect("it is there"));
        if schema["additionalProperties"] != false {
            continue;
        }
        for member in FORBIDDEN.into_iter().filter(|member| schema["properties"].get(*member).is_none()) {
            // Alone, so that nothing else can be what is refused.
            let mutant = json!({member: "x"});
            let reply = world
                .admin
                .send(
                    operation.method.clone(),
                    &world.path(operation),
                    Some("application/json"),
                    mutant.to_string().into(),
                )
                .await;
            let refused = reply.problem(422, "invalid");
            assert_eq!(refused["errors"][0]["pointer"], format!("/{member}"), "{}", operation.id);
            assert_eq!(refused["errors"][0]["code"], "unknown", "{}", operation.id);
        }
    }
    assert_eq!(world.head(), before, "nothing was written");
}
